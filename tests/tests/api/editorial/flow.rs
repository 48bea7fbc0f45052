//! From a contributor's draft to the public eye and out of it, as DESIGN's table has it.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article, saving};

#[rstest]
fn an_article_goes_all_the_way(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let created = office
        .create("contributor", &article("Đường về xã Hải Lý"))
        .expect_status(201);
    let draft = Seen::of(&created);
    assert_eq!(draft.state(), "draft");
    assert_eq!(draft.data["slug"], "duong-ve-xa-hai-ly");
    assert_eq!(created.header("location"), Some(draft.path().as_str()));

    let saved = office.save(
        "contributor",
        &draft,
        &saving("Đường về xã Hải Lý, mùa muối"),
    );
    assert_eq!(
        (
            saved.data["revision"].as_i64(),
            saved.data["version"].as_i64()
        ),
        (Some(2), Some(2))
    );
    assert_eq!(
        saved.data["slug"], "duong-ve-xa-hai-ly",
        "a missing slug keeps the one there is"
    );

    let submitted = office.act("contributor", &saved, "submit", &json!({}));
    assert_eq!(submitted.state(), "in_review");
    assert_eq!(submitted.allowed(), ["recall"]);
    let seen_by_editor = office.read("editor", &submitted);
    assert_eq!(
        seen_by_editor.allowed(),
        ["save", "assign", "request_changes", "pass"]
    );
    let back = office.act(
        "editor",
        &submitted,
        "request_changes",
        &json!({"comment": "Thiếu ảnh"}),
    );
    assert_eq!(back.state(), "changes_requested");
    let submitted = office.act("contributor", &back, "submit", &json!({}));
    let passed = office.act("editor", &submitted, "pass", &json!({}));
    assert_eq!(passed.state(), "in_approval");
    let approved = office.act("chief", &passed, "approve", &json!({}));
    assert_eq!(approved.state(), "approved");
    assert_eq!(approved.data["approved_by"]["name"], "Người chief");
    let published = office.act("publisher", &approved, "publish", &json!({}));
    assert_eq!(published.state(), "published");
    assert_eq!(
        published.data["live"]["path"],
        "/tin-tuc/duong-ve-xa-hai-ly"
    );

    let history = office
        .get("auditor", &format!("{}/transitions", draft.path()))
        .expect_status(200);
    let actions: Vec<String> = history.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        actions,
        [
            "publish",
            "approve",
            "pass",
            "submit",
            "request_changes",
            "submit",
            "save"
        ],
    );
}
