//! Commands on a database that is in use, on both databases.

use loa_testkit::{Backend, SECRET, TestApp, world};
use serde_json::json;

use crate::loa::{Place, Ran};
use crate::node::setting;

/// A running application, and the binary on the same database.
pub(crate) struct Shop {
    pub(crate) app: TestApp,
    pub(crate) place: Place,
    pub(crate) url: String,
}

impl Shop {
    fn loa(&self, arguments: &[&str]) -> Ran {
        let output = self
            .place
            .loa(arguments)
            .env("LOA_DATABASE_URL", &self.url)
            .env("LOA_SECRET", SECRET)
            .env("LOA_JWT_KEYS", "keys")
            .output();
        Ran::of(&output.unwrap())
    }

    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let ran = self.loa(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.out
    }

    #[track_caller]
    pub(crate) fn refused(&self, code: i32, said: &str, arguments: &[&str]) {
        let ran = self.loa(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(said), "{said}: {ran:?}");
    }

    /// Publishes an article in a hurry.
    fn publish(&self, site: &str, who: &str, title: &str) {
        let token = world::token(&self.app, who);
        let article = json!({"type": "article", "section": "tin-tuc", "title": title,
            "content": {"lead": title, "body": "<p>Toàn văn.</p>"}});
        let entries = format!("/api/v1/editorial/sites/{site}/entries");
        let made = self.app.post(&entries).bearer(&token).json(&article);
        let made = made.send().expect_status(201);
        let data = made.data();
        let id = data.get("id").and_then(|id| id.as_str()).unwrap();
        let path = format!("{entries}/{id}/actions/force_publish");
        let act = self.app.post(&path).bearer(&token).if_match(made.etag());
        act.json(&json!({"reason": "Bão"}))
            .send()
            .expect_status(200);
    }

    fn login(&self, email: &str, password: &str) -> u16 {
        let body = json!({"email": email, "password": password});
        let login = self.app.post("/api/v1/auth/login").json(&body);
        login.send().status
    }
}

pub(crate) fn on_each(test: impl Fn(&Shop)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(app) = TestApp::start(backend) else {
            continue;
        };
        world::build(&app);
        let url = setting(&app.database().url());
        let place = Place::new();
        let shop = Shop { app, place, url };
        shop.done(&["keys", "new"]);
        test(&shop);
    }
}

#[test]
fn the_first_administrator_is_made_here() {
    on_each(|shop| {
        let email = "goc@loa.example.vn";
        let made = ["user", "create", "--email", email, "--name", "Bùi Văn Gốc"];
        let path = shop.done(&[&made[..], &["--platform-admin"]].concat());
        let password = json!({"password": "ba con trâu bên bờ đê"});
        let set = shop.app.post(path.trim()).json(&password).send();
        set.expect_status(204);
        assert_eq!(shop.login(email, "ba con trâu bên bờ đê"), 200);
        shop.refused(1, "email is refused (taken)", &made);

        let list = shop.done(&["user", "list"]);
        let line = format!("{email}\tactive\tpassword\tBùi Văn Gốc");
        assert!(list.lines().any(|own| own == line), "{list}");
        assert_eq!(list.lines().count(), world::PEOPLE.len() + 1);

        let suspended = shop.done(&["user", "suspend", "GOC@loa.example.vn"]);
        assert_eq!(suspended, format!("{email}\tsuspended\n"));
        assert_eq!(shop.login(email, "ba con trâu bên bờ đê"), 401);
        shop.refused(1, "is suspended", &["user", "password-link", email]);
        shop.done(&["user", "resume", email]);
        let path = shop.done(&["user", "password-link", email]);
        let password = json!({"password": "chín cây cầu vượt sông"});
        let set = shop.app.post(path.trim()).json(&password).send();
        set.expect_status(204);
        assert_eq!(shop.login(email, "chín cây cầu vượt sông"), 200);
        shop.refused(1, "no account", &["user", "suspend", "x@loa.example.vn"]);

        // Trying while it was suspended was a failure too.
        for _ in 0..4 {
            assert_eq!(shop.login(email, "sai"), 401);
        }
        assert_eq!(shop.login(email, "chín cây cầu vượt sông"), 429);
        let unlocked = shop.done(&["user", "unlock", "GOC@loa.example.vn"]);
        assert_eq!(unlocked, format!("{email}\tunlocked\n"));
        assert_eq!(shop.login(email, "chín cây cầu vượt sông"), 200);
        shop.refused(1, "no account", &["user", "unlock", "x@loa.example.vn"]);
    });
}

