"""What there is in the seeded database, so that generated requests can be about real things.

Also makes what a run may use up: accounts, one-time links and a site that nobody works at.
"""

from client import Client

PASSWORD = "ba-con-trau-ben-bo-de-song"
SITE = "hai-tien"
ADMIN = "quantri@ninhbinh.example.vn"
CHIEF = "khai.lh@ninhbinh.example.vn"

# One person of each role, from the demo province.
ROLES = {
    "contributor": "duyen.mt@haitien.ninhbinh.example.vn",
    "editor": "lua.nt@haitien.ninhbinh.example.vn",
    "chief_editor": "tuan.vd@haitien.ninhbinh.example.vn",
    "publisher": "uoc.dk@haitien.ninhbinh.example.vn",
    "site_admin": "thien.lv@haitien.ninhbinh.example.vn",
    "auditor": "man.nt@haitien.ninhbinh.example.vn",
    "platform_admin": ADMIN,
    "anonymous": None,
}

# A run changes the password of the first kind again and again, and sets that of the second once each.
THROW_AWAY = 4
LINKS = 12
SPARE_SITE = "trang-thu"
CHIEF_EDITOR = ROLES["chief_editor"]
# What waits for a second administrator: a run confirms and refuses some of it.
REQUESTS = 24


def gather(base):
    """Everything the runs need to know, as plain data. Writes to the database: once is enough."""
    admin = Client(base, ADMIN, PASSWORD)
    chief = Client(base, CHIEF, PASSWORD)
    site_admin = Client(base, ROLES["site_admin"], PASSWORD)
    units = admin.all("/api/v1/admin/units")
    own = {site["unit"]["id"] for site in admin.all("/api/v1/admin/sites")}
    spare_units = [unit for unit in units if unit["id"] not in own and unit["kind"] != "province"]
    make_site(admin, spare_units.pop(0))
    sites = [site["slug"] for site in admin.all("/api/v1/admin/sites")]
    people = admin.all("/api/v1/admin/users")
    spare = [make_account(admin, number) for number in range(THROW_AWAY + LINKS)]
    return {
        "password": PASSWORD,
        "site": SITE,
        "spare_site": SPARE_SITE,
        "sites": sites,
        "hosts": [host for site in sites for host in hosts(admin, site)],
        "sections": {site: sections(admin, site) for site in sites},
        "units": [unit["id"] for unit in units],
        "unit_codes": sorted({unit["code"] for unit in units}),
        "spare_units": [unit["id"] for unit in spare_units],
        "users": [person["id"] for person in people],
        # Not those of the first kind: whoever is suspended cannot change a password.
        "spare_users": [account["id"] for account in spare[THROW_AWAY:]],
        "memberships": [[account["id"], account["membership"]] for account in spare[THROW_AWAY:]],
        "throw_away": [account["email"] for account in spare[:THROW_AWAY]],
        "links": [account["link"] for account in spare[THROW_AWAY:]],
        "notices": {email: notices(base, admin, people, email) for email in (ROLES["editor"], CHIEF_EDITOR)},
        "access_requests": [ask_for_role(site_admin, admin, number) for number in range(REQUESTS)],
        "entries": entries(chief),
        "published": [item for site in sites for item in published(admin, site)],
    }


def make_site(admin, unit):
    """A site that may be closed, moved and renamed."""
    title = {"vi": "Trang thử"}
    body = {"slug": SPARE_SITE, "unit": unit["id"], "title": title, "hosts": ["thu.example.vn"]}
    admin.post("/api/v1/admin/sites", body)


def make_account(admin, number):
    """An account that nothing depends on."""
    email = f"thu-{number}@example.vn"
    made = admin.post("/api/v1/admin/users", {"email": email, "name": f"Người thử {number}"})
    path = f"/api/v1/admin/users/{made['data']['id']}/memberships"
    membership = admin.post(path, {"role": "contributor", "site": SITE})["data"]["id"]
    link = made["password_link"]["token"]
    if number < THROW_AWAY:
        admin.post(f"/api/v1/auth/password-links/{link}", {"password": PASSWORD})
    return {"id": made["data"]["id"], "email": email, "membership": membership, "link": link}


def ask_for_role(site_admin, admin, number):
    """Something that the platform's administrator can confirm: a site's administrator asked for it."""
    email = f"cho-{number}@example.vn"
    made = admin.post("/api/v1/admin/users", {"email": email, "name": f"Người chờ {number}"})
    path = f"/api/v1/admin/users/{made['data']['id']}/memberships"
    admin.post(path, {"role": "contributor", "site": SITE})
    asked = site_admin.post(path, {"role": "publisher", "site": SITE})
    return asked["data"]["id"]


def notices(base, admin, people, email):
    """What somebody is told: that they have a role which adds nothing to what they hold."""
    person = next(person["id"] for person in people if person["email"] == email)
    admin.post(f"/api/v1/admin/users/{person}/memberships", {"role": "contributor", "site": SITE})
    told = Client(base, email, PASSWORD).get("/api/v1/auth/me")["data"]["notices"]
    return [notice["id"] for notice in told]


def hosts(admin, site):
    """The site's names in DNS."""
    return admin.get(f"/api/v1/admin/sites/{site}/settings")["data"]["hosts"]


def sections(admin, site):
    """Ids and slugs."""
    found = admin.get(f"/api/v1/admin/sites/{site}/sections")["data"]
    return [[section["id"], section["slug"]] for section in found]


def entries(chief):
    """Site, id and type of all that the province's chief editor sees."""
    found = chief.all("/api/v1/editorial/entries", sort="updated_at")
    return [[entry["site"], entry["id"], entry["type"]] for entry in found]


def published(client, site):
    """What readers see of a site, in both languages."""
    items = []
    if site == SPARE_SITE:
        return items
    for locale in ("vi", "en"):
        for card in client.all(f"/api/v1/sites/{site}/entries", locale=locale):
            kept = {name: card[name] for name in ("id", "type", "slug", "path", "locale")}
            items.append({"site": site, "tags": card["tags"], **kept})
    return items
