//! T21, cost: what one request can make the server do is bounded, and what is beyond the bounds is
//! refused, not worked off. Clients that are slow on purpose are in `crates/server/tests/cli` too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use loa_api::ApiOptions;
use loa_testkit::{Backend, TestApp};
use rstest::rstest;
use serde_json::{Value, json};

use super::walk;
use crate::access::cells::{Stage, post};
use crate::desk::{Office, article};

/// After whatever was asked, the server is there for others.
#[track_caller]
fn still_there(app: &TestApp) {
    app.get("/readyz").send().expect_status(200);
}

/// A list of lists of lists.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[rstest]
fn bodies_are_bounded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let app = &office.app;
    let limit = ApiOptions::default().body_limit;
    let entries = "/api/v1/editorial/sites/hai-tien/entries";
    let token = office.token("contributor");
    let large = format!("{{\"title\":\"{}\"}}", "a".repeat(limit));
    let request = app.post(entries).bearer(&token);
    let answer = request.body("application/json", large.clone()).send();
    answer.expect_problem(413, "payload_too_large");
    // Who has no account sends little.
    let most = "a".repeat(16 << 10);
    for path in ["login", "refresh", "password-links/khong-co"] {
        let path = format!("/api/v1/auth/{path}");
        for body in [&most, &large] {
            let body = format!("{{\"x\":\"{body}\"}}");
            let answer = app.post(&path).body("application/json", body).send();
            answer.expect_problem(413, "payload_too_large");
        }
    }
    // Of unknown length: what is too much is not read to its end.
    let chunk = format!("4000\r\n{}\r\n", "a".repeat(0x4000));
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = app.raw(format!("{head}{}", chunk.repeat(8)).as_bytes());
    assert_eq!(answer.statuses(), [413], "{}", answer.text());
    // A length that is a lie, and one that no machine has.
    for length in ["18446744073709551615", "99999999999999999999", "-1", "0x10"] {
        let head = head.replace(
            "Transfer-Encoding: chunked",
            &format!("Content-Length: {length}"),
        );
        let answer = app.raw(head.as_bytes());
        let [status] = answer.statuses()[..] else {
            panic!("{length}: {}", answer.text());
        };
        assert!([400, 413].contains(&status), "{length}: {status}");
    }
    still_there(app);
}

#[rstest]
fn depth_is_bounded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let app = &office.app;
    let token = office.token("contributor");
    let entries = "/api/v1/editorial/sites/hai-tien/entries";
    for depth in [200, 7_000] {
        let lists = nested(depth);
        let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        for deep in [&lists, &objects] {
            for body in [deep.clone(), format!("{{\"email\":{deep}}}")] {
                let request = app.post("/api/v1/auth/login");
                let answer = request.body("application/json", body).send();
                assert!([400, 413, 422].contains(&answer.status), "{answer}");
            }
        }
    }
    for depth in [200, 500_000] {
        let title = json!("Bài sâu").to_string();
        let deep = nested(depth);
        let inside = [
            format!(
                "{{\"type\":\"article\",\"section\":\"tin-tuc\",\"title\":{title},\"content\":{deep}}}"
            ),
            format!(
                "{{\"type\":\"article\",\"section\":\"tin-tuc\",\"title\":{title},\"content\":{{\"body\":{deep}}}}}"
            ),
            format!(
                "{{\"type\":\"article\",\"section\":\"tin-tuc\",\"title\":{title},\"tags\":{deep}}}"
            ),
        ];
        for body in inside {
            let request = app.post(entries).bearer(&token);
            let answer = request.body("application/json", body).send();
            assert!([400, 422].contains(&answer.status), "{answer}");
        }
    }
    // HTML as deep as a body has room for.
    let mut body = article("Thẻ lồng nhau");
    body["content"]["body"] = json!("<b>".repeat(300_000));
    let answer = office.create("contributor", &body);
    assert!([201, 422].contains(&answer.status), "{}", answer.status);
    still_there(app);
}

#[rstest]
fn heads_and_queries_are_bounded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let app = &office.app;
    let get = |path: &str, headers: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        let answer = app.raw(head.as_bytes());
        let statuses = answer.statuses();
        assert!(statuses.len() <= 1, "{statuses:?}");
        // Closed without a word is an answer too.
        statuses.first().copied().unwrap_or(431)
    };
    let long = "a".repeat(200_000);
    for status in [
        get(&format!("/{long}"), ""),
        get(&format!("/api/v1/sites?filter%5Bhost%5D={long}"), ""),
        get("/healthz", &format!("X-Long: {long}\r\n")),
        get("/healthz", &"X-Many: 1\r\n".repeat(2_000)),
    ] {
        assert!([400, 414, 431].contains(&status), "{status}");
    }
    // Within the head there is room for many parameters, tags and languages: read once, and no more.
    let names: String = (0..8_000).map(|n| format!("p{n}=1&")).collect();
    assert_eq!(get(&format!("/api/v1/sites?{names}"), ""), 400);
    let same = "locale=vi&".repeat(8_000);
    assert_eq!(get(&format!("/api/v1/sites?{same}"), ""), 400);
    let tags = "\"x\",".repeat(15_000);
    let headers = format!("If-None-Match: {tags}\"y\"\r\n");
    assert_eq!(get("/api/v1/sites", &headers), 200);
    let languages = "en;q=0.1,".repeat(6_000);
    let headers = format!("Accept-Language: {languages}vi\r\nAccept-Encoding: {languages}br\r\n");
    assert_eq!(get("/api/v1/sites", &headers), 200);
    still_there(app);
}

