//! What earlier releases left is read and worked with by this one.

mod answers;

use chrono::TimeDelta;
use loa_testkit::{Answer, Backend, Release, TestApp};
use serde_json::{Value, json};

use answers::Frozen;

/// Password of everybody in the demo province.
const PASSWORD: &str = "loa-demo-2026-mat-khau";

/// Runs a test on the database of every release, on both kinds, migrated.
fn each(test: impl Fn(&Release, Backend, &TestApp)) {
    for release in Release::all() {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            if let Some(app) = TestApp::frozen(backend, &release).start() {
                app.app.store().migrations().run().unwrap();
                test(&release, backend, &app);
            }
        }
    }
}

#[test]
fn readers_get_the_same_bytes() {
    each(|release, backend, app| {
        let frozen = Frozen::read(release, backend);
        assert!(frozen.answers.len() > 200, "{}", frozen.answers.len());
        for path in frozen.explained.keys() {
            let known = frozen.answers.iter().any(|own| own.path == *path);
            assert!(known, "{path} was never asked for");
        }
        let mut faults = Vec::new();
        for then in &frozen.answers {
            let now = answers::ask(app, &then.path);
            match frozen.explained.get(&then.path) {
                None if now != *then => faults.push(format!("{then:#?}\nis now {now:#?}")),
                Some(why) if now == *then => faults.push(format!("{}: not {why}", then.path)),
                _ => {}
            }
        }
        let count = faults.len();
        faults.truncate(3);
        assert!(
            faults.is_empty(),
            "{} {count}: {}",
            release.version,
            faults.join("\n")
        );
    });
}

#[test]
fn rendering_again_changes_nothing_but_what_is_explained() {
    each(|release, backend, app| {
        let frozen = Frozen::read(release, backend);
        let done = app.app.editorial().reproject(None, |_| ()).unwrap();
        assert_eq!(done.damaged, [], "{}", release.version);
        let of_sites = |path: &String| path.starts_with("/api/v1/sites/");
        if !frozen.explained.keys().any(of_sites) {
            assert_eq!(done.changed, 0, "{}", release.version);
        }
    });
}

#[test]
fn the_audit_chains_are_whole() {
    each(|release, _, app| {
        let key = app.app.secrets().audit_key();
        let verified = app
            .app
            .store()
            .read(|conn| loa_store::audit::system_verify(conn, &[key]));
        let count = verified.unwrap().unwrap();
        assert!(count > 100, "{}: {count}", release.version);
    });
}

/// The board of Hải Tiến.
struct Board<'a> {
    app: &'a TestApp,
    tokens: Vec<(&'static str, String)>,
}

impl<'a> Board<'a> {
    fn sign_in(app: &'a TestApp) -> Self {
        let tokens = ["duyen.mt", "lua.nt", "tuan.vd", "uoc.dk"].map(|name| {
            let email = format!("{name}@haitien.ninhbinh.example.vn");
            let body = json!({"email": email, "password": PASSWORD});
            let login = app.post("/api/v1/auth/login").json(&body).send();
            let data = login.expect_status(200).data();
            (name, data["access_token"].as_str().unwrap().to_owned())
        });
        Self {
            app,
            tokens: tokens.into(),
        }
    }

    fn token(&self, who: &str) -> &str {
        let found = self.tokens.iter().find(|(name, _)| *name == who);
        &found.unwrap().1
    }

    fn act(&self, who: &str, seen: &Answer, action: &str, body: &Value) -> Answer {
        let data = seen.data();
        let (site, id) = (data["site"].as_str().unwrap(), data["id"].as_str().unwrap());
        let path = format!("/api/v1/editorial/sites/{site}/entries/{id}/actions/{action}");
        let request = self.app.post(&path).bearer(self.token(who));
        let request = request.if_match(seen.etag()).json(body);
        request.send().expect_status(200)
    }
}

const ENTRIES: &str = "/api/v1/editorial/sites/hai-tien/entries";

#[test]
fn its_board_goes_on_working() {
    each(|_, _, app| {
        let board = Board::sign_in(app);
        let nothing = json!({});
        let list = format!("{ENTRIES}?filter[state]=published&page[size]=1");
        let found = app.get(&list).bearer(board.token("duyen.mt")).send();
        let id = found.expect_status(200).data()[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = format!("{ENTRIES}/{id}");
        let read = app.get(&path).bearer(board.token("duyen.mt")).send();
        let open = board.act("duyen.mt", &read.expect_status(200), "revise", &nothing);
        let data = open.data();
        let body = json!({"section": data["section"]["slug"], "title": "Một tên mới",
            "slug": data["slug"], "summary": data["summary"], "content": data["content"]});
        let save = app.put(&path).bearer(board.token("duyen.mt"));
        let seen = save.if_match(open.etag()).json(&body).send();
        let seen = board.act("duyen.mt", &seen.expect_status(200), "submit", &nothing);
        let seen = board.act("lua.nt", &seen, "pass", &nothing);
        let seen = board.act("tuan.vd", &seen, "approve", &nothing);
        let seen = board.act("uoc.dk", &seen, "publish", &nothing);
        assert_eq!(seen.data()["state"], "published");
        let path = format!("/api/v1/sites/hai-tien/entries/{id}");
        let delivered = app.get(&path).send().expect_status(200).data();
        assert_eq!(delivered["title"], "Một tên mới");
    });
}

#[test]
fn what_it_had_scheduled_is_published() {
    each(|_, _, app| {
        app.clock.advance(TimeDelta::days(30));
        assert_eq!(app.app.editorial().tick().unwrap().published, 1);
    });
}
