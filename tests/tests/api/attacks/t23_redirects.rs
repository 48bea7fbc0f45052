//! T23, redirects and links: nobody is sent anywhere but to this installation, whatever a client
//! writes into a body, a query, a path or `Host`.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use super::walk;
use crate::access::cells::{Call, Stage, get, post, put};
use crate::desk::{Seen, article};

const EVIL: &str = "evil.example";

#[rstest]
fn withdrawal_redirects_to_what_is_ours(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let live = stage.published();
    let own = live.data["slug"].as_str().unwrap().to_owned();
    stage.office.token("chief");
    let before = stage.tally();
    for target in [
        format!("https://{EVIL}/"),
        format!("http://{EVIL}"),
        format!("//{EVIL}/x"),
        format!("/\\{EVIL}"),
        format!("\\\\{EVIL}"),
        format!("///{EVIL}"),
        format!("/tin-tuc/../..//{EVIL}"),
        format!("/%2F{EVIL}"),
        format!("https://haitien.ninhbinh.example.vn@{EVIL}/"),
        "https://haitien.ninhbinh.example.vn/tin-tuc/x".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:text/html,x".to_owned(),
        "/tin-tuc/x\r\nLocation: https://evil.example".to_owned(),
        "/tin-tuc/x\u{0}".to_owned(),
        format!("/tin-tuc/{own}"),
        live.id.clone(),
        String::new(),
        "/".to_owned(),
        "tin-tuc".to_owned(),
    ] {
        let body = json!({"kind": "redirect", "reason": "Trùng", "redirect_to": target});
        let answer = stage.office.act_raw("chief", &live, "withdraw", &body);
        assert_eq!(answer.status, 422, "{target:?}: {answer}");
    }
    assert_eq!(stage.tally(), before);
}

/// A host that is given up may be anybody's tomorrow.
#[rstest]
fn nobody_is_sent_to_a_host_that_was_given_up(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let target = office.create_at("stranger", "giao-thuy", &article("Bài chung"));
    let target = Seen::of(&target.expect_status(201));
    office.act(
        "stranger",
        &target,
        "force_publish",
        &json!({"reason": "Khẩn"}),
    );
    let own = stage.published();
    let withdraw = json!({"kind": "redirect", "reason": "Trùng", "redirect_to": target.id});
    office.act("chief", &own, "withdraw", &withdraw);
    let slug = own.data["slug"].as_str().unwrap();
    let paths = [
        format!("/api/v1/sites/hai-tien/resolve?path=/tin-tuc/{slug}"),
        format!("/api/v1/sites/hai-tien/articles/{slug}"),
    ];
    let resolved = office.app.get(&paths[0]).send().expect_status(200);
    let location = resolved.data()["location"].as_str().unwrap().to_owned();
    assert!(
        location.starts_with("https://giaothuy.ninhbinh.example.vn/"),
        "{location}"
    );
    let kept = resolved.header("cache-control").unwrap();
    assert!(
        kept.contains("max-age=30") || kept.contains("max-age=60"),
        "{kept}"
    );
    office.app.get(&paths[1]).send().expect_status(301);

    let settings = "/admin/sites/giao-thuy/settings";
    let (mut body, etag) = stage.look(settings);
    body["hosts"] = json!(["moi.giaothuy.example.vn"]);
    let call = put(settings, &etag).body(body);
    stage.send("platform", &call).expect_status(200);
    // Kept answers of this site know of it after a minute.
    office.app.clock.advance(chrono::TimeDelta::seconds(61));
    for path in &paths {
        let answer = office.app.get(path).send();
        assert!(!answer.text().contains("giaothuy"), "{answer}");
        answer.expect_problem(410, "withdrawn");
    }
}

/// Every operation, asked in the name of another host in every way there is.
#[rstest]
fn hosts_of_requests_appear_in_no_answer(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    stage.published();
    for step in walk::all(&stage) {
        if step.operation.method != "GET" {
            continue;
        }
        let path = &step.call.path;
        let token = step.token(&stage);
        let token = token.map_or_else(String::new, |t| format!("Authorization: Bearer {t}\r\n"));
        for (target, host) in [
            (path.clone(), EVIL.to_owned()),
            (format!("http://{EVIL}{path}"), "x".to_owned()),
            (path.clone(), format!("x@{EVIL}:80")),
        ] {
            let bytes = format!(
                "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{token}\
                 X-Forwarded-Host: {EVIL}\r\nX-Host: {EVIL}\r\nX-Forwarded-Proto: {EVIL}\r\n\
                 Forwarded: host={EVIL};proto=http\r\nOrigin: https://{EVIL}\r\n\
                 Referer: https://{EVIL}/\r\nX-Original-URL: //{EVIL}\r\nX-Rewrite-URL: //{EVIL}\r\n\r\n"
            );
            let answer = stage.office.app.raw(bytes.as_bytes());
            assert_eq!(answer.statuses().len(), 1, "{target}: {}", answer.text());
            assert!(!answer.text().contains(EVIL), "{target}: {}", answer.text());
        }
    }
}

/// Paths that look like other hosts lead nowhere.
#[rstest]
fn odd_paths_redirect_nowhere(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for path in [
        "//evil.example",
        "//evil.example/docs",
        "/docs//evil.example",
        "/docs/..//evil.example",
        "/%2F%2Fevil.example",
        "/\\evil.example",
        "/docs?x=//evil.example",
        "/.//evil.example",
    ] {
        let bytes = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = stage.office.app.raw(bytes.as_bytes()).text();
        let location = answer
            .lines()
            .find(|line| line.to_lowercase().starts_with("location:"));
        let foreign = location.is_some_and(|line| !line.trim_end().ends_with(": /docs/"));
        assert!(!foreign, "{path}: {answer}");
    }
}

/// Signing in leads nowhere: there is no parameter for it.
#[rstest]
fn signing_in_has_no_way_back(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    for name in ["return_to", "redirect_uri", "next", "RelayState", "url"] {
        for path in ["login", "refresh", "password-links/khong-co"] {
            let mut body: Value = match path {
                "login" => json!({"email": "editor@loa.example.vn", "password": "x"}),
                "refresh" => json!({"refresh_token": "x"}),
                _ => json!({"password": "mot mat khau moi rat dai"}),
            };
            let query = format!("/api/v1/auth/{path}?{name}=https://{EVIL}");
            let asked = Call::raw("POST", query).body(body.clone());
            asked
                .send(app, None)
                .expect_problem(400, "unknown_parameter");
            body[name] = json!(format!("https://{EVIL}"));
            let asked = post(format!("/auth/{path}")).body(body);
            asked.send(app, None).expect_problem(422, "invalid_content");
        }
    }
    // What a link to set a password is made of: a path, so no host can be put in.
    let person = stage.person();
    let made = stage.send("admin", &post(format!("{}/password-link", person.path)));
    let made = made.expect_status(200).data();
    assert!(made["url_path"].as_str().unwrap().starts_with("/api/v1/"));
    let me = get("/auth/me").send(app, Some(&stage.office.token("editor")));
    assert!(me.header("location").is_none());
}
