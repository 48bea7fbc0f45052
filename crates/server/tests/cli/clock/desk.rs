//! Entries that are to be published or to end in their time, by the machine's clock.

use chrono::{NaiveDateTime, TimeDelta};
use loa_app::{Clock, SystemClock};
use loa_domain::time::Moment;
use loa_store::DatabaseUrl;
use loa_testkit::{Answer, Backend, Sql, TestApp, twins, world};
use serde_json::{Value, json};

use super::process::{Process, until};
use crate::loa::Place;

/// A database with the small province, and a place to run nodes in. The application of the test
/// prepares entries; it does no background work.
pub(super) struct Desk {
    pub(super) app: TestApp,
    pub(super) place: Place,
    pub(super) url: String,
}

pub(super) fn now() -> Moment {
    SystemClock.now()
}

fn id_of(seen: &Answer) -> String {
    let data = seen.data();
    data.get("id").and_then(Value::as_str).unwrap().to_owned()
}

impl Desk {
    pub(super) fn open(backend: Backend) -> Option<Self> {
        let app = TestApp::builder(backend).clock(now()).start()?;
        world::build(&app);
        let place = Place::new();
        assert_eq!(place.run(&["keys", "new", "--jwt-keys", "keys"]).code, 0);
        let url = match app.database().url() {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url,
        };
        Some(Self { app, place, url })
    }

    pub(super) fn node(&self, name: &str) -> Process {
        Process::start(&self.place, name, &self.url)
    }

    pub(super) fn sql(&self) -> Sql {
        self.app.database().sql()
    }

    fn act(&self, who: &str, seen: &Answer, action: &str, body: &Value) -> Answer {
        let id = id_of(seen);
        let path = format!("/api/v1/editorial/sites/hai-tien/entries/{id}/actions/{action}");
        let token = world::token(&self.app, who);
        let request = self.app.post(&path).bearer(&token).if_match(seen.etag());
        request.json(body).send().expect_status(200)
    }

    fn draft(&self, title: &str, expire_at: Option<Moment>) -> Answer {
        let token = world::token(&self.app, "contributor");
        let body = json!({"type": "article", "section": "tin-tuc", "title": title,
            "expire_at": expire_at, "content": {"lead": title, "body": "<p>Toàn văn.</p>"}});
        let entries = "/api/v1/editorial/sites/hai-tien/entries";
        let made = self.app.post(entries).bearer(&token).json(&body);
        made.send().expect_status(201)
    }

    /// Schedules an article for a time after that of the test's application; gives its id.
    pub(super) fn schedule(&self, title: &str, at: Moment) -> String {
        let nothing = json!({});
        let seen = self.draft(title, None);
        let seen = self.act("editor", &seen, "submit", &nothing);
        let seen = self.act("editor", &seen, "pass", &nothing);
        let seen = self.act("chief", &seen, "approve", &nothing);
        let seen = self.act("chief", &seen, "schedule", &json!({"publish_at": at}));
        id_of(&seen)
    }

    /// Publishes an article that is to end then.
    pub(super) fn publish_until(&self, title: &str, end: Moment) {
        let seen = self.draft(title, Some(end));
        self.act("chief", &seen, "force_publish", &json!({"reason": "Bão"}));
    }

    /// Schedules this many articles, in an hour.
    pub(super) fn schedule_many(&self, count: u32) {
        let first = self.schedule("Tin", self.app.clock.now().after(TimeDelta::hours(1)));
        twins::of_open(&mut self.sql(), &first, "tin", count - 1);
    }

    /// Makes everything scheduled due in a second; gives when.
    pub(super) fn make_due(&self) -> Moment {
        let at = now().after(TimeDelta::seconds(1));
        self.sql().execute(&format!(
            "UPDATE editions SET publish_at = '{}' WHERE state = 'scheduled'",
            at.naive()
        ));
        at
    }

    /// How many were published.
    pub(super) fn published(&self) -> usize {
        self.times("published_entries", "first_published_at").len()
    }

    /// Waits until so many were published, and gives when the last one was.
    pub(super) fn wait_for(&self, count: usize) -> Moment {
        until("everything is published", || self.published() == count);
        *self
            .times("published_entries", "first_published_at")
            .last()
            .unwrap()
    }

    /// The times in a column, in order.
    pub(super) fn times(&self, table: &str, column: &str) -> Vec<Moment> {
        let query = format!("SELECT CAST({column} AS TEXT) AS line FROM {table}");
        let lines = self.sql().lines(&query);
        lines
            .iter()
            .map(|text| {
                let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
                Moment::from_naive(at.unwrap())
            })
            .collect()
    }
}
