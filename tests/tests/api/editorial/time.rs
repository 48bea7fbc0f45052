//! What the clock does: scheduled publications and expiries.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, article, saving};

#[rstest]
fn what_is_scheduled_is_published_in_its_time(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let approved = office.approve(&office.draft("contributor", "Khai giảng"));
    let past = json!({"publish_at": "2026-11-20T02:00:00Z"});
    office
        .act_raw("chief", &approved, "schedule", &past)
        .expect_problem(422, "invalid_content");
    let scheduled = office.act(
        "publisher",
        &approved,
        "schedule",
        &json!({"publish_at": "2026-11-20T03:00:00Z"}),
    );
    assert_eq!(scheduled.state(), "scheduled");
    office
        .save_raw("editor", &scheduled, &saving("Khác"))
        .expect_problem(409, "action_refused");

    let editorial = office.app.app.editorial();
    assert_eq!(editorial.tick().unwrap().published, 0);
    office
        .app
        .get("/api/v1/sites/hai-tien/articles/khai-giang")
        .send()
        .expect_problem(404, "not_found");
    office.app.clock.advance(chrono::TimeDelta::hours(5));
    assert_eq!(
        editorial.tick().unwrap().published,
        1,
        "late rather than never"
    );
    assert_eq!(editorial.tick().unwrap().published, 0, "and once");
    office
        .app
        .get("/api/v1/sites/hai-tien/articles/khai-giang")
        .send()
        .expect_status(200);
    office.forget_tokens();
    let history = office
        .get("auditor", &format!("{}/transitions", approved.path()))
        .json();
    assert_eq!(history["data"][0]["action"], "publish");
    assert!(history["data"][0]["actor"].is_null());
}

#[rstest]
fn unscheduling_keeps_the_approval(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let approved = office.approve(&office.draft("contributor", "Hoãn"));
    let scheduled = office.act(
        "chief",
        &approved,
        "schedule",
        &json!({"publish_at": "2026-11-21T00:00:00Z"}),
    );
    let back = office.act("publisher", &scheduled, "unschedule", &json!({}));
    assert_eq!(back.state(), "approved");
    assert!(back.data["publish_at"].is_null());
    assert_eq!(
        office
            .act("publisher", &back, "publish", &json!({}))
            .state(),
        "published"
    );
}

#[rstest]
fn what_may_not_be_published_in_its_time_waits_with_the_reason(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    // It would be over before it begins.
    let mut body = article("Hội chợ");
    body["expire_at"] = json!("2026-11-21T00:00:00Z");
    let draft = crate::desk::Seen::of(&office.create("contributor", &body).expect_status(201));
    let approved = office.approve(&draft);
    office.act(
        "chief",
        &approved,
        "schedule",
        &json!({"publish_at": "2026-11-22T00:00:00Z"}),
    );
    office.app.clock.advance(chrono::TimeDelta::days(3));
    assert_eq!(office.app.app.editorial().tick().unwrap().held, 1);
    office.forget_tokens();
    let held = office.read("chief", &approved);
    assert_eq!(held.state(), "approved");
    let history = office
        .get("auditor", &format!("{}/transitions", approved.path()))
        .json();
    assert_eq!(history["data"][0]["action"], "unschedule");
    assert!(
        history["data"][0]["comment"]
            .as_str()
            .unwrap()
            .contains("not complete")
    );
}

#[rstest]
fn what_is_over_is_told_as_expired(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let mut body = article("Danh sách nghĩa vụ quân sự");
    body["expire_at"] = json!("2026-12-20T00:00:00Z");
    let draft = crate::desk::Seen::of(&office.create("contributor", &body).expect_status(201));
    office.publish(&draft);
    office.app.clock.advance(chrono::TimeDelta::days(31));
    assert_eq!(office.app.app.editorial().tick().unwrap().expired, 1);
    assert_eq!(office.app.app.editorial().tick().unwrap().expired, 0);
    let delivered = "/api/v1/sites/hai-tien/articles/danh-sach-nghia-vu-quan-su";
    let problem = office
        .app
        .get(delivered)
        .send()
        .expect_problem(410, "expired");
    assert_eq!(problem["gone"]["kind"], "expired");
}
