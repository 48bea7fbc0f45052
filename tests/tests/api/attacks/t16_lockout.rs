//! T16, locking others out: whoever knows an address can fail as often as they like, and its owner still
//! comes in; and however many places they fail from, they get few tries.

use std::net::IpAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use loa_api::ApiOptions;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, TestApp};
use rstest::rstest;
use serde_json::json;

const HOME: &str = "192.0.2.10";
const WRONG: &str = "không phải mật khẩu này";

/// The world behind a proxy, so that requests can come from anywhere.
fn open(backend: Backend) -> Option<TestApp> {
    let options = ApiOptions {
        trusted_proxies: vec![IpAddr::from([127, 0, 0, 1]).into()],
        ..Default::default()
    };
    let app = TestApp::builder(backend).options(options).start()?;
    world::build(&app);
    Some(app)
}

fn try_as(app: &TestApp, who: &str, password: &str, from: &str, device: Option<&str>) -> Answer {
    let mut body = json!({"email": world::email(who), "password": password});
    if let Some(device) = device {
        body["device_token"] = json!(device);
    }
    let request = app
        .post("/api/v1/auth/login")
        .header("x-forwarded-for", from);
    request.json(&body).send()
}

fn fail(app: &TestApp, from: &str) -> u16 {
    try_as(app, "editor", WRONG, from, None).status
}

/// Signs in and gives the device's token.
#[track_caller]
fn enter(app: &TestApp, from: &str, device: Option<&str>) -> String {
    let data = try_as(app, "editor", PASSWORD, from, device)
        .expect_status(200)
        .data();
    data["device_token"].as_str().unwrap().to_owned()
}

#[track_caller]
fn closed(app: &TestApp, from: &str, device: Option<&str>) -> u32 {
    let answer = try_as(app, "editor", PASSWORD, from, device);
    let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(
        answer.header("ratelimit"),
        Some(&*format!("\"login\";r=0;t={wait}"))
    );
    answer.expect_problem(429, "too_many_requests");
    wait
}

#[rstest]
fn ten_failures_elsewhere_lock_nobody_out(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    for _ in 0..5 {
        assert_eq!(fail(&app, "203.0.113.1"), 401);
        assert_eq!(fail(&app, "203.0.113.2"), 401);
    }
    assert_eq!(fail(&app, "203.0.113.1"), 429);
    closed(&app, "203.0.113.2", None);
    // From where they have never been, and from home, on every node.
    enter(&app, HOME, None);
    enter(&app.another_node(), "198.51.100.77", None);
}

#[rstest]
fn many_places_together_get_few_tries(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, HOME, None);
    let mut let_through = 0;
    for n in 0..30 {
        let from = if n % 2 == 0 {
            format!("203.0.113.{n}")
        } else {
            format!("2001:db8:0:{n:x}::1")
        };
        let_through += usize::from(fail(&app, &from) == 401);
    }
    assert_eq!(let_through, 20);
    closed(&app, "198.51.100.77", None);
    // A network that the account has signed in from, and a device of its own, do not share that.
    enter(&app, HOME, None);
    enter(&app, "198.51.100.77", Some(&device));
    // Nor do others' accounts.
    try_as(&app, "chief", PASSWORD, "198.51.100.78", None).expect_status(200);
    // What was learnt is not for ever.
    app.clock.advance(TimeDelta::days(91));
    for n in 0..20 {
        assert_eq!(fail(&app, &format!("203.0.113.{n}")), 401);
    }
    closed(&app, HOME, None);
    closed(&app, HOME, Some(&device));
}

#[rstest]
fn a_known_device_is_counted_by_itself(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, HOME, None);
    for _ in 0..5 {
        assert_eq!(fail(&app, HOME), 401);
    }
    closed(&app, HOME, None);
    let renewed = enter(&app, HOME, Some(&device));
    // Both tokens are the same device, wherever it is.
    for (n, token) in [&device, &renewed, &device, &renewed, &device]
        .into_iter()
        .enumerate()
    {
        let from = format!("203.0.113.{n}");
        let answer = try_as(&app, "editor", WRONG, &from, Some(token));
        let left = answer.header("ratelimit").unwrap().to_owned();
        assert!(left.contains(&format!("r={}", 4 - n)), "{left}");
        answer.expect_problem(401, "credentials_invalid");
    }
    closed(&app, "203.0.113.9", Some(&renewed));
    closed(&app.another_node(), HOME, Some(&device));
    // Without it the device is as any other, and what it failed is not counted there.
    enter(&app, "198.51.100.77", None);
}

/// A network that many have failed from is closed to strangers, not to those who are known.
#[rstest]
fn a_closed_network_is_open_to_its_devices(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, HOME, None);
    for n in 0..50 {
        let body = json!({"email": format!("nguoi{n}@loa.example.vn"), "password": WRONG});
        let request = app
            .post("/api/v1/auth/login")
            .header("x-forwarded-for", HOME);
        assert_eq!(request.json(&body).send().status, 401, "{n}");
    }
    closed(&app, HOME, None);
    enter(&app, HOME, Some(&device));
}

