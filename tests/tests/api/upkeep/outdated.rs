//! What an older release rendered is rendered again; what cannot be is named.

use loa_domain::change::ChangeKind;
use loa_testkit::twins;
use serde_json::json;

use super::{changed, last_change, on_each};
use crate::desk::{Office, Seen, article};

/// 25 published articles: more than one transaction takes.
fn fill(office: &Office) -> Seen {
    let approved = office.approve(&office.draft("contributor", "Tin"));
    let at = json!({"publish_at": "2026-11-20T03:00:00Z"});
    let scheduled = office.act("publisher", &approved, "schedule", &at);
    twins::of_open(&mut office.app.database().sql(), &scheduled.id, "tin", 24);
    office.app.clock.advance(chrono::TimeDelta::hours(5));
    office.forget_tokens();
    assert_eq!(office.app.app.editorial().tick().unwrap().published, 25);
    let there = office.create_at("stranger", "giao-thuy", &article("Ở xa"));
    let there = Seen::of(&there.expect_status(201));
    office.act(
        "stranger",
        &there,
        "force_publish",
        &json!({"reason": "Bão"}),
    );
    scheduled
}

fn drain(office: &Office) {
    while office.app.app.editorial().drain_reprojections().unwrap() {}
}

fn stored(office: &Office, format: &str) -> Vec<String> {
    office.app.database().sql().lines(&format!(
        "SELECT entry_id || document AS line FROM published_entries WHERE format {format}"
    ))
}

#[test]
fn documents_of_an_older_form_are_rendered_again() {
    on_each(|office| {
        fill(office);
        let editorial = office.app.app.editorial();
        assert_eq!(editorial.queue_outdated().unwrap(), 0);
        assert!(!editorial.has_reprojections().unwrap());
        let whole = stored(office, "= 1");
        assert_eq!(whole.len(), 26);
        office.app.database().sql().execute(
            "UPDATE published_entries SET format = 0, document = '{}' WHERE slug LIKE 'tin-%'",
        );
        let read = || {
            office
                .app
                .get("/api/v1/sites/hai-tien/articles/tin-7")
                .send()
        };
        let at = last_change(office);
        assert_eq!(editorial.queue_outdated().unwrap(), 1, "one site of two");
        assert_eq!(
            editorial.queue_outdated().unwrap(),
            0,
            "another node asks as well"
        );
        assert!(editorial.has_reprojections().unwrap());
        drain(office);
        assert_eq!(stored(office, "= 1"), whole);
        assert_eq!(changed(office, at, ChangeKind::Refreshed).len(), 24);
        assert_eq!(last_change(office), at + 24, "and nothing else is told");
        read().expect_status(200);
        assert_eq!(editorial.queue_outdated().unwrap(), 0);
        // What a newer release has rendered is not ours to touch.
        let newer = "UPDATE published_entries SET format = 99";
        office.app.database().sql().execute(newer);
        assert_eq!(editorial.queue_outdated().unwrap(), 0);
    });
}

#[test]
fn one_that_cannot_be_rendered_does_not_hold_up_the_rest() {
    on_each(|office| {
        let broken = fill(office);
        let mut sql = office.app.database().sql();
        sql.execute(&format!(
            "UPDATE revisions SET snapshot = 'no JSON' WHERE entry_id = '{}'",
            broken.id
        ));
        sql.execute("UPDATE published_entries SET format = 0");
        let editorial = office.app.app.editorial();
        assert_eq!(editorial.queue_outdated().unwrap(), 2);
        drain(office);
        assert_eq!(stored(office, "= 0").len(), 1);
        let done = editorial.reproject(None, |_| ()).unwrap();
        let named: Vec<String> = done.damaged.iter().map(|it| it.entry.to_string()).collect();
        assert_eq!((named, done.changed), (vec![broken.id.clone()], 0));
    });
}

/// Slug and path are reserved, so only damage brings two entries to one path. The database refuses it,
/// which ends the transaction.
#[test]
fn one_that_the_database_refuses_does_not_hold_up_the_rest() {
    on_each(|office| {
        let first = fill(office);
        let mut sql = office.app.database().sql();
        // The last to be rendered has the place of the one before it.
        let twin = sql
            .lines("SELECT entry_id AS line FROM published_entries WHERE slug = 'tin-24'")
            .concat();
        assert!(twin < first.id);
        sql.execute(&format!(
            "DELETE FROM published_entries WHERE entry_id = '{twin}'; \
             UPDATE published_entries SET slug = 'tin-24', path = '/tin-tuc/tin-24' \
             WHERE entry_id = '{}'; \
             UPDATE published_entries SET format = 0",
            first.id
        ));
        let editorial = office.app.app.editorial();
        let done = editorial.reproject(None, |_| ()).unwrap();
        let named: Vec<String> = done.damaged.iter().map(|it| it.entry.to_string()).collect();
        assert_eq!(named, [twin]);
        assert!(stored(office, "= 0").is_empty());
        let again = editorial.reproject(None, |_| ()).unwrap();
        assert_eq!(
            (again.changed, again.damaged.len()),
            (1, 0),
            "its place is free by now"
        );
    });
}
