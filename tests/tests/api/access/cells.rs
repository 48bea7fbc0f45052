//! What a table of rights is made of: rows, columns, and a stage where each cell is tried.

use std::cell::Cell;

use loa_app::admin::NewMembership;
use loa_domain::access::{Notice, NoticeKind};
use loa_domain::people::Role;
use loa_store::{Written, notices};
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, Ledger, Request, TestApp};
use serde_json::{Value, json};

use crate::desk::{Office, Seen, article, saving};

/// The columns. Everything happens at `hai-tien`; strangers have their roles at `giao-thuy`.
pub(crate) const CALLERS: [&str; 9] = [
    "contributor",
    "editor",
    "chief",
    "publisher",
    "admin",
    "auditor",
    "platform",
    "stranger",
    "stranger-admin",
];

/// One operation in one situation, and what each caller is answered.
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    /// Tells rows of the same operation apart.
    pub(crate) case: &'static str,
    pub(crate) expected: [u16; 9],
    /// Prepares the situation for a caller and says what they send.
    pub(crate) call: fn(&Stage, &str) -> Call,
}

pub(crate) const fn row(
    operation: &'static str,
    case: &'static str,
    expected: [u16; 9],
    call: fn(&Stage, &str) -> Call,
) -> Row {
    Row {
        operation,
        case,
        expected,
        call,
    }
}

impl Row {
    /// A caller who is let through, if any is.
    pub(crate) fn welcome(&self) -> Option<&'static str> {
        let mut callers = CALLERS.iter().zip(self.expected);
        callers
            .find(|(_, status)| *status < 300)
            .map(|(who, _)| *who)
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) if_match: Option<String>,
    pub(crate) body: Option<Value>,
    /// A session of its own, for what ends it.
    pub(crate) token: Option<String>,
}

pub(crate) fn get(path: impl AsRef<str>) -> Call {
    Call::new("GET", path.as_ref())
}

pub(crate) fn delete(path: impl AsRef<str>) -> Call {
    Call::new("DELETE", path.as_ref())
}

pub(crate) fn post(path: impl AsRef<str>) -> Call {
    Call::new("POST", path.as_ref())
}

pub(crate) fn put(path: impl AsRef<str>, etag: &str) -> Call {
    Call::new("PUT", path.as_ref()).seen(etag)
}

impl Call {
    fn new(method: &'static str, path: &str) -> Self {
        let path = if path.starts_with("/api/") {
            path.to_owned()
        } else {
            format!("/api/v1{path}")
        };
        Self {
            method,
            path,
            if_match: None,
            body: None,
            token: None,
        }
    }

    /// To a path outside the base.
    pub(crate) fn raw(method: &'static str, path: String) -> Self {
        Self::new(method, "").at(path)
    }

    pub(crate) fn seen(mut self, etag: &str) -> Self {
        self.if_match = Some(etag.to_owned());
        self
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn session(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// The same to another path.
    pub(crate) fn at(&self, path: String) -> Self {
        Self {
            path,
            ..self.clone()
        }
    }

    pub(crate) fn request<'a>(&self, app: &'a TestApp, token: Option<&str>) -> Request<'a> {
        let mut request = app.request(self.method, &self.path);
        if let Some(token) = token {
            request = request.bearer(token);
        }
        if let Some(etag) = &self.if_match {
            request = request.if_match(etag);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        request
    }

    #[track_caller]
    pub(crate) fn send(&self, app: &TestApp, token: Option<&str>) -> Answer {
        self.request(app, token).send()
    }
}

/// A person made for a cell: a contributor of `hai-tien`.
pub(crate) struct Person {
    pub(crate) path: String,
    pub(crate) etag: String,
    pub(crate) membership: String,
}

/// The office, and what rows need made.
pub(crate) struct Stage {
    pub(crate) office: Office,
    pub(crate) ledger: std::cell::RefCell<Ledger>,
    made: Cell<u32>,
}

impl Stage {
    /// None when the test has to be left out because there is no PostgreSQL.
    pub(crate) fn open(backend: Backend) -> Option<Self> {
        let office = Office::open(backend)?;
        let ledger = Ledger::of(office.app.database()).into();
        Some(Self {
            office,
            ledger,
            made: Cell::new(0),
        })
    }