/// Pages, lists of values and counts, on every list.
#[rstest]
fn lists_are_bounded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for _ in 0..3 {
        stage.published();
    }
    let mut lists = 0;
    for step in walk::all(&stage) {
        if !step.operation.query.iter().any(|name| name == "page[size]") {
            continue;
        }
        lists += 1;
        let id = &step.operation.id;
        let most = step.send(&stage, &step.asking("page%5Bsize%5D=100"));
        assert_eq!(most.status, 200, "{id}: {most}");
        assert_eq!(most.json()["page"]["size"], 100, "{id}");
        for more in ["101", "1000000", "all", "-1"] {
            let more = step.send(&stage, &step.asking(&format!("page%5Bsize%5D={more}")));
            assert_eq!(more.status, 400, "{id}: {more}");
        }
        let usual = step.send(&stage, &step.call).expect_status(200).json();
        assert_eq!(usual["page"]["size"], 20, "{id}");
        if step.operation.query.iter().any(|name| name == "count") {
            let counted = step.send(&stage, &step.asking("count=true")).json();
            let total = counted["meta"]["total"].as_u64();
            assert!(
                total.is_some_and(|total| total <= 10_000),
                "{id}: {counted}"
            );
        }
    }
    assert!(lists > 10, "{lists}");
    let no_lists = walk::all(&stage).into_iter().filter(|step| {
        let lists = step.operation.id.starts_with("list_");
        lists && !step.operation.query.iter().any(|name| name == "page[size]")
    });
    // Lists without pages are those that something else keeps short.
    let short: Vec<String> = no_lists.map(|step| step.operation.id).collect();
    let known = [
        "list_admin_sections",
        "list_successions",
        "list_memberships",
        "list_content_types",
        "list_editions",
        "list_preview_links",
        "list_site_sections",
        "list_problems",
    ];
    for id in &short {
        assert!(known.contains(&id.as_str()), "{id} has no pages");
    }
}

/// A body that comes a byte at a time is given up in time, and nothing of it is done.
#[rstest]
fn a_slow_body_is_given_up(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let options = ApiOptions {
        body_timeout: Duration::from_millis(700),
        ..Default::default()
    };
    let Some(app) = TestApp::builder(backend).options(options).start() else {
        return;
    };
    loa_testkit::world::build(&app);
    let token = loa_testkit::world::token(&app, "contributor");
    for (path, credentials) in [
        ("/api/v1/auth/login", String::new()),
        (
            "/api/v1/editorial/sites/hai-tien/entries",
            format!("Authorization: Bearer {token}\r\n"),
        ),
    ] {
        let mut stream = TcpStream::connect(app.address()).unwrap();
        // The pace of the client: each wait for an answer is one, and ends with a byte more.
        let pace = Some(Duration::from_millis(50));
        stream.set_read_timeout(pace).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{credentials}Content-Type: application/json\r\n\
             Content-Length: 10000\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let started = Instant::now();
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !answer.ends_with(b"}") {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "{path}: no end"
            );
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => answer.extend(buffer.iter().take(count)),
                Err(_) => stream.write_all(b" ").unwrap_or_default(),
            }
        }
        let text = String::from_utf8(answer).unwrap();
        assert!(text.starts_with("HTTP/1.1 408"), "{path}: {text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("nosniff"), "{head}");
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["code"], "request_timeout");
        still_there(&app);
    }
}

/// Two hashes at a time: whoever sends many passwords waits, and nobody else does.
#[rstest]
fn many_sign_ins_keep_nobody_from_reading(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    loa_testkit::world::build(&app);
    std::thread::scope(|scope| {
        let app = &app;
        let attempts: Vec<_> = (0..12)
            .map(|n| {
                scope.spawn(move || {
                    let email = format!("nguoi{n}@loa.example.vn");
                    let body = json!({"email": email, "password": "sai"});
                    post("/auth/login").body(body).send(app, None).status
                })
            })
            .collect();
        for _ in 0..5 {
            app.get("/api/v1/sites").send().expect_status(200);
        }
        for attempt in attempts {
            let status = attempt.join().unwrap();
            assert!([401, 503].contains(&status), "{status}");
        }
    });
    still_there(&app);
}
