//! Out of the public eye, honestly.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

#[rstest]
fn readers_are_told_why(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let published = office.publish(&office.draft("contributor", "Thu hồi đất"));
    let delivered = "/api/v1/sites/hai-tien/articles/thu-hoi-dat";
    office.app.get(delivered).send().expect_status(200);
    let refuse = |body: serde_json::Value, pointer: &str| {
        let problem = office
            .act_raw("publisher", &published, "withdraw", &body)
            .expect_problem(422, "invalid_content");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    };
    refuse(json!({}), "/kind");
    refuse(json!({"kind": "notice"}), "/reason");
    refuse(json!({"kind": "expired", "reason": "x"}), "/kind");
    refuse(json!({"kind": "redirect", "reason": "x"}), "/redirect_to");
    refuse(
        json!({"kind": "redirect", "reason": "x", "redirect_to": "https://evil.example"}),
        "/redirect_to",
    );
    refuse(
        json!({"kind": "redirect", "reason": "x", "redirect_to": "//evil.example"}),
        "/redirect_to",
    );
    refuse(
        json!({"kind": "redirect", "reason": "x", "redirect_to": "/tin-tuc/thu-hoi-dat"}),
        "/redirect_to",
    );
    refuse(
        json!({"kind": "gone", "reason": "x", "redirect_to": published.id}),
        "/redirect_to",
    );
    office
        .act_raw(
            "editor",
            &published,
            "withdraw",
            &json!({"kind": "gone", "reason": "x"}),
        )
        .expect_problem(403, "forbidden");

    let withdrawn = office.act(
        "publisher",
        &published,
        "withdraw",
        &json!({"kind": "notice", "reason": "Số liệu sai"}),
    );
    assert_eq!(withdrawn.state(), "withdrawn");
    assert!(withdrawn.data["live"]["path"].is_null());
    let problem = office
        .app
        .get(delivered)
        .send()
        .expect_problem(410, "withdrawn");
    assert_eq!(
        (
            problem["gone"]["kind"].as_str(),
            problem["gone"]["reason"].as_str()
        ),
        (Some("notice"), Some("Số liệu sai"))
    );
    let resolve = "/api/v1/sites/hai-tien/resolve?path=/tin-tuc/thu-hoi-dat";
    office
        .app
        .get(resolve)
        .send()
        .expect_problem(410, "withdrawn");
    let list = office
        .app
        .get("/api/v1/sites/hai-tien/articles")
        .send()
        .expect_status(200);
    assert_eq!(list.json()["data"], json!([]));

    // Back only by the whole path, to the same address.
    let revised = office.act("contributor", &withdrawn, "revise", &json!({}));
    office.publish(&office.save(
        "contributor",
        &revised,
        &saving("Thu hồi đất, số liệu đúng"),
    ));
    assert_eq!(
        office.app.get(delivered).send().data()["title"],
        "Thu hồi đất, số liệu đúng"
    );
}

#[rstest]
fn readers_are_sent_to_what_took_its_place(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let old = office.publish(&office.draft("contributor", "Lịch cũ"));
    let new = office.publish(&office.draft("contributor", "Lịch mới"));
    let body = json!({"kind": "redirect", "reason": "Có lịch mới", "redirect_to": new.id});
    office.act("chief", &old, "withdraw", &body);
    let resolved = office
        .app
        .get("/api/v1/sites/hai-tien/resolve?path=/tin-tuc/lich-cu")
        .send()
        .expect_status(200);
    assert_eq!(
        resolved.data(),
        json!({"kind": "redirect", "status": 301, "location": "/tin-tuc/lich-moi"}),
    );
}

#[rstest]
fn a_scheduled_successor_waits_for_a_person(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let published = office.publish(&office.draft("contributor", "Kế hoạch"));
    let revised = office.act("contributor", &published, "revise", &json!({}));
    let approved = office.approve(&office.save("contributor", &revised, &saving("Kế hoạch mới")));
    let scheduled = office.act(
        "chief",
        &approved,
        "schedule",
        &json!({"publish_at": "2026-12-01T00:00:00Z"}),
    );
    let withdrawn = office.act(
        "chief",
        &scheduled,
        "withdraw",
        &json!({"kind": "gone", "reason": "Hủy"}),
    );
    assert_eq!(
        withdrawn.state(),
        "approved",
        "the open edition is shown, and no longer scheduled"
    );
    assert!(withdrawn.data["publish_at"].is_null());
    assert_eq!(withdrawn.data["live"]["state"], "withdrawn");
}

#[rstest]
fn an_old_slug_leads_to_the_new_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let published = office.publish(&office.draft("contributor", "Tên cũ"));
    let revised = office.act("contributor", &published, "revise", &json!({}));
    let mut change = saving("Tên mới");
    change["slug"] = json!("ten-moi");
    office.publish(&office.save("contributor", &revised, &change));
    let moved = office
        .app
        .get("/api/v1/sites/hai-tien/articles/ten-cu")
        .send()
        .expect_status(308);
    assert_eq!(
        moved.header("location"),
        Some("/api/v1/sites/hai-tien/articles/ten-moi")
    );
    let resolved = office
        .app
        .get("/api/v1/sites/hai-tien/resolve?path=/tin-tuc/ten-cu")
        .send();
    assert_eq!(
        resolved.data(),
        json!({"kind": "redirect", "status": 308, "location": "/tin-tuc/ten-moi"})
    );
    // The old address is never given to other content.
    assert_eq!(
        office.draft("contributor", "Tên cũ").data["slug"],
        "ten-cu-2"
    );
}