    pub(crate) fn tally(&self) -> loa_testkit::Tally {
        self.ledger.borrow_mut().tally()
    }

    /// Sends a call as somebody.
    #[track_caller]
    pub(crate) fn send(&self, who: &str, call: &Call) -> Answer {
        let token = call.token.clone().unwrap_or_else(|| self.office.token(who));
        call.send(&self.office.app, Some(&token))
    }

    /// A number that was not given before.
    pub(crate) fn next(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    pub(crate) fn article(&self) -> Value {
        article(&format!("Bài số {}", self.next()))
    }

    pub(crate) fn saving(&self) -> Value {
        saving(&format!("Bài sửa số {}", self.next()))
    }

    /// A contributor's draft.
    pub(crate) fn draft(&self) -> Seen {
        let made = self.office.create("contributor", &self.article());
        Seen::of(&made.expect_status(201))
    }

    /// The same with a second revision.
    pub(crate) fn revised(&self) -> Seen {
        let draft = self.draft();
        self.office.save("contributor", &draft, &self.saving())
    }

    pub(crate) fn in_review(&self) -> Seen {
        let draft = self.draft();
        self.office.act("contributor", &draft, "submit", &json!({}))
    }

    pub(crate) fn in_approval(&self) -> Seen {
        let seen = self.in_review();
        self.office.act("editor", &seen, "pass", &json!({}))
    }

    pub(crate) fn approved(&self) -> Seen {
        let seen = self.in_approval();
        self.office
            .act("second-chief", &seen, "approve", &json!({}))
    }

    pub(crate) fn scheduled(&self) -> Seen {
        let seen = self.approved();
        let body = json!({"publish_at": "2026-12-01T00:00:00Z"});
        self.office.act("publisher", &seen, "schedule", &body)
    }

    pub(crate) fn published(&self) -> Seen {
        let seen = self.approved();
        self.office.act("publisher", &seen, "publish", &json!({}))
    }

    pub(crate) fn forced(&self) -> Seen {
        let seen = self.draft();
        let body = json!({"reason": "Bão số 5"});
        self.office
            .act("second-chief", &seen, "force_publish", &body)
    }

    /// An action on what was seen.
    pub(crate) fn act(seen: &Seen, action: &str, body: Value) -> Call {
        post(format!("{}/actions/{action}", seen.path()))
            .seen(&seen.etag)
            .body(body)
    }

    /// Path of a fresh preview link, made by the editor.
    pub(crate) fn preview_link(&self) -> String {
        let path = format!("{}/preview-links", self.draft().path());
        let made = self.send("editor", &post(&path).body(json!({})));
        let made = made.expect_status(201).data();
        format!("{path}/{}", made["link"]["id"].as_str().expect("an id"))
    }

    pub(crate) fn person(&self) -> Person {
        let n = self.next();
        let body =
            json!({"email": format!("moi{n}@loa.example.vn"), "name": format!("Người mới {n}")});
        let made = self.send("platform", &post("/admin/users").body(body));
        let path = made
            .expect_status(201)
            .header("location")
            .expect("a place")
            .to_owned();
        let body = json!({"role": "contributor", "site": "hai-tien"});
        let given = self.send("platform", &post(format!("{path}/memberships")).body(body));
        let place = given
            .expect_status(201)
            .header("location")
            .expect("a place")
            .to_owned();
        let etag = self.send("platform", &get(&path)).etag().to_owned();
        Person {
            path,
            etag,
            membership: place,
        }
    }

    /// A person who is to be a chief editor, as somebody asked for it; gives the path of the request.
    pub(crate) fn asked(&self, who: &str) -> String {
        let body = json!({"role": "chief_editor", "site": "hai-tien"});
        let asked = self.send(who, &post(self.person().path + "/memberships").body(body));
        let asked = asked.expect_status(202);
        asked.header("location").expect("a place").to_owned()
    }

    /// Lets the platform's administrator confirm what waits; gives what was confirmed.
    #[track_caller]
    pub(crate) fn confirm(&self, asked: &Answer) -> Value {
        let place = asked.header("location").expect("a place").to_owned();
        let confirmed = self.send("platform", &post(place + "/confirm"));
        confirmed.expect_status(200).data()
    }

    /// Token of a new link for somebody's password: two administrators made it, where it takes two.
    #[track_caller]
    pub(crate) fn password_link(&self, person: &str) -> String {
        let asked = self.send("admin", &post(format!("{person}/password-link")));
        let link = if asked.status == 202 {
            self.confirm(&asked)["password_link"].clone()
        } else {
            asked.expect_status(200).data()
        };
        link["token"].as_str().expect("a token").to_owned()
    }

    /// A person with a role that takes two administrators.
    pub(crate) fn chief(&self) -> Person {
        let person = self.person();
        let email = self.look(&person.path).0["email"].clone();
        let role = NewMembership {
            role: Role::ChiefEditor,
            site: Some("hai-tien".to_owned()),
            unit: None,
            sections: Vec::new(),
        };
        let admin = self.office.app.app.admin();
        let email = email.as_str().expect("an address");
        admin
            .system_create_membership(email, &role)
            .expect("a role");
        person
    }

    /// Something that somebody has not been told yet.
    pub(crate) fn notice(&self, who: &str) -> String {
        let (app, now) = (&self.office.app.app, self.office.app.app.now());
        let notice = Notice {
            id: loa_app::fresh_id(now),
            user: self.office.world.people[who],
            kind: NoticeKind::PasswordLink,
            by: None,
            confirmed_by: None,
            role: None,
            place: None,
            at: now,
        };
        let written = app.store().write(now, |tx| {
            notices::insert(tx, &notice).map(|()| Written::quiet(()))
        });
        written.expect("a notice");
        format!("/auth/notices/{}/seen", notice.id)
    }

    /// What is at a path of administration, with its tag.
    pub(crate) fn look(&self, path: &str) -> (Value, String) {
        let answer = self.send("platform", &get(path)).expect_status(200);
        (answer.data(), answer.etag().to_owned())
    }

    pub(crate) fn section_path(&self) -> String {
        let id = self.office.world.sections["hai-tien/thong-bao"];
        format!("/admin/sites/hai-tien/sections/{id}")
    }

    pub(crate) fn section(&self) -> Value {
        let slug = format!("muc-{}", self.next());
        json!({"slug": slug, "title": {"vi": "Chuyên mục mới"}})
    }

    pub(crate) fn unit(&self) -> Value {
        json!({
            "code": format!("9{}", self.next()), "name": "Xã Mới", "kind": "commune",
            "parent": self.office.world.units["37"], "valid_from": "2026-01-01",
        })
    }

    /// Path of a unit made for the cell.
    pub(crate) fn unit_path(&self) -> String {
        let made = self.send("platform", &post("/admin/units").body(self.unit()));
        made.expect_status(201)
            .header("location")
            .expect("a place")
            .to_owned()
    }

    /// A session of its own.
    pub(crate) fn sign_in(&self, who: &str) -> String {
        world::token(&self.office.app, who)
    }

    /// Path of a fresh session of somebody's.
    pub(crate) fn session_path(&self, who: &str) -> String {
        let token = self.sign_in(who);
        let list = get("/auth/sessions").send(&self.office.app, Some(&token));
        let list = list.expect_status(200).data();
        let own = list.as_array().expect("a list").iter();
        let own = own.clone().find(|session| session["current"] == true);
        let id = own.expect("the session itself")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        format!("/auth/sessions/{id}")
    }

    pub(crate) fn new_password() -> Value {
        json!({"current_password": PASSWORD, "new_password": "mot mat khau khac hoan toan"})
    }
}
