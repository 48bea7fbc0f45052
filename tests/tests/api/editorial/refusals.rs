//! Every refusal says why and what would be allowed.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

#[rstest]
fn four_eyes_hold_even_after_a_correction(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Tiêm phòng cho trẻ");
    let submitted = office.act("contributor", &draft, "submit", &json!({}));
    // Correcting while reviewing makes the chief an author.
    let corrected = office.save("chief", &submitted, &saving("Tiêm phòng cho trẻ em"));
    assert_eq!(corrected.state(), "in_review");
    let passed = office.act("editor", &corrected, "pass", &json!({}));
    let problem = office
        .act_raw("chief", &passed, "approve", &json!({}))
        .expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "four_eyes");
    assert!(
        problem["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("request_changes"))
    );
    assert_eq!(
        office
            .act("second-chief", &passed, "approve", &json!({}))
            .state(),
        "approved"
    );
}

#[rstest]
fn an_edit_voids_the_approval(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Công khai dự toán quý III");
    let approved = office.approve(&draft);
    // Contributors may not touch what is approved, not even their own.
    office
        .save_raw("contributor", &approved, &saving("Khác"))
        .expect_problem(403, "forbidden");
    let edited = office.save(
        "editor",
        &approved,
        &saving("Công khai dự toán quý III năm 2026"),
    );
    assert_eq!(edited.state(), "in_approval");
    assert!(edited.data["approved_by"].is_null());
    let refused = office.act_raw("publisher", &edited, "publish", &json!({}));
    let problem = refused.expect_problem(409, "action_refused");
    assert_eq!(problem["reason"], "state");
    office
        .act_raw("publisher", &approved, "publish", &json!({}))
        .expect_problem(412, "precondition_failed");
}

#[rstest]
fn rights_come_before_versions_and_versions_before_states(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Đường bê tông nông thôn");
    let path = format!("{}/actions/approve", draft.path());
    let post = |who: &str| {
        office
            .app
            .post(&path)
            .bearer(&office.token(who))
            .json(&json!({}))
    };
    post("contributor").send().expect_problem(403, "forbidden");
    post("chief")
        .send()
        .expect_problem(428, "precondition_required");
    post("chief")
        .if_match("\"stale\"")
        .send()
        .expect_problem(412, "precondition_failed");
    post("chief")
        .if_match(&draft.etag)
        .send()
        .expect_problem(409, "action_refused");
    post("stranger")
        .if_match(&draft.etag)
        .send()
        .expect_problem(404, "not_found");
    post("platform")
        .if_match(&draft.etag)
        .send()
        .expect_problem(403, "forbidden");
}

#[rstest]
fn an_author_recalls_and_nobody_else(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Lễ hội làng");
    office
        .act_raw("other-contributor", &draft, "submit", &json!({}))
        .expect_problem(403, "forbidden");
    let submitted = office.act("contributor", &draft, "submit", &json!({}));
    let problem = office
        .act_raw("other-contributor", &submitted, "recall", &json!({}))
        .expect_problem(403, "forbidden");
    assert_eq!(problem["reason"], "not_an_author");
    assert_eq!(
        office
            .act("contributor", &submitted, "recall", &json!({}))
            .state(),
        "draft"
    );
}

#[rstest]
fn what_is_incomplete_is_saved_and_not_handed_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let body = json!({"type": "article", "section": "tin-tuc", "title": "Nháp"});
    let draft = crate::desk::Seen::of(&office.create("contributor", &body).expect_status(201));
    let submit = draft.data["available_actions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["action"] == "submit");
    assert_eq!(submit.unwrap()["reason"], "fields");
    let problem = office
        .act_raw("contributor", &draft, "submit", &json!({}))
        .expect_problem(422, "invalid_content");
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/content/lead", "/content/body"]);
}

#[rstest]
fn assigning_takes_somebody_who_may_act(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Nước sạch");
    let to = |who: &str| json!({"user_id": office.world.people[who]});
    let assigned = office.act("editor", &draft, "assign", &to("second-chief"));
    assert_eq!(assigned.data["assignee"]["name"], "Người second-chief");
    assert_eq!(assigned.state(), "draft");
    for nobody in ["stranger", "auditor", "other-contributor"] {
        let refused = office.act_raw("editor", &assigned, "assign", &to(nobody));
        let problem = refused.expect_problem(422, "invalid_content");
        assert_eq!(problem["errors"][0]["pointer"], "/user_id", "{nobody}");
    }
    let mine = format!(
        "/api/v1/editorial/entries?filter[assignee]={}",
        office.world.people["second-chief"]
    );
    assert_eq!(
        office.get("chief", &mine).expect_status(200).json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[rstest]
fn a_site_that_is_closed_takes_no_writing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Trước khi đóng");
    let site = "/api/v1/admin/sites/hai-tien";
    let read = office.get("platform", site).expect_status(200);
    let body = json!({"title": read.data()["title"], "status": "read_only", "successor": null});
    let put = office
        .app
        .put(site)
        .bearer(&office.token("platform"))
        .if_match(read.etag())
        .json(&body)
        .send();
    put.expect_status(200);
    let problem = office
        .act_raw("contributor", &draft, "submit", &json!({}))
        .expect_problem(409, "state_conflict");
    assert_eq!(problem["reason"], "site_not_active");
    office
        .save_raw("contributor", &draft, &saving("Sau"))
        .expect_problem(409, "state_conflict");
    office
        .create("contributor", &crate::desk::article("Sau"))
        .expect_problem(409, "state_conflict");
    let read = office.read("contributor", &draft);
    assert!(read.allowed().is_empty(), "nothing is on offer");
}

#[rstest]
fn deleting_is_for_what_was_never_handed_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Xóa được");
    let delete = |who: &str, etag: &str| {
        office
            .app
            .delete(&draft.path())
            .bearer(&office.token(who))
            .if_match(etag)
            .send()
    };
    delete("other-contributor", &draft.etag).expect_problem(403, "forbidden");
    delete("contributor", "\"x\"").expect_problem(412, "precondition_failed");
    delete("contributor", &draft.etag).expect_status(204);
    office
        .get("contributor", &draft.path())
        .expect_problem(404, "not_found");
    // Its slug is free again.
    assert_eq!(
        office.draft("contributor", "Xóa được").data["slug"],
        "xoa-duoc"
    );

    let submitted = office.act(
        "contributor",
        &office.draft("contributor", "Không xóa"),
        "submit",
        &json!({}),
    );
    let recalled = office.act("contributor", &submitted, "recall", &json!({}));
    let refused = office
        .app
        .delete(&recalled.path())
        .bearer(&office.token("contributor"))
        .if_match(&recalled.etag);
    refused.send().expect_problem(409, "not_deletable");
}
