//! T16, what tries are counted by: the account with the network, the network, and the account over all
//! networks it is not known at, whoever asks and however either is written. What belongs to known devices
//! and networks is in `t16_lockout`.

use chrono::TimeDelta;
use loa_api::ApiOptions;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, TestApp};
use rstest::rstest;
use serde_json::json;

fn login(app: &TestApp, email: &str, password: &str, from: Option<&str>) -> Answer {
    let mut request = app.post("/api/v1/auth/login");
    if let Some(from) = from {
        request = request.header("x-forwarded-for", from);
    }
    request
        .json(&json!({"email": email, "password": password}))
        .send()
}

fn fail(app: &TestApp, email: &str, from: Option<&str>) -> u16 {
    login(app, email, "không phải mật khẩu này", from).status
}

#[rstest]
fn an_account_is_closed_after_five_failures_however_it_is_written(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    let plain = world::email("editor");
    let spellings = [
        plain.clone(),
        plain.to_uppercase(),
        format!(" {plain} "),
        plain.replace("editor", "Editor"),
        plain.replace("loa", "LOA"),
    ];
    for n in 0..5 {
        assert_eq!(
            fail(&app, &spellings[n % spellings.len()], None),
            401,
            "{n}"
        );
    }
    for email in &spellings {
        let refused = login(&app, email, PASSWORD, None);
        let wait = refused
            .header("retry-after")
            .unwrap()
            .parse::<u32>()
            .unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
        assert!(refused.header("ratelimit").unwrap().contains("r=0"));
        refused.expect_problem(429, "too_many_requests");
    }
    // Others come in, and another node knows.
    login(&app, &world::email("chief"), PASSWORD, None).expect_status(200);
    let node = app.another_node();
    login(&node, &plain, PASSWORD, None).expect_problem(429, "too_many_requests");
    app.clock.advance(TimeDelta::minutes(16));
    login(&app, &plain, PASSWORD, None).expect_status(200);
}

#[rstest]
fn unknown_accounts_are_counted_like_known_ones(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    let unknown = "khong-co@loa.example.vn";
    let [known, made_up] = [&*world::email("editor"), unknown].map(|email| {
        let statuses: Vec<(u16, String)> = (0..12)
            .map(|_| {
                let answer = login(&app, email, "không phải mật khẩu này", None);
                let code = answer.json()["code"].as_str().unwrap().to_owned();
                (answer.status, code)
            })
            .collect();
        statuses
    });
    assert_eq!(known, made_up);
    assert_eq!(known[4].0, 401);
    assert_eq!(known[5].0, 429);
}

#[rstest]
fn an_address_is_closed_after_fifty_failures(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    for n in 0..50 {
        // From a peer that is no proxy the header says nothing: the address stays the same.
        let made_up = format!("198.51.100.{n}");
        let email = format!("nguoi{n}@loa.example.vn");
        assert_eq!(fail(&app, &email, Some(&made_up)), 401, "{n}");
    }
    let refused = login(&app, &world::email("chief"), PASSWORD, Some("203.0.113.9"));
    refused.expect_problem(429, "too_many_requests");
    app.clock.advance(TimeDelta::minutes(16));
    login(&app, &world::email("chief"), PASSWORD, None).expect_status(200);
}

#[rstest]
fn behind_a_trusted_proxy_clients_are_told_apart(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let options = ApiOptions {
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Default::default()
    };
    let Some(app) = TestApp::builder(backend).options(options).start() else {
        return;
    };
    world::build(&app);
    // One subscriber of IPv6, whatever they put before the address that the proxy added.
    for n in 0..50 {
        let email = format!("nguoi{n}@loa.example.vn");
        let from = format!("203.0.113.{n}, 2001:db8:1:2::{n:x}");
        assert_eq!(fail(&app, &email, Some(&from)), 401, "{n}");
    }
    let chief = world::email("chief");
    let same = login(&app, &chief, PASSWORD, Some("2001:db8:1:2:ffff::1"));
    same.expect_problem(429, "too_many_requests");
    login(&app, &chief, PASSWORD, Some("2001:db8:1:3::1")).expect_status(200);
    login(&app, &chief, PASSWORD, Some("203.0.113.7")).expect_status(200);
    let sessions = |token: &str| app.get("/api/v1/auth/sessions").bearer(token).send();
    let token = world::token(&app, "chief");
    let list = sessions(&token).expect_status(200).data();
    let addresses: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["address"].as_str().unwrap())
        .collect();
    assert!(addresses.contains(&"203.0.113.7"), "{addresses:?}");
}

