//! Hands for editorial tests: everybody signed in once, entries pushed along the workflow.

use std::cell::RefCell;
use std::collections::BTreeMap;

use loa_domain::actor::Actor;
use loa_store::memberships;
use loa_testkit::world::{self, World};
use loa_testkit::{Answer, Backend, TestApp};
use serde_json::{Value, json};

/// A server with the small province, and tokens as they are needed.
pub(crate) struct Office {
    pub(crate) app: TestApp,
    pub(crate) world: World,
    tokens: RefCell<BTreeMap<String, String>>,
}

/// An entry as somebody last saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) site: String,
    pub(crate) id: String,
    pub(crate) etag: String,
    pub(crate) data: Value,
}

/// Runs a test on both databases, where they are to be had.
pub(crate) fn on_each(test: impl Fn(&Office)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(office) = Office::open(backend) {
            test(&office);
        }
    }
}

impl Office {
    /// None when the test has to be left out because there is no PostgreSQL.
    pub(crate) fn open(backend: Backend) -> Option<Self> {
        let app = TestApp::start(backend)?;
        let world = world::build(&app);
        Some(Self {
            app,
            world,
            tokens: RefCell::default(),
        })
    }

    /// Somebody with all their memberships of today, as use cases know them.
    pub(crate) fn actor(&self, who: &str) -> Actor {
        let (app, user) = (&self.app.app, self.world.people[who]);
        let found = app
            .store()
            .read(|conn| memberships::system_actor(conn, user, app.now().day()));
        found.unwrap().unwrap()
    }

    pub(crate) fn token(&self, who: &str) -> String {
        if let Some(token) = self.tokens.borrow().get(who) {
            return token.clone();
        }
        let token = world::token(&self.app, who);
        self.tokens
            .borrow_mut()
            .insert(who.to_owned(), token.clone());
        token
    }

    /// Tokens live ten minutes; whoever moves the clock signs everybody in again.
    pub(crate) fn forget_tokens(&self) {
        self.tokens.borrow_mut().clear();
    }

    pub(crate) fn get(&self, who: &str, path: &str) -> Answer {
        self.app.get(path).bearer(&self.token(who)).send()
    }

    pub(crate) fn create(&self, who: &str, body: &Value) -> Answer {
        self.create_at(who, "hai-tien", body)
    }

    pub(crate) fn create_at(&self, who: &str, site: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/editorial/sites/{site}/entries");
        self.app
            .post(&path)
            .bearer(&self.token(who))
            .json(body)
            .send()
    }

    /// A new draft.
    pub(crate) fn draft(&self, who: &str, title: &str) -> Seen {
        Seen::of(&self.create(who, &article(title)).expect_status(201))
    }

    pub(crate) fn read(&self, who: &str, seen: &Seen) -> Seen {
        Seen::of(&self.get(who, &seen.path()).expect_status(200))
    }

    pub(crate) fn act_raw(&self, who: &str, seen: &Seen, action: &str, body: &Value) -> Answer {
        let path = format!("{}/actions/{action}", seen.path());
        self.app
            .post(&path)
            .bearer(&self.token(who))
            .if_match(&seen.etag)
            .json(body)
            .send()
    }

    pub(crate) fn act(&self, who: &str, seen: &Seen, action: &str, body: &Value) -> Seen {
        Seen::of(&self.act_raw(who, seen, action, body).expect_status(200))
    }

    pub(crate) fn save_raw(&self, who: &str, seen: &Seen, body: &Value) -> Answer {
        self.app
            .put(&seen.path())
            .bearer(&self.token(who))
            .if_match(&seen.etag)
            .json(body)
            .send()
    }

    pub(crate) fn save(&self, who: &str, seen: &Seen, body: &Value) -> Seen {
        Seen::of(&self.save_raw(who, seen, body).expect_status(200))
    }

    /// From draft to approved by the two-step policy.
    pub(crate) fn approve(&self, seen: &Seen) -> Seen {
        let seen = self.act("editor", seen, "submit", &json!({}));
        let seen = self.act("editor", &seen, "pass", &json!({}));
        self.act("chief", &seen, "approve", &json!({}))
    }

    /// From draft to published.
    pub(crate) fn publish(&self, seen: &Seen) -> Seen {
        let seen = self.approve(seen);
        self.act("publisher", &seen, "publish", &json!({}))
    }
}

impl Seen {
    pub(crate) fn of(answer: &Answer) -> Self {
        let data = answer.data();
        Self {
            site: data["site"].as_str().expect("a site").to_owned(),
            id: data["id"].as_str().expect("an id").to_owned(),
            etag: answer.etag().to_owned(),
            data,
        }
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/v1/editorial/sites/{}/entries/{}", self.site, self.id)
    }

    pub(crate) fn state(&self) -> &str {
        self.data["state"].as_str().expect("a state")
    }

    /// Actions the reader could do.
    pub(crate) fn allowed(&self) -> Vec<&str> {
        self.data["available_actions"]
            .as_array()
            .expect("actions")
            .iter()
            .filter(|action| action["allowed"] == true)
            .map(|action| action["action"].as_str().expect("an action"))
            .collect()
    }
}

/// A complete article.
pub(crate) fn article(title: &str) -> Value {
    json!({"type": "article", "section": "tin-tuc", "title": title, "content": body_of(title)})
}

/// The same as a save.
pub(crate) fn saving(title: &str) -> Value {
    json!({"section": "tin-tuc", "title": title, "content": body_of(title)})
}

fn body_of(title: &str) -> Value {
    json!({"lead": format!("Mở đầu: {title}"), "body": format!("<p>{title}, toàn văn.</p>")})
}
