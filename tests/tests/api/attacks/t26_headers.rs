//! T26, headers: what browsers are told to refuse, on every answer, good or bad. The test kit looks at
//! each answer of each test; here every kind of answer is asked for.

use std::collections::BTreeSet;

use loa_testkit::{Answer, Backend, TestApp};
use rstest::rstest;

use super::walk;
use crate::access::cells::{Call, Stage};

/// What is said here again, so that nothing rests on the test kit alone.
#[track_caller]
fn guarded(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{answer}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}: {answer}");
    }
    assert!(
        !policy.contains("unsafe-eval") && !policy.contains('*'),
        "{policy}"
    );
    for name in ["server", "x-powered-by", "strict-transport-security"] {
        assert_eq!(answer.header(name), None, "{answer}");
    }
}

#[rstest]
fn every_kind_of_answer_is_guarded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let steps = walk::all(&stage);
    let mut seen = BTreeSet::new();
    let mut note = |answer: Answer| {
        guarded(&answer);
        seen.insert(answer.status);
    };
    // Answers that no operation gives by itself.
    let live = stage.published();
    let slug = live.data["slug"].as_str().unwrap();
    let article = format!("/api/v1/sites/hai-tien/articles/{slug}");
    let read = app.get(&article).send();
    note(
        app.get(&article)
            .header("if-none-match", read.etag())
            .send(),
    );
    note(app.get(&article).header("accept-encoding", "br").send());
    let gone = serde_json::json!({"kind": "gone", "reason": "Sai"});
    stage.office.act("chief", &live, "withdraw", &gone);
    note(app.get(&article).send());
    // Some of these end sessions, so they come last.
    for step in &steps {
        let path = &step.call.path;
        note(step.operation.request(app, path).send());
        note(app.get(path).bearer("x").send());
        note(app.request("BREW", path).send());
        note(app.head(path).send());
        note(app.options(path).send());
        let preflight = app.options(path).header("origin", "https://example.com");
        note(
            preflight
                .header("access-control-request-method", "PUT")
                .send(),
        );
        note(step.send(&stage, &step.asking("khong_co=1")));
        note(step.send(&stage, &step.call));
    }
    for path in ["/nowhere", "//", "/%ff", "/docs", "/docs/", "/docs/none.js"] {
        note(app.get(path).send());
    }
    let large = "a".repeat(3 << 20);
    let login = app.post("/api/v1/auth/login");
    note(login.body("application/json", large).send());
    let login = app.post("/api/v1/auth/login");
    note(login.body("text/plain", "x").send());
    app.database()
        .sql()
        .execute("ALTER TABLE sites RENAME TO hidden_sites");
    // Not kept ready from before.
    let fault = "/api/v1/sites?page%5Bsize%5D=7".to_owned();
    note(Call::raw("GET", fault).send(app, None));
    let all = [
        200, 201, 204, 304, 400, 401, 404, 405, 410, 413, 415, 422, 500,
    ];
    for status in all {
        assert!(
            seen.contains(&status),
            "{status} was not asked for: {seen:?}"
        );
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

/// A cache between browsers and Loa may give one's answer to another: either both would get the same,
/// or the answer says that it depends on who asks.
#[rstest]
fn what_depends_on_the_origin_says_so(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const ALLOW: &str = "access-control-allow-origin";
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    for step in walk::all(&stage) {
        let path = &step.call.path;
        let asked = |origin: Option<&str>| {
            let request = app.request("GET", path).header("x-request-id", "one");
            match origin {
                Some(origin) => request.header("origin", origin).send(),
                None => request.send(),
            }
        };
        let answers = [None, Some("https://a.example"), Some("null")].map(asked);
        for answer in &answers {
            let varies = answer.headers.get_all("vary").iter();
            let mut varies = varies.filter_map(|value| value.to_str().ok());
            let says_so = varies.any(|value| value.to_lowercase().contains("origin"));
            let same = answers
                .iter()
                .all(|other| other.header(ALLOW) == answer.header(ALLOW));
            assert!(
                says_so || (same && answer.header(ALLOW) == Some("*")),
                "{path}: {answer}"
            );
        }
    }
}
