//! `/healthz`, `/readyz`, `/`, `/problems`, `/docs` and the document.

use loa_testkit::{Backend, TestApp};
use rstest::rstest;
use serde_json::json;

#[rstest]
fn a_fresh_server_is_alive_and_ready(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).send().expect_status(200);
        assert_eq!(answer.json(), json!({ "data": { "status": "ok" } }));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[rstest]
fn the_index_leads_everywhere(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    let index = app.get("/").send().expect_status(200).data();
    assert_eq!(index["name"], "Loa");
    for member in ["docs", "openapi", "problems"] {
        let path = index[member].as_str().unwrap();
        app.get(path).send().expect_status(200);
    }
}

#[rstest]
fn problem_pages_are_found_and_others_are_not(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    let page = app.get("/problems/not_found").send().expect_status(200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(page.text().contains("Không tìm thấy"));
    let problem = app.get("/problems/made_up").send();
    let problem = problem.expect_problem(404, "not_found");
    assert_eq!(problem["type"], "/problems/not_found");
}

#[rstest]
fn the_document_is_served_as_it_is(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    let answer = app.get("/api/v1/openapi.json").send().expect_status(200);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    let code: serde_json::Value =
        serde_json::from_str(&loa_api::document().to_json().unwrap()).unwrap();
    assert_eq!(document, code);
}

#[test]
fn every_operation_has_an_id_of_its_own_and_described_responses() {
    let document: serde_json::Value =
        serde_json::from_str(&loa_api::document().to_json().unwrap()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id), "{method} {path}: {id}");
            assert!(operation["security"].is_array(), "{method} {path}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let description = response["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{method} {path} {status}");
            }
        }
    }
}