#[rstest]
fn a_device_token_is_one_persons_and_one_passwords(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, HOME, None);
    let data = try_as(&app, "chief", PASSWORD, HOME, None)
        .expect_status(200)
        .data();
    let of_chief = data["device_token"].as_str().unwrap();
    let forged = {
        let (front, seal) = device.rsplit_once('.').unwrap();
        let seal: String = seal.chars().rev().collect();
        format!("{front}.{seal}")
    };
    for _ in 0..5 {
        assert_eq!(fail(&app, HOME), 401);
    }
    for token in [
        of_chief,
        &forged,
        "",
        "x",
        &"x".repeat(5000),
        &format!("{device} "),
    ] {
        closed(&app, HOME, Some(token));
    }
    let access = try_as(&app, "editor", PASSWORD, HOME, Some(&device))
        .expect_status(200)
        .data();
    let access = access["access_token"].as_str().unwrap();
    // It opens nothing by itself.
    app.get("/api/v1/auth/me")
        .bearer(&device)
        .send()
        .expect_problem(401, "token_invalid");
    let refresh = json!({"refresh_token": device});
    app.post("/api/v1/auth/refresh")
        .json(&refresh)
        .send()
        .expect_problem(401, "token_invalid");
    // With another password it is void, and with the same one set again too.
    for (current, new) in [
        (PASSWORD, "con trâu ăn cỏ bờ đê"),
        ("con trâu ăn cỏ bờ đê", PASSWORD),
    ] {
        let body = json!({"current_password": current, "new_password": new});
        let change = app.post("/api/v1/auth/password").bearer(access).json(&body);
        change.send().expect_status(204);
        closed(&app, HOME, Some(&device));
    }
    // What is no text is refused as such.
    for odd in [json!({}), json!([]), json!(1), json!(true)] {
        let body =
            json!({"email": world::email("editor"), "password": PASSWORD, "device_token": odd});
        let answer = app.post("/api/v1/auth/login").json(&body).send();
        answer.expect_problem(422, "invalid_content");
    }
}

#[rstest]
fn whoever_goes_on_waits_longer(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = open(backend) else { return };
    for minutes in [15, 30, 60, 120, 240, 240] {
        for _ in 0..5 {
            assert_eq!(fail(&app, HOME), 401);
        }
        assert_eq!(closed(&app, HOME, None), minutes * 60);
        app.clock
            .advance(TimeDelta::minutes(i64::from(minutes)) - TimeDelta::seconds(1));
        assert_eq!(closed(&app, HOME, None), 1);
        // To be refused is no failure: it does not make it longer.
        app.clock.advance(TimeDelta::seconds(1));
    }
    enter(&app, HOME, None);
}

/// Many at the same moment, on two nodes, with a good one among them: no more get through than may.
#[rstest]
fn tries_at_once_do_not_all_pass(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(app) = open(backend) else { return };
    let node = app.another_node();
    let many = 16;
    let (barrier, wrong) = (Barrier::new(many), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for n in 0..many {
            let (app, barrier, wrong) = (if n % 2 == 0 { &app } else { &node }, &barrier, &wrong);
            scope.spawn(move || {
                barrier.wait();
                let answer = try_as(app, "editor", WRONG, HOME, None);
                assert!([401, 429, 503].contains(&answer.status), "{answer}");
                wrong.fetch_add(usize::from(answer.status == 401), Ordering::Relaxed);
            });
        }
    });
    let wrong = wrong.into_inner();
    assert!(wrong <= 5, "{wrong}");
    while fail(&app, HOME) != 429 {}
    closed(&node, HOME, None);
    // Good ones at once all pass, and leave nothing counted.
    let barrier = Barrier::new(4);
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (app, barrier) = (if n % 2 == 0 { &app } else { &node }, &barrier);
            scope.spawn(move || {
                barrier.wait();
                try_as(app, "chief", PASSWORD, HOME, None).expect_status(200);
            });
        }
    });
    let answer = try_as(&app, "chief", PASSWORD, HOME, None);
    assert_eq!(answer.header("ratelimit"), Some("\"login\";r=5;t=0"));
}

#[rstest]
fn an_unknown_account_is_counted_just_so(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, "198.51.100.1", None);
    let story = |email: &str| -> Vec<(u16, String, String)> {
        (0..30)
            .map(|n| {
                let from = format!("203.0.113.{}", n / 4);
                let body = json!({"email": email, "password": WRONG, "device_token": "x.1.y"});
                let request = app
                    .post("/api/v1/auth/login")
                    .header("x-forwarded-for", &from);
                let answer = request.json(&body).send();
                let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
                (answer.status, header("ratelimit"), header("retry-after"))
            })
            .collect()
    };
    let known = story(&world::email("editor"));
    app.clock.advance(TimeDelta::days(2));
    let unknown = story("khong-co@loa.example.vn");
    assert_eq!(known, unknown);
    assert_eq!(
        known.iter().filter(|(status, ..)| *status == 429).count(),
        10
    );
    app.clock.advance(TimeDelta::days(2));
    // A device of somebody else is none here.
    let body =
        json!({"email": "khong-co@loa.example.vn", "password": PASSWORD, "device_token": device});
    let answer = app.post("/api/v1/auth/login").json(&body).send();
    answer.expect_problem(401, "credentials_invalid");
}

#[rstest]
fn the_operator_opens_an_account_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let device = enter(&app, HOME, None);
    for n in 0..20 {
        fail(&app, &format!("203.0.113.{}", n / 4));
    }
    for _ in 0..5 {
        try_as(&app, "editor", WRONG, HOME, Some(&device)).expect_status(401);
        assert_eq!(fail(&app, HOME), 401);
    }
    closed(&app, HOME, None);
    closed(&app, HOME, Some(&device));
    closed(&app, "198.51.100.77", None);
    let email = world::email("editor").to_uppercase();
    let (_, counters) = app.app.identity().system_unlock(&email).unwrap();
    assert_eq!(
        counters,
        1 + 5 + 2,
        "all places together, each place, and the device"
    );
    enter(&app, HOME, None);
    enter(&app, HOME, Some(&device));
    enter(&app, "198.51.100.77", None);
    let audit = app
        .get("/api/v1/admin/audit?page[size]=5")
        .bearer(&world::token(&app, "platform"));
    let text = audit.send().expect_status(200).text().to_owned();
    assert!(text.contains("user.unlock"), "{text}");
}
