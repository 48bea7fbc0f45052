//! Unknown paths, unknown methods, HEAD and OPTIONS.

use loa_testkit::{Backend, TestApp};
use rstest::rstest;

#[rstest]
fn unknown_paths_are_problems(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in [
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v2/sites",
        "/healthz/",
        "//",
        "/%ff",
        "/xã",
    ] {
        app.get(path).send().expect_problem(404, "not_found");
    }
}

#[rstest]
fn a_known_path_names_its_methods(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in [
        "/",
        "/healthz",
        "/problems/not_found",
        "/api/v1/openapi.json",
    ] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"] {
            let answer = app.request(method, path).send();
            assert_eq!(
                answer.header("allow"),
                Some("GET, HEAD, OPTIONS"),
                "{answer}"
            );
            answer.expect_problem(405, "method_not_allowed");
        }
        let answer = app.options(path).send().expect_status(204);
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}

#[rstest]
fn head_is_get_without_the_body(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in [
        "/",
        "/readyz",
        "/problems/not_found",
        "/api/v1/openapi.json",
        "/nowhere",
    ] {
        let get = app.get(path).send();
        let head = app.head(path).send();
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}
