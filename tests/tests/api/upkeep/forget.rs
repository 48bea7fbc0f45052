//! What nobody can ask for again is forgotten, and nothing else.

use chrono::TimeDelta;
use loa_testkit::world;
use serde_json::json;

use super::on_each;

const TABLES: [&str; 5] = [
    "idempotency_keys",
    "sign_in_counters",
    "sign_in_networks",
    "sessions",
    "session_tokens",
];

#[test]
fn old_answers_failures_and_sessions_go() {
    on_each(|office| {
        office.publish(&office.draft("contributor", "Mùa muối"));
        let count = || {
            let mut sql = office.app.database().sql();
            TABLES.map(|table| sql.dump(table).len())
        };
        let token = office.token("contributor");
        let create = office.app.post("/api/v1/editorial/sites/hai-tien/entries");
        let keyed = create.bearer(&token).header("idempotency-key", "mot-lan");
        let body = crate::desk::article("Một lần");
        keyed.json(&body).send().expect_status(201);
        let wrong = json!({"email": world::email("editor"), "password": "sai"});
        let login = office.app.post("/api/v1/auth/login").json(&wrong);
        login.send().expect_problem(401, "credentials_invalid");
        let before = count();
        assert!(before.iter().all(|rows| *rows > 0), "{before:?}");

        let app = &office.app.app;
        office.app.clock.advance(TimeDelta::hours(23));
        assert!(!app.forget().unwrap());
        assert_eq!(count(), before, "it may still be asked for");
        office.app.clock.advance(TimeDelta::hours(2));
        assert!(!app.forget().unwrap());
        let [keys, failures, networks, sessions, tokens] = count();
        assert_eq!((keys, failures), (0, 0));
        assert_eq!([networks, sessions, tokens], before[2..], "still good");
        office.app.clock.advance(TimeDelta::days(30));
        assert!(!app.forget().unwrap());
        assert_eq!(count(), [0, 0, networks, 0, 0]);
        office.app.clock.advance(TimeDelta::days(60));
        assert!(!app.forget().unwrap());
        assert_eq!(count(), [0; 5]);
        let mut sql = office.app.database().sql();
        for kept in ["entries", "revisions", "transitions", "audit", "changes"] {
            assert!(!sql.dump(kept).is_empty(), "{kept}");
        }
    });
}

#[test]
fn much_is_forgotten_in_chunks() {
    on_each(|office| {
        let mut sql = office.app.database().sql();
        for n in 0..450 {
            sql.execute(&format!(
                "INSERT INTO login_failures (id, subject, subject_key, at) VALUES \
                 ('f{n}', 'account', 'x', '2026-11-01 00:00:00')"
            ));
        }
        let app = &office.app.app;
        let more: Vec<bool> = (0..3).map(|_| app.forget().unwrap()).collect();
        assert_eq!(more, [true, true, false]);
        assert!(sql.dump("login_failures").is_empty());
    });
}
