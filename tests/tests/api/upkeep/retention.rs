//! Old drafts are thinned, and what anything refers to stays.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use loa_app::Sweep;
use loa_app::editorial::{ExpungeRequest, ExpungeWhat, Reprojected};
use loa_domain::ids::ExpunctionId;
use serde_json::{Value, json};

use super::on_each;
use crate::desk::{Office, Seen, saving};

const YEARS: TimeDelta = TimeDelta::days(2 * 365);

/// A whole sweep; gives how many revisions went in each step.
fn sweep(office: &Office) -> Vec<usize> {
    let (mut sweep, mut steps) = (Sweep::default(), Vec::new());
    loop {
        let swept = office.app.app.thin_revisions(YEARS, &mut sweep).unwrap();
        steps.push(swept.removed);
        if !swept.more {
            return steps;
        }
    }
}

fn pass(office: &Office, time: TimeDelta) {
    office.app.clock.advance(time);
    office.forget_tokens();
}

fn numbers(office: &Office, entry: &Seen, what: &str, name: &str) -> BTreeSet<i64> {
    let path = format!("{}/{what}?page[size]=100", entry.path());
    let list = office.get("auditor", &path).expect_status(200).data();
    let all = list.as_array().unwrap().iter();
    all.map(|own| own[name].as_i64().unwrap()).collect()
}

fn revisions(office: &Office, entry: &Seen) -> Vec<i64> {
    numbers(office, entry, "revisions", "revision")
        .into_iter()
        .collect()
}

fn saves(office: &Office, mut entry: Seen, who: &str, titles: &[&str]) -> Seen {
    for title in titles {
        entry = office.save(who, &entry, &saving(title));
    }
    entry
}

fn link(office: &Office, entry: &Seen, revision: i32) {
    let path = format!("{}/preview-links", entry.path());
    let post = office.app.post(&path).bearer(&office.token("contributor"));
    let made = post
        .json(&json!({"revision": revision, "hours": 100}))
        .send();
    made.expect_status(201);
}

/// Revisions of two editions: what each is kept for, or that nothing keeps it.
///
/// 1 first · 2 by an editor · 3 linked to · 4 asked to be expunged · 5 handed in and sent back ·
/// 6 approved by its hash · 7 nothing · 8 approved and published · 9 first of the next edition ·
/// 10 nothing · 11 newest of the open edition
fn fill(office: &Office) -> Seen {
    let entry = office.draft("contributor", "1");
    let entry = saves(office, entry, "editor", &["2"]);
    let entry = saves(office, entry, "contributor", &["3", "4", "5"]);
    let sent = office.act("contributor", &entry, "submit", &json!({}));
    let comment = json!({"comment": "Sửa"});
    let back = office.act("editor", &sent, "request_changes", &comment);
    let entry = saves(office, back, "contributor", &["6", "7", "6"]);
    let live = office.publish(&entry);
    let open = office.act("contributor", &live, "revise", &json!({}));
    saves(office, open, "contributor", &["10", "11"])
}

fn ask(office: &Office, entry: &Seen, revision: i32) -> ExpunctionId {
    let request = ExpungeRequest {
        entry: entry.id.parse().unwrap(),
        what: ExpungeWhat::Revision(revision),
        reason: "Dữ liệu cá nhân".to_owned(),
    };
    let editorial = office.app.app.editorial();
    let asked = editorial.request_expunction(&office.actor("chief"), &request);
    asked.unwrap().expunction.id
}

/// Every act but saving was done on a revision that is still there; the trail says on which.
fn acts_have_their_revision(office: &Office, entry: &Seen) {
    let there: BTreeSet<i64> = revisions(office, entry).into_iter().collect();
    let site = office.world.sites["hai-tien"];
    let records = office
        .app
        .app
        .store()
        .read(|conn| {
            loa_store::audit::about(
                conn,
                loa_domain::audit::Chain::Site(site),
                "entry",
                &entry.id,
            )
        })
        .unwrap();
    let mut acts = 0;
    for record in records.iter().filter(|own| own.action != "entry.save") {
        if let Some(number) = record.detail.get("revision").and_then(Value::as_i64) {
            assert!(there.contains(&number), "{record:?}");
            acts += 1;
        }
    }
    assert!(acts >= 6, "{acts}");
}

fn cancel(office: &Office, asked: ExpunctionId) {
    let editorial = office.app.app.editorial();
    let done = editorial.cancel_expunction(&office.actor("chief"), asked);
    done.unwrap();
}

