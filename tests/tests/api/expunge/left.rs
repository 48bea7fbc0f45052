//! What the board sees of an expunged revision: a mark in the history, and a clear answer elsewhere.

use serde_json::json;

use super::{expunge, leaky_save, number, on_each};
use crate::desk::saving;

#[test]
fn history_shows_a_mark_and_everything_else_says_why() {
    on_each(|office| {
        let draft = office.draft("contributor", "Một");
        let second = office.save("contributor", &draft, &leaky_save("Hai"));
        let third = office.save("editor", &second, &saving("Ba"));
        let get = |path: &str| office.get("auditor", &format!("{}{path}", draft.path()));
        let before = get("/revisions/2").expect_status(200).data();
        expunge(office, &third, number());

        let list = get("/revisions").expect_status(200).data();
        let marked = &list[1];
        assert_eq!(marked["revision"], 2);
        assert_eq!(marked["title"], "[đã xóa vĩnh viễn / expunged]");
        assert!(marked["expunged_at"].is_string());
        for same in ["sha256", "author", "created_at", "edition"] {
            assert_eq!(marked[same], before[same], "{same}");
        }
        assert!(list[0]["expunged_at"].is_null() && list[2]["expunged_at"].is_null());
        get("/revisions/2").expect_problem(410, "expunged");
        get("/revisions/1/diff/2").expect_problem(410, "expunged");
        get("/revisions/2/diff/3").expect_problem(410, "expunged");
        get("/revisions/1/diff/3").expect_status(200);
        let now = office.read("contributor", &third);
        let restore = |n: i32| {
            let path = format!("{}/revisions/{n}/restore", draft.path());
            let post = office.app.post(&path).bearer(&office.token("contributor"));
            post.if_match(&now.etag).send()
        };
        restore(2).expect_problem(410, "expunged");
        let path = format!("{}/preview-links", draft.path());
        let link = office.app.post(&path).bearer(&office.token("contributor"));
        let link = link.json(&json!({"revision": 2})).send();
        link.expect_problem(410, "expunged");
        assert_eq!(restore(1).expect_status(200).data()["title"], "Một");
        get("/editions").expect_status(200);
        get("/transitions").expect_status(200);
    });
}

#[test]
fn approvals_still_fit_the_hash() {
    on_each(|office| {
        let draft = office
            .create("contributor", &super::leaky("Thẻ"))
            .expect_status(201);
        let live = office.publish(&crate::desk::Seen::of(&draft));
        expunge(office, &live, number());
        let rows = office.app.database().sql().dump("editions");
        let list = office
            .get("auditor", &format!("{}/revisions", live.path()))
            .data();
        let hash = list[0]["sha256"].as_str().unwrap();
        assert!(
            rows[0].contains(&format!("approved_sha256={hash}")),
            "{rows:?}"
        );
    });
}
