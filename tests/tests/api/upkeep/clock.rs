//! One entry that cannot be moved does not hold up the others.

use serde_json::json;

use super::on_each;
use crate::desk::{Office, Seen, article};

fn scheduled(office: &Office, title: &str, at: &str) -> Seen {
    let approved = office.approve(&office.draft("contributor", title));
    let when = json!({"publish_at": at});
    office.act("publisher", &approved, "schedule", &when)
}

fn ending(office: &Office, title: &str, at: &str) -> Seen {
    let mut body = article(title);
    body["expire_at"] = json!(at);
    let draft = office.create("contributor", &body).expect_status(201);
    office.publish(&Seen::of(&draft))
}

fn damage(office: &Office, entry: &Seen) {
    office.app.database().sql().execute(&format!(
        "UPDATE revisions SET snapshot = 'no JSON' WHERE entry_id = '{}'",
        entry.id
    ));
}

#[test]
fn what_fails_is_counted_and_the_rest_goes_on() {
    on_each(|office| {
        // The broken ones are due first.
        let broken = scheduled(office, "Hỏng", "2026-11-20T03:00:00Z");
        scheduled(office, "Lành", "2026-11-20T03:30:00Z");
        let stuck = ending(office, "Kẹt", "2026-11-20T03:00:00Z");
        ending(office, "Hết", "2026-11-20T03:30:00Z");
        damage(office, &broken);
        // What ends needs no text; its state is read as well.
        office.app.database().sql().execute(&format!(
            "UPDATE entries SET translation_group_id = 'no id' WHERE id = '{}'",
            stuck.id
        ));
        office.app.clock.advance(chrono::TimeDelta::hours(5));
        let editorial = office.app.app.editorial();
        let ticked = editorial.tick().unwrap();
        let done = (ticked.published, ticked.expired, ticked.failed);
        assert_eq!(done, (1, 1, 2), "{ticked:?}");
        let path = "/api/v1/sites/hai-tien/articles/lanh";
        office.app.get(path).send().expect_status(200);
        let path = "/api/v1/sites/hai-tien/articles/het";
        office.app.get(path).send().expect_problem(410, "expired");
        let again = editorial.tick().unwrap();
        let done = (again.published, again.expired, again.failed);
        assert_eq!(done, (0, 0, 2), "tried again, and nothing else is left");
    });
}

#[test]
fn a_database_that_is_away_is_an_error() {
    on_each(|office| {
        scheduled(office, "Chờ", "2026-11-20T03:00:00Z");
        office.app.clock.advance(chrono::TimeDelta::hours(5));
        let editorial = office.app.app.editorial();
        let sqlite = office.app.database().backend() == loa_testkit::Backend::Sqlite;
        let mut sql = office.app.database().sql();
        if sqlite {
            // The only writer is somebody else.
            sql.execute("BEGIN IMMEDIATE");
        } else {
            sql.execute("BEGIN; LOCK TABLE entries IN ACCESS EXCLUSIVE MODE");
        }
        let failed = editorial.tick();
        assert!(
            matches!(
                failed,
                Err(loa_app::Error::Store(loa_app::StoreFailure::Busy))
            ),
            "{failed:?}"
        );
        sql.execute("ROLLBACK");
        assert_eq!(editorial.tick().unwrap().published, 1, "late, not never");
    });
}
