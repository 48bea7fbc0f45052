//! What every answer has: an id, security headers, the caller's language.

use loa_testkit::{Backend, TestApp};
use rstest::rstest;

#[rstest]
fn the_request_id_comes_back(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    let given = app.get("/nowhere").header("x-request-id", "abc-1").send();
    assert_eq!(given.header("x-request-id"), Some("abc-1"));
    assert_eq!(given.expect_problem(404, "not_found")["trace_id"], "abc-1");

    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-01");
    let traced = app.get("/").header("traceparent", &traceparent).send();
    assert_eq!(traced.header("x-request-id"), Some(trace));

    let odd = app.get("/").header("x-request-id", "a b;c").send();
    let made = odd.header("x-request-id").unwrap();
    assert!(
        made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()),
        "{made}"
    );
}

#[rstest]
fn security_headers_are_everywhere(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for path in ["/", "/readyz", "/nowhere", "/problems/not_found", "/docs/"] {
        let answer = app.get(path).send();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("server"), None, "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
}

#[rstest]
fn hsts_is_sent_when_asked_for(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let options = loa_api::ApiOptions {
        hsts: true,
        ..Default::default()
    };
    let Some(app) = TestApp::builder(backend).options(options).start() else {
        return;
    };
    let answer = app.get("/").send();
    let hsts = answer.header("strict-transport-security").unwrap();
    assert!(hsts.starts_with("max-age=31536000"), "{hsts}");
}

#[rstest]
fn problems_speak_the_callers_language(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for (accepted, language, title) in [
        (None, "vi", "Không tìm thấy"),
        (Some("en"), "en", "Not found"),
        (Some("fr, en;q=0.8, vi;q=0.5"), "en", "Not found"),
        (Some("en;q=0.1, vi"), "vi", "Không tìm thấy"),
        (Some("fr"), "vi", "Không tìm thấy"),
    ] {
        let mut request = app.get("/nowhere");
        if let Some(accepted) = accepted {
            request = request.header("accept-language", accepted);
        }
        let answer = request.send();
        assert_eq!(
            answer.header("content-language"),
            Some(language),
            "{accepted:?}"
        );
        assert_eq!(answer.header("vary"), Some("Accept-Language"));
        assert_eq!(answer.expect_problem(404, "not_found")["title"], title);
    }
}

#[rstest]
fn broken_requests_are_refused_below_the_application(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    for bytes in [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    ] {
        let answer = app.raw(bytes.as_bytes());
        assert_eq!(answer.statuses(), [400], "{bytes:?}: {}", answer.text());
    }
    app.get("/readyz").send().expect_status(200);
}
