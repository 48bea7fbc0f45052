//! Nobody approves words of their own, whoever has put them into the edition.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, saving};

const FORCE: &str = "force_publish";

fn force(office: &Office, who: &str, seen: &Seen) -> Seen {
    office.act(who, seen, FORCE, &json!({"reason": "Khẩn"}))
}

/// From a draft to a chief's desk, by people who have not written it.
fn handed_in(office: &Office, seen: &Seen) -> Seen {
    let seen = office.act("editor", seen, "submit", &json!({}));
    office.act("editor", &seen, "pass", &json!({}))
}

#[track_caller]
fn may_not_approve(office: &Office, who: &str, seen: &Seen) {
    let seen = office.read(who, seen);
    let offered = seen.allowed().contains(&"approve");
    assert!(!offered, "{who} is offered it");
    let problem = office
        .act_raw(who, &seen, "approve", &json!({}))
        .expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "four_eyes");
}

#[rstest]
fn somebody_elses_revise_makes_no_words_theirs(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let live = force(
        &office,
        "chief",
        &office.draft("chief", "Lời của trưởng ban"),
    );
    let revised = office.act("contributor", &live, "revise", &json!({}));
    let waiting = handed_in(&office, &revised);
    may_not_approve(&office, "chief", &waiting);
    office.act("second-chief", &waiting, "approve", &json!({}));
}

#[rstest]
fn a_comma_makes_no_words_theirs(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let live = force(
        &office,
        "chief",
        &office.draft("chief", "Lời của trưởng ban"),
    );
    let revised = office.act("contributor", &live, "revise", &json!({}));
    let revised = office.save("contributor", &revised, &saving("Lời của trưởng ban,"));
    // Published without approval again: nobody but its author has ever looked at it.
    let live = force(&office, "chief", &revised);
    let revised = office.act("contributor", &live, "revise", &json!({}));
    let waiting = handed_in(&office, &revised);
    may_not_approve(&office, "chief", &waiting);
    let approved = office.act("second-chief", &waiting, "approve", &json!({}));
    // Somebody else has looked at all of it now.
    let live = office.act("publisher", &approved, "publish", &json!({}));
    let revised = office.act("editor", &live, "revise", &json!({}));
    office.act(
        "chief",
        &handed_in(&office, &revised),
        "approve",
        &json!({}),
    );
}

#[rstest]
fn restoring_makes_no_words_theirs(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let live = force(
        &office,
        "chief",
        &office.draft("chief", "Lời của trưởng ban"),
    );
    let revised = office.act("contributor", &live, "revise", &json!({}));
    let revised = office.save("contributor", &revised, &saving("Lời khác"));
    let approved = office.act(
        "second-chief",
        &handed_in(&office, &revised),
        "approve",
        &json!({}),
    );
    let live = office.act("publisher", &approved, "publish", &json!({}));
    let revised = office.act("contributor", &live, "revise", &json!({}));
    let path = format!("{}/revisions/1/restore", revised.path());
    let restored = office.app.post(&path).bearer(&office.token("contributor"));
    let restored = restored.if_match(&revised.etag).send().expect_status(200);
    may_not_approve(&office, "chief", &handed_in(&office, &Seen::of(&restored)));
}

/// The authors of an edition are told as before: those who wrote in it.
#[rstest]
fn authors_are_those_who_wrote_in_the_edition(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let live = force(
        &office,
        "chief",
        &office.draft("contributor", "Lời của cộng tác viên"),
    );
    let revised = office.act("editor", &live, "revise", &json!({}));
    let authors: Vec<&Value> = revised.data["authors"].as_array().unwrap().iter().collect();
    assert_eq!(authors.len(), 1);
    assert_eq!(authors[0]["name"], "Người editor");
    // It is not theirs to save, and a chief who wrote nothing may approve it.
    office
        .save_raw("contributor", &revised, &saving("Sửa"))
        .expect_problem(403, "forbidden");
    office.act(
        "chief",
        &handed_in(&office, &revised),
        "approve",
        &json!({}),
    );
}
