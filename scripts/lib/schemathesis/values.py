"""Puts real things into generated requests, so that they get further than a 404.

Only what was generated as valid is replaced, part by part, and not always: unknown ids and names
are to be asked for too. What was made wrong on purpose stays wrong.
"""

import datetime
import re

from world import SPARE_SITE

# How often a generated value gives way to a real one.
OFTEN = 0.85


class Values:
    """Real values for one role, chosen by the caller's random numbers."""

    def __init__(self, world, client):
        self.world, self.client = world, client
        self.entries = [tuple(entry) for entry in world["entries"]]
        self.own = [entry for entry in self.entries if entry[0] == world["site"]]
        self.made = []
        self.links = list(world["links"])
        self.previews, self.preview_ids = [], []

    # Paths

    def path(self, rng, case, operation):
        """Real path parameters for the operation, or None to leave what was generated."""
        names = set(case.path_parameters)
        fill = getattr(self, f"_path_{operation}", None)
        if fill is not None:
            return fill(rng)
        if "/editorial/sites/" in case.path:
            return self._editorial(rng, names, operation)
        if "/admin/sites/" in case.path:
            return self._admin_site(rng, names)
        if "/admin/units/" in case.path:
            return {"id": rng.choice(self.world["units"])}
        if "/admin/users/" in case.path:
            writes = case.method.upper() != "GET"
            return {"id": rng.choice(self.world["spare_users" if writes else "users"])}
        if "{slug}" in case.path:
            return self._slug(rng, "article" if "/articles/" in case.path else "page")
        if names == {"site"}:
            return {"site": rng.choice(self.world["sites"])}
        return None

    def _slug(self, rng, kind):
        items = [item for item in self.world["published"] if item["type"] == kind]
        item = rng.choice(items)
        return {"site": item["site"], "slug": item["slug"]}

    def _path_get_published_entry(self, rng):
        item = rng.choice(self.world["published"])
        return {"site": item["site"], "id": item["id"]}

    def _path_get_unit(self, rng):
        return {"code": rng.choice(self.world["unit_codes"])}

    def _path_get_problem(self, rng):
        return {"code": rng.choice(["not_found", "forbidden", "internal", "cursor_invalid"])}

    def _path_replace_unit(self, rng):
        return {"id": rng.choice(self.world["spare_units"])}

    _path_create_succession = _path_replace_unit

    def _path_replace_site(self, _):
        return {"site": SPARE_SITE}

    def _path_delete_membership(self, rng):
        user, membership = rng.choice(self.world["memberships"])
        return {"id": user, "mid": membership}

    def _path_get_access_request(self, rng):
        return {"id": rng.choice(self.world["access_requests"])}

    def _path_confirm_access_request(self, rng):
        # Whoever refuses leaves these alone.
        return {"id": rng.choice(self.world["access_requests"][::2])}

    def _path_refuse_access_request(self, rng):
        return {"id": rng.choice(self.world["access_requests"][1::2])}

    def _path_see_notice(self, rng):
        notices = self.world["notices"].get(self.client.email)
        return {"id": rng.choice(notices)} if notices else None

    def _path_use_password_link(self, _):
        return {"token": self.links.pop()} if self.links else None

    def _path_get_preview(self, rng):
        return {"token": rng.choice(self.previews)} if self.previews else None

    def _path_delete_session(self, _):
        if self.client.email is None:
            return None
        # Another one than the run's own.
        self.client.sign_in()
        sessions = self.client.get("/api/v1/auth/sessions")["data"]
        others = [session["id"] for session in sessions if not session["current"]]
        return {"id": others[-1]} if others else None

    def _editorial(self, rng, names, operation):
        if names == {"site"}:
            return {"site": self._site(rng)}
        if operation == "revoke_preview_link" and self.preview_ids:
            site, entry, link = self.preview_ids.pop()
            return {"site": site, "id": entry, "link": link}
        site, entry, _ = self._entry(rng)
        chosen = {"site": site, "id": entry}
        for number in names & {"from", "to", "number"}:
            chosen[number] = rng.choice([1, 1, 2])
        return chosen

    def _admin_site(self, rng, names):
        site = self._site(rng)
        if "id" not in names:
            return {"site": site}
        sections = self.world["sections"][site]
        return {"site": site, "id": rng.choice(sections)[0]} if sections else None

    def _site(self, rng):
        return self.world["site"] if rng.random() < OFTEN else rng.choice(self.world["sites"])

    def _entry(self, rng):
        if self.made and rng.random() < 0.4:
            return rng.choice(self.made)
        return rng.choice(self.own if rng.random() < OFTEN else self.entries)

    # What can be done now

    def action(self, rng, parameters):
        """An action the caller is allowed just now, for the entry of a path."""
        path = f"/api/v1/editorial/sites/{parameters['site']}/entries/{parameters['id']}"
        answer = self.client.send("GET", path)
        if answer.status_code != 200:
            return None
        actions = answer.json()["data"]["available_actions"]
        allowed = [one["action"] for one in actions if one["allowed"]]
        return rng.choice(allowed) if allowed else None

    # Queries

    def query(self, rng, name):
        """A real value for a query parameter, or None to leave what was generated."""
        world = self.world
        if name == "filter[site]":
            return world["site"]
        if name == "filter[section]":
            return rng.choice(world["sections"][world["site"]])[1]
        if name in ("filter[author]", "filter[assignee]"):
            return rng.choice(world["users"])
        if name == "filter[code]" or name == "filter[unit_code]":
            return rng.choice(world["unit_codes"])
        if name == "filter[parent]":
            return rng.choice(world["units"])
        if name in ("host", "filter[host]"):
            return rng.choice(world["hosts"])
        if name == "path":
            return rng.choice(world["published"])["path"]
        if name == "filter[tag]":
            tags = [tag for item in world["published"] for tag in item["tags"]]
            return rng.choice(tags)
        if name == "locale":
            return rng.choice(["vi", "en"])
        return None

    # Bodies

    def body(self, rng, operation, body, path):
        """The body with real references; the generated one where there are none."""
        fill = getattr(self, f"_body_{operation}", None)
        return body if fill is None or not isinstance(body, dict) else fill(rng, dict(body), path)

    def _body_save_entry(self, rng, body, path):
        site = path.get("site")
        body["section"] = rng.choice(self._sections(site))[1]
        for person in body.get("byline") or []:
            if isinstance(person, dict) and person.get("user_id"):
                person["user_id"] = rng.choice(self.world["users"])
        if body.get("expire_at"):
            body["expire_at"] = ahead(rng)
        # Texts of any kind are refused for a sign in them more often than not.
        if rng.random() < 0.6:
            body |= {"title": f"Bài thử {rng.randint(1, 99)}", "summary": "Tóm tắt", "tags": ["thử"]}
            body |= {"byline": [{"name": "Người thử"}], "source": None, "change_note": None, "slug": None}
        return body

    def _sections(self, site):
        """Of the site, or else of one that has some."""
        return self.world["sections"].get(site) or self.world["sections"][self.world["site"]]

    def _body_create_entry(self, rng, body, path):
        body = self._body_save_entry(rng, body, path)
        body.pop("translation_of", None)
        if body.get("locale"):
            body["locale"] = rng.choice(["vi", "en"])
        return body

    def _body_act_on_entry(self, rng, body, _):
        if body.get("user_id"):
            body["user_id"] = rng.choice(self.world["users"])
        # Every action takes what some action needs, or says that it does not.
        return body

    def _body_create_section(self, rng, body, path):
        site = path.get("site")
        if body.get("parent"):
            body["parent"] = self._sections(site)[0][0]
        body["title"] = {"vi": next(iter(body["title"].values()), "") or "Mục thử"}
        if rng.random() < 0.6:
            number = rng.randint(1, 10_000)
            body |= {"slug": f"muc-{number}", "title": {"vi": f"Mục {number}"}, "parent": None, "rule": None}
            body |= {"opens_on": None, "closes_on": None}
        return body

    _body_replace_section = _body_create_section

    def _body_create_site(self, rng, body, _):
        body["unit"] = rng.choice(self.world["spare_units"])
        body["locales"], body["default_locale"] = ["vi"], "vi"
        body["title"] = {"vi": next(iter(body["title"].values()), "") or "Trang"}
        if rng.random() < 0.6:
            number = rng.randint(1, 10_000)
            body |= {"slug": f"trang-{number}", "hosts": [f"trang-{number}.example.vn"]}
            body |= {"title": {"vi": f"Trang {number}"}, "contact": {}}
        return body

    def _body_create_user(self, rng, body, _):
        if rng.random() < 0.6:
            number = rng.randint(1, 10_000)
            body |= {"email": f"nguoi-{number}@example.vn", "name": f"Người thử {number}"}
        return body

    _body_replace_user = _body_create_user

    def _body_replace_site(self, _, body, __):
        body["title"] = {"vi": next(iter(body["title"].values()), "") or "Trang"}
        if body.get("successor"):
            body["successor"] = self.world["site"]
        return body

    def _body_replace_settings(self, _, body, __):
        body["default_locale"] = "vi"
        body["locales"] = ["vi", "en"]
        return body

    def _body_create_unit(self, rng, body, _):
        if body.get("parent"):
            body["parent"] = rng.choice(self.world["units"])
        if rng.random() < 0.6:
            number = rng.randint(1, 10_000)
            body |= {"code": f"T{number}", "name": f"Xã thử {number}", "valid_to": None}
        return body

    _body_replace_unit = _body_create_unit

    def _body_create_succession(self, rng, body, _):
        body["successor"] = rng.choice(self.world["spare_units"])
        return body

    def _body_create_membership(self, rng, body, _):
        body["site"] = self.world["site"]
        body.pop("unit", None)
        body["sections"] = []
        return body

    def _body_refresh_tokens(self, _, body, __):
        if self.client.email is not None:
            body["refresh_token"] = self.client.sign_in()["refresh_token"]
        return body

    def _body_change_password(self, *_):
        # The same again, so that the account can be used again.
        return {"current_password": self.world["password"], "new_password": self.world["password"]}

    def _body_use_password_link(self, *_):
        return {"password": self.world["password"]}

    def _body_login(self, _, body, __):
        if self.client.email is not None:
            body = {"email": self.client.email, "password": self.client.password}
        return body

    # Answers

    def learn(self, operation, path, answer):
        """Keeps what an answer says was made, for requests to come."""
        if answer.status_code != 201:
            return
        data = answer.json().get("data") or {}
        if operation == "create_entry":
            self.made = [*self.made[-19:], (data["site"], data["id"], data["type"])]
        elif operation == "create_preview_link" and data.get("token"):
            self.previews = [*self.previews[-9:], data["token"]]
            self.preview_ids.append((path["site"], path["id"], data["link"]["id"]))


def ahead(rng):
    """Some time in the next days."""
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=rng.randint(1, 200))
    return re.sub(r"\.\d+", "", moment.isoformat()).replace("+00:00", "Z")
