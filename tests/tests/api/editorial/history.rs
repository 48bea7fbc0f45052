//! Revisions, differences, restoring.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

#[rstest]
fn revisions_are_listed_compared_and_restored(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let draft = office.draft("contributor", "Bản một");
    let second = office.save("contributor", &draft, &saving("Bản hai"));
    let third = office.save("editor", &second, &saving("Bản ba"));
    let list = office
        .get(
            "auditor",
            &format!("{}/revisions?page[size]=2", draft.path()),
        )
        .expect_status(200);
    let titles = |list: &serde_json::Value| -> Vec<String> {
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles(&list.json()), ["Bản ba", "Bản hai"]);
    assert!(list.header("link").unwrap().contains("rel=\"next\""));
    let next = list.json()["page"]["next"].as_str().unwrap().to_owned();
    let rest = office.get(
        "auditor",
        &format!("{}/revisions?page[size]=2&page[after]={next}", draft.path()),
    );
    assert_eq!(titles(&rest.json()), ["Bản một"]);
    // A cursor fits the list it came from and no other.
    let other = office.get(
        "auditor",
        &format!("{}/transitions?page[after]={next}", draft.path()),
    );
    other.expect_problem(400, "cursor_invalid");

    let diff = office
        .get("auditor", &format!("{}/revisions/1/diff/3", draft.path()))
        .expect_status(200)
        .data();
    let pointers: Vec<&str> = diff["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/content/body", "/content/lead", "/title"]);
    assert!(
        diff["fields"][2]["hunks"]
            .as_array()
            .unwrap()
            .contains(&json!({"kind": "insert", "text": "ba"}))
    );

    let restore = |n: i32, etag: &str| {
        let path = format!("{}/revisions/{n}/restore", draft.path());
        office
            .app
            .post(&path)
            .bearer(&office.token("contributor"))
            .if_match(etag)
            .send()
    };
    restore(9, &third.etag).expect_problem(404, "not_found");
    restore(1, &draft.etag).expect_problem(412, "precondition_failed");
    let restored = restore(1, &third.etag).expect_status(200).data();
    assert_eq!(
        (restored["title"].as_str(), restored["revision"].as_i64()),
        (Some("Bản một"), Some(4))
    );
    let first = office
        .get("auditor", &format!("{}/revisions/1", draft.path()))
        .expect_status(200)
        .data();
    let fourth = office
        .get("auditor", &format!("{}/revisions/4", draft.path()))
        .expect_status(200)
        .data();
    assert_eq!(first["sha256"], fourth["sha256"]);
    office
        .get("auditor", &format!("{}/revisions/5", draft.path()))
        .expect_problem(404, "not_found");
}