#[test]
fn roles_are_given_at_a_place_or_not_at_all() {
    on_each(|shop| {
        let new = |email, more: &[&'static str]| {
            let mut all = vec!["user", "create", "--name", "Người mới", "--email", email];
            all.extend(more);
            all
        };
        shop.done(&new(
            "a@loa.example.vn",
            &["--role", "editor", "--site", "hai-tien"],
        ));
        shop.done(&new(
            "b@loa.example.vn",
            &["--role", "auditor", "--unit", "37"],
        ));
        shop.done(&new("c@loa.example.vn", &[]));
        let other = "d@loa.example.vn";
        for (code, said, more) in [
            (2, "required", vec!["--role", "editor"]),
            (2, "required", vec!["--site", "hai-tien"]),
            (
                2,
                "platform_admin",
                vec!["--role", "platform_admin", "--site", "hai-tien"],
            ),
            (
                2,
                "cannot be used",
                vec!["--platform-admin", "--site", "hai-tien"],
            ),
            (
                2,
                "cannot be used",
                vec!["--role", "editor", "--site", "x", "--unit", "37"],
            ),
            (
                1,
                "site is refused (not_found)",
                vec!["--role", "editor", "--site", "x"],
            ),
            (
                1,
                "no unit has the code 99999",
                vec!["--role", "editor", "--unit", "99999"],
            ),
        ] {
            shop.refused(code, said, &new(other, &more));
        }
        shop.refused(1, "email is refused (invalid)", &new("no address", &[]));
        assert!(!shop.done(&["user", "list"]).contains(other));
    });
}

#[test]
fn what_is_published_is_rendered_again() {
    on_each(|shop| {
        shop.publish("hai-tien", "chief", "Mùa muối");
        shop.publish("hai-tien", "chief", "Chợ quê");
        shop.publish("giao-thuy", "stranger", "Vườn chim");
        let none = "0 documents are different now\n";
        assert_eq!(shop.done(&["reproject"]), none);
        let damage = "UPDATE published_entries SET document = '{}'";
        shop.app.database().sql().execute(damage);
        let one = shop.done(&["reproject", "--site", "giao-thuy"]);
        assert_eq!(one, "1 documents are different now\n");
        assert_eq!(shop.done(&["reproject"]), "2 documents are different now\n");
        assert_eq!(shop.done(&["reproject"]), none);
        shop.refused(1, "no site x", &["reproject", "--site", "x"]);
    });
}

#[test]
fn a_damaged_revision_is_named_and_the_rest_goes_on() {
    on_each(|shop| {
        for title in ["Mùa muối", "Chợ quê", "Vườn chim"] {
            shop.publish("hai-tien", "chief", title);
        }
        let mut sql = shop.app.database().sql();
        sql.execute(
            "UPDATE revisions SET snapshot = 'no JSON' WHERE title = 'Chợ quê'; \
             UPDATE published_entries SET document = '{}'",
        );
        let damaged = "SELECT entry_id AS line FROM revisions WHERE title = 'Chợ quê'";
        let said = format!("entry {}: ", sql.lines(damaged).concat());
        for changed in [2, 0] {
            let ran = shop.loa(&["reproject"]);
            assert_eq!((ran.code, ran.err.contains(&said)), (1, true), "{ran:?}");
            assert!(ran.err.contains("1 entries cannot be rendered"), "{ran:?}");
            assert_eq!(ran.out, format!("{changed} documents are different now\n"));
        }
    });
}

#[test]
fn a_changed_record_of_the_audit_trail_is_named() {
    on_each(|shop| {
        shop.publish("hai-tien", "chief", "Mùa muối");
        let whole = shop.done(&["audit", "verify"]);
        assert!(whole.ends_with("records, every chain whole\n"), "{whole}");
        let change = "UPDATE audit SET action = 'x' WHERE chain = 'platform' AND number = 1";
        shop.app.database().sql().execute(change);
        let said = "chain platform is broken at record 1";
        shop.refused(1, said, &["audit", "verify"]);
    });
}

#[test]
fn migrations_are_listed_with_what_has_run() {
    on_each(|shop| {
        let status = shop.done(&["migrate", "status"]);
        assert!(status.lines().count() >= 5, "{status}");
        assert!(status.lines().all(|line| line.starts_with("done ")));
        assert_eq!(shop.done(&["migrate", "up"]), "nothing to do\n");
    });
}