/// Guessing the current password of an open session is guessing too. It closes that session's way to
/// another password, on every node, and nobody's way in.
#[rstest]
fn guesses_at_the_current_password_count(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    let node = app.another_node();
    let token = world::token(&app, "editor");
    let guess = |app: &TestApp, current: &str, token: &str| {
        let body = json!({"current_password": current, "new_password": "mot mat khau moi rat dai"});
        let request = app.post("/api/v1/auth/password").bearer(token);
        request.json(&body).send()
    };
    for _ in 0..5 {
        guess(&app, "sai", &token).expect_problem(422, "invalid_content");
    }
    guess(&app, PASSWORD, &token).expect_problem(429, "too_many_requests");
    guess(&node, PASSWORD, &token).expect_problem(429, "too_many_requests");
    login(&app, &world::email("editor"), PASSWORD, None).expect_status(200);
    let other = world::token(&app, "editor");
    guess(&app, PASSWORD, &other).expect_status(204);
}

/// Every operation that takes a password is tried here, in `t14_password_links`, or is new.
#[test]
fn each_operation_that_takes_a_password_is_known() {
    let text = loa_api::document().to_json().unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut taking: Vec<&str> = schemas
        .iter()
        .filter(|(_, schema)| {
            let members = schema["properties"].as_object().into_iter().flatten();
            members
                .into_iter()
                .any(|(_, member)| member["format"] == "password")
        })
        .map(|(name, _)| name.as_str())
        .collect();
    taking.sort_unstable();
    let known = [
        "ChangePasswordRequest",
        "LoginRequest",
        "UsePasswordLinkRequest",
    ];
    assert_eq!(taking, known);
}

/// An address in other letters: each either is another account, or counts as this one.
#[rstest]
fn no_spelling_opens_a_closed_account(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    world::build(&app);
    let plain = world::email("platform");
    let spellings = [
        plain.to_uppercase(),
        format!("\u{a0}{plain}\u{3000}"),
        format!("\t{plain}\r\n"),
        format!("\u{200b}{plain}"),
        format!("{plain}\u{0}"),
        format!("{plain}."),
        // Kelvin's sign is a K to some, a long s an s, letters of full width are letters.
        plain.replace('l', "\u{ff4c}"),
        plain.replace('p', "\u{ff30}"),
        plain.replace('f', "\u{17f}"),
        plain.replace('a', "a\u{301}"),
        plain.replace('o', "\u{43e}"),
        plain.replace('@', "\u{ff20}"),
        plain.replace("platform", "platform+1"),
        plain.replace("platform", "plat.form"),
        format!("<{plain}>"),
        format!("\"platform\"@{}", plain.split_once('@').unwrap().1),
    ];
    // Which of them reach the account is seen while it is open.
    let reach: Vec<bool> = spellings
        .iter()
        .map(|email| login(&app, email, PASSWORD, None).status == 200)
        .collect();
    assert!(reach.iter().any(|reach| *reach) && reach.iter().any(|reach| !*reach));
    app.clock.advance(TimeDelta::minutes(16));
    // Those that do share its tries.
    let own: Vec<&String> = spellings
        .iter()
        .zip(&reach)
        .filter_map(|(email, reach)| reach.then_some(email))
        .collect();
    for n in 0..5 {
        assert_eq!(fail(&app, own[n % own.len()], None), 401, "{n}");
    }
    for email in spellings.iter().chain([&plain]) {
        let answer = login(&app, email, PASSWORD, None);
        assert!(answer.status != 200, "{email:?}: {answer}");
    }
    login(&app, &plain, PASSWORD, None).expect_problem(429, "too_many_requests");
}

/// Headers of other proxies, and the one of ours from somebody who is none.
#[rstest]
fn no_header_makes_another_address(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(true, false)] behind_a_proxy: bool,
) {
    let options = ApiOptions {
        trusted_proxies: if behind_a_proxy {
            vec!["127.0.0.1/32".parse().unwrap()]
        } else {
            Vec::new()
        },
        ..Default::default()
    };
    let Some(app) = TestApp::builder(backend).options(options).start() else {
        return;
    };
    world::build(&app);
    let headers = [
        "x-real-ip",
        "x-client-ip",
        "x-forwarded",
        "forwarded",
        "cf-connecting-ip",
        "true-client-ip",
        "x-original-forwarded-for",
        "client-ip",
    ];
    let attempt = |n: usize, password: &str, email: &str| {
        let name = headers[n % headers.len()];
        let value = if name == "forwarded" {
            format!("for=198.51.100.{n}")
        } else {
            format!("198.51.100.{n}")
        };
        let mut request = app.post("/api/v1/auth/login").header(name, &value);
        if behind_a_proxy {
            // What the proxy adds stands last; what stands before it the client has made up.
            let chain = format!("198.51.100.{n}, 127.0.0.1, 203.0.113.7");
            request = request.header("x-forwarded-for", &chain);
        }
        let body = json!({"email": email, "password": password});
        request.json(&body).send()
    };
    for n in 0..50 {
        let email = format!("nguoi{n}@loa.example.vn");
        assert_eq!(attempt(n, "sai", &email).status, 401, "{n}");
    }
    for n in 50..58 {
        let refused = attempt(n, PASSWORD, &world::email("chief"));
        refused.expect_problem(429, "too_many_requests");
    }
}
