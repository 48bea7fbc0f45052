//! Editions beside each other: revising, forcing, confirming, archiving.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

#[rstest]
fn a_new_edition_stands_beside_the_live_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let published = office.publish(&office.draft("contributor", "Lịch tiếp dân"));
    office
        .save_raw("contributor", &published, &saving("Khác"))
        .expect_problem(409, "no_open_edition");
    let revised = office.act("contributor", &published, "revise", &json!({}));
    assert_eq!(
        (revised.state(), revised.data["edition"].as_i64()),
        ("draft", Some(2))
    );
    assert_eq!(revised.data["live"]["edition"], 1);
    office
        .act_raw("editor", &revised, "revise", &json!({}))
        .expect_problem(409, "open_edition_exists");
    let delivered = "/api/v1/sites/hai-tien/articles/lich-tiep-dan";
    assert_eq!(
        office.app.get(delivered).send().data()["title"],
        "Lịch tiếp dân"
    );

    let mut change = saving("Lịch tiếp dân tháng 12");
    change["change_note"] = json!("Đổi ngày");
    let saved = office.save("contributor", &revised, &change);
    office.publish(&saved);
    let shown = office.app.get(delivered).send().data();
    assert_eq!(shown["title"], "Lịch tiếp dân tháng 12");
    assert_eq!(
        (shown["edition"].as_i64(), shown["change_note"].as_str()),
        (Some(2), Some("Đổi ngày"))
    );
    let editions = office
        .get("auditor", &format!("{}/editions", published.path()))
        .expect_status(200);
    let states: Vec<_> = editions
        .data()
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["published", "superseded"]);
}

#[rstest]
fn minor_updates_keep_the_public_date(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let published = office.publish(&office.draft("contributor", "Giá muối"));
    let delivered = "/api/v1/sites/hai-tien/articles/gia-muoi";
    let first = office.app.get(delivered).send().data();
    office.app.clock.advance(chrono::TimeDelta::days(1));
    office.forget_tokens();
    let revised = office.act("contributor", &published, "revise", &json!({}));
    let mut change = saving("Giá muối hôm nay");
    change["update_type"] = json!("minor");
    office.publish(&office.save("contributor", &revised, &change));
    let second = office.app.get(delivered).send().data();
    assert_eq!(first["public_updated_at"], second["public_updated_at"]);
    assert_eq!(first["first_published_at"], second["first_published_at"]);
    assert_ne!(first["updated_at"], second["updated_at"]);
}

#[rstest]
fn what_was_forced_needs_a_second_look(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Tin khẩn bão số 5");
    office
        .act_raw("editor", &draft, "force_publish", &json!({"reason": "bão"}))
        .expect_problem(403, "forbidden");
    office
        .act_raw("chief", &draft, "force_publish", &json!({}))
        .expect_problem(422, "invalid_content");
    let forced = office.act(
        "chief",
        &draft,
        "force_publish",
        &json!({"reason": "Bão đổ bộ đêm nay"}),
    );
    assert_eq!(forced.data["live"]["needs_second_look"], true);
    let waiting = "/api/v1/editorial/entries?filter[needs_second_look]=true";
    assert_eq!(
        office.get("chief", waiting).json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let problem = office
        .act_raw("chief", &forced, "confirm", &json!({}))
        .expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "fresh_eyes");
    let confirmed = office.act("second-chief", &forced, "confirm", &json!({}));
    assert_eq!(confirmed.data["live"]["needs_second_look"], false);
    let problem = office
        .act_raw("second-chief", &confirmed, "confirm", &json!({}))
        .expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "nothing_to_confirm");
    assert_eq!(office.get("chief", waiting).json()["data"], json!([]));
}

#[rstest]
fn the_second_look_stays_with_a_superseded_edition(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Tin khẩn");
    let forced = office.act("chief", &draft, "force_publish", &json!({"reason": "khẩn"}));
    let revised = office.act("contributor", &forced, "revise", &json!({}));
    let published = office.publish(&office.save("contributor", &revised, &saving("Tin đã rõ")));
    let editions = office
        .get("auditor", &format!("{}/editions", published.path()))
        .data();
    assert_eq!(editions[1]["state"], "superseded");
    assert_eq!(editions[1]["needs_second_look"], true);
    assert_eq!(editions[0]["needs_second_look"], false);
}

#[rstest]
fn the_archive_is_the_administrators(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Cất đi");
    office
        .act_raw("chief", &draft, "archive", &json!({}))
        .expect_problem(403, "forbidden");
    let archived = office.act("admin", &draft, "archive", &json!({}));
    assert_eq!(archived.state(), "archived");
    office
        .act_raw("contributor", &archived, "revise", &json!({}))
        .expect_problem(403, "forbidden");
    let reopened = office.act("admin", &archived, "revise", &json!({}));
    assert_eq!(
        (reopened.state(), reopened.data["edition"].as_i64()),
        ("draft", Some(2))
    );
    let published = office.publish(&reopened);
    assert_eq!(published.state(), "published");
}
