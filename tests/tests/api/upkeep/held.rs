//! A publication that the clock could not carry out is seen by those who can.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{on_each, replace};
use crate::desk::{Office, Seen, article, saving};

fn list(office: &Office, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/editorial/sites/hai-tien/entries?{query}");
    let page = office.get("chief", &path).expect_status(200).json();
    page["data"].as_array().unwrap().clone()
}

/// Approved, to be published in its time, when it would be over already.
fn impossible(office: &Office) -> Seen {
    let mut body = article("Hội chợ");
    body["expire_at"] = json!("2026-11-21T00:00:00Z");
    let draft = Seen::of(&office.create("contributor", &body).expect_status(201));
    let approved = office.approve(&draft);
    let at = json!({"publish_at": "2026-11-22T00:00:00Z"});
    office.act("chief", &approved, "schedule", &at)
}

fn hold(office: &Office) -> Seen {
    let scheduled = impossible(office);
    assert_eq!(scheduled.data["held"], Value::Null);
    office.app.clock.advance(TimeDelta::days(3));
    office.forget_tokens();
    assert_eq!(office.app.app.editorial().tick().unwrap().held, 1);
    office.read("chief", &scheduled)
}

#[test]
fn the_list_shows_what_is_held_until_somebody_takes_it_up() {
    on_each(|office| {
        office.draft("contributor", "Bản nháp");
        let held = hold(office);
        assert_eq!(held.state(), "approved");
        assert_eq!(held.data["held"]["at"], "2026-11-23T02:00:00Z");
        let reason = held.data["held"]["reason"].as_str().unwrap();
        assert!(reason.contains("not complete"), "{reason}");
        let shown = list(office, "filter[held]=true&count=true");
        assert_eq!(shown.len(), 1);
        assert_eq!(
            (&shown[0]["id"], &shown[0]["held"]),
            (&held.data["id"], &held.data["held"])
        );
        assert_eq!(list(office, "filter[held]=false").len(), 1);
        assert_eq!(list(office, "").len(), 2);
        let path = "/api/v1/editorial/entries?filter[held]=perhaps";
        office
            .get("chief", path)
            .expect_problem(400, "parameter_invalid");

        let trail = office.get("auditor", "/api/v1/admin/audit?filter[site]=hai-tien");
        let record = trail.expect_status(200).data()[0].clone();
        assert_eq!(
            (&record["action"], &record["actor"]),
            (&json!("entry.unschedule"), &Value::Null)
        );
        assert_eq!(record["detail"]["reason"], "fields", "{record}");

        // Giving it to somebody is not taking it up.
        let to = json!({"user_id": office.world.people["editor"]});
        let given = office.act("editor", &held, "assign", &to);
        assert_eq!(given.data["held"], held.data["held"]);
        let mut mended = saving("Hội chợ");
        mended["expire_at"] = json!("2026-12-31T00:00:00Z");
        let saved = office.save("editor", &given, &mended);
        assert_eq!(saved.data["held"], Value::Null);
        assert!(list(office, "filter[held]=true").is_empty());
    });
}

#[test]
fn what_should_have_followed_something_withdrawn_is_held() {
    on_each(|office| {
        let live = office.publish(&office.draft("contributor", "Lịch tiêm"));
        let open = office.act("contributor", &live, "revise", &json!({}));
        let open = office.save("contributor", &open, &saving("Lịch tiêm mới"));
        let approved = office.approve(&open);
        let at = json!({"publish_at": "2026-11-22T00:00:00Z"});
        let scheduled = office.act("chief", &approved, "schedule", &at);
        let notice = json!({"kind": "notice", "reason": "Nhầm đợt"});
        let held = office.act("publisher", &scheduled, "withdraw", &notice);
        assert_eq!(held.state(), "approved");
        let reason = held.data["held"]["reason"].as_str().unwrap();
        assert!(reason.contains("withdrawn"), "{reason}");
        let published = office.act("publisher", &held, "publish", &json!({}));
        assert_eq!(published.data["held"], Value::Null);
    });
}

#[test]
fn a_closed_site_holds_what_was_scheduled() {
    on_each(|office| {
        let approved = office.approve(&office.draft("contributor", "Khai giảng"));
        let at = json!({"publish_at": "2026-11-20T03:00:00Z"});
        let scheduled = office.act("chief", &approved, "schedule", &at);
        replace(office, "platform", "/sites/hai-tien", |site| {
            *site = json!({"title": {"vi": "Xã Hải Tiến"}, "status": "read_only"});
        });
        office.app.clock.advance(TimeDelta::hours(5));
        office.forget_tokens();
        assert_eq!(office.app.app.editorial().tick().unwrap().held, 1);
        let held = office.read("chief", &scheduled);
        let reason = held.data["held"]["reason"].as_str().unwrap();
        assert!(reason.contains("no longer active"), "{reason}");
    });
}
