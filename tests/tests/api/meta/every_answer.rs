//! What every answer has: an id, the caller's language. Security headers are in `attacks`.

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
