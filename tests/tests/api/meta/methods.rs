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

/// The next request of a connection may be there before the answer to HEAD is written.
#[rstest]
fn head_has_no_body_whatever_comes_next(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in [
        "/",
        "/readyz",
        "/problems",
        "/nowhere",
        "/api/v1/sites",
        "/api/v1/sites?page[limit]=7",
        "/api/v1/units",
        "/api/v1/admin/users",
    ] {
        for next in ["GET /healthz", "POST /healthz", "BREW /nowhere"] {
            let both = format!(
                "HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n\
                 {next} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            );
            let answers = app.raw(both.as_bytes());
            let text = answers.text();
            assert_eq!(answers.statuses().len(), 2, "{path}, {next}: {text}");
            let (_, rest) = text.split_once("\r\n\r\n").unwrap();
            assert!(rest.starts_with("HTTP/1.1 "), "{path}, {next}: {text}");
            let head = text.split("\r\n\r\n").next().unwrap().to_lowercase();
            let lengths = head.matches("content-length: ").count();
            assert_eq!(lengths, 1, "{path}: {head}");
            assert!(!head.contains("content-length: 0"), "{path}: {head}");
            assert!(!head.contains("transfer-encoding"), "{path}: {head}");
        }
    }
}