#[test]
fn what_nothing_refers_to_goes_and_everything_else_stays() {
    on_each(|office| {
        let entry = fill(office);
        let authors = office.app.database().sql().dump("edition_authors");
        let steps = numbers(office, &entry, "transitions", "number");
        pass(office, YEARS - TimeDelta::days(1));
        assert_eq!(sweep(office), [0], "not old enough");
        assert_eq!(revisions(office, &entry).len(), 11);

        pass(office, TimeDelta::days(2));
        link(office, &entry, 3);
        let asked = ask(office, &entry, 4);
        assert_eq!(sweep(office), [3], "2, 7 and 10");
        assert_eq!(revisions(office, &entry), [1, 3, 4, 5, 6, 8, 9, 11]);
        assert_eq!(sweep(office), [0]);
        acts_have_their_revision(office, &entry);
        assert_eq!(office.app.database().sql().dump("edition_authors"), authors);
        let kept = numbers(office, &entry, "transitions", "number");
        assert_eq!(
            steps.difference(&kept).count(),
            3,
            "the saves that made them"
        );

        // What is left can be read, compared and restored; what is gone is as if it never was.
        let get = |path: &str| office.get("auditor", &format!("{}{path}", entry.path()));
        get("/revisions/1/diff/11").expect_status(200);
        get("/revisions/7").expect_problem(404, "not_found");
        get("/revisions/7/diff/8").expect_problem(404, "not_found");
        let editions = get("/editions").expect_status(200).data();
        assert_eq!(
            editions[1]["authors"].as_array().unwrap().len(),
            2,
            "the editor too"
        );
        let path = format!("{}/revisions/1/restore", entry.path());
        let now = office.read("contributor", &entry);
        let post = office.app.post(&path).bearer(&office.token("contributor"));
        let restored = post.if_match(&now.etag).send().expect_status(200);
        assert_eq!(restored.data()["revision"], 12, "numbers go on");
        let path = format!("/api/v1/sites/hai-tien/entries/{}", entry.id);
        let shown = office.app.get(&path).send().expect_status(200);
        assert_eq!(shown.data()["title"], "6");

        // The link ends and nobody wants to expunge any more.
        cancel(office, asked);
        assert_eq!(sweep(office), [1], "4");
        pass(office, TimeDelta::days(5));
        assert_eq!(sweep(office), [1], "3");
        assert_eq!(revisions(office, &entry), [1, 5, 6, 8, 9, 11, 12]);
        let app = &office.app.app;
        let keys = app.secrets().audit_keys();
        let whole = app
            .store()
            .read(|conn| loa_store::audit::system_verify(conn, &keys));
        whole.unwrap().unwrap();
        assert_eq!(
            app.editorial().reproject(None, |_| ()).unwrap(),
            Reprojected::default()
        );
    });
}

/// What counts is since when something else stands in its place.
#[test]
fn a_draft_that_was_the_newest_until_lately_stays() {
    on_each(|office| {
        let entry = saves(
            office,
            office.draft("contributor", "1"),
            "contributor",
            &["2"],
        );
        pass(office, YEARS + TimeDelta::days(1));
        let entry = saves(
            office,
            office.read("contributor", &entry),
            "contributor",
            &["3"],
        );
        assert_eq!(sweep(office), [0]);
        pass(office, YEARS + TimeDelta::days(1));
        assert_eq!(sweep(office), [1]);
        assert_eq!(revisions(office, &entry), [1, 3]);
    });
}

#[test]
fn a_step_is_bounded_and_what_stays_does_not_hold_it_up() {
    on_each(|office| {
        let entry = office.draft("contributor", "Mùa muối");
        let mut sql = office.app.database().sql();
        // An entry of 450 revisions, the newest of them the edition's.
        sql.execute(
            "UPDATE revisions SET number = 1000; \
             UPDATE revisions SET created_at = '2020-01-03 00:00:00';",
        );
        for n in 1..=449 {
            sql.execute(&format!(
                "INSERT INTO revisions (id, site_id, entry_id, edition_id, number, snapshot, sha256, \
                 section_id, title, author_id, created_at) \
                 SELECT '019a2b3c-4d5e-7f60-8a9b-{n:012}', site_id, entry_id, edition_id, {n}, \
                 snapshot, sha256, section_id, title, author_id, '2020-01-01 00:00:00' \
                 FROM revisions WHERE number = 1000"
            ));
        }
        assert_eq!(
            sweep(office),
            [199, 200, 49],
            "all but the first and the last"
        );
        assert_eq!(revisions(office, &entry), [1, 1000]);
        assert_eq!(sweep(office), [0]);
    });
}

/// Tokens and links: each chunk is a short transaction, whatever hangs on a row.
#[test]
fn sessions_and_links_are_forgotten_in_bounded_chunks() {
    on_each(|office| {
        let draft = office.draft("contributor", "Xem trước");
        link(office, &draft, 1);
        let admin = office.app.app.admin();
        let person = loa_testkit::world::email("editor");
        admin.system_create_password_link(&person).unwrap();
        let mut sql = office.app.database().sql();
        for n in 0..450 {
            sql.execute(&format!(
                "INSERT INTO session_tokens (token_hash, session_id, issued_at) \
                 SELECT 'h{n}', MIN(id), '2026-11-20 00:00:00' FROM sessions"
            ));
        }
        let app = &office.app.app;
        office.app.clock.advance(TimeDelta::days(29));
        app.forget().unwrap();
        let count = |table: &str| office.app.database().sql().dump(table).len();
        assert_eq!((count("password_links"), count("preview_links")), (1, 1));
        office.app.clock.advance(TimeDelta::days(10));
        let mut last = count("session_tokens") + count("sessions");
        assert!(last > 450);
        loop {
            let mut told = Vec::new();
            let more = app
                .forget_and_tell(|kind, count| told.push((kind, count)))
                .unwrap();
            let now = count("session_tokens") + count("sessions");
            assert!(last - now <= 201, "{last} to {now}");
            assert!(told.contains(&("sessions", last - now)), "{told:?}");
            last = now;
            if !more {
                break;
            }
        }
        assert_eq!(last, 0);
        assert_eq!((count("password_links"), count("preview_links")), (0, 0));
        assert_eq!(count("revisions"), 1);
    });
}
