//! T14, links that set a password, and changing one: what ends, what is used up, what does not fit,
//! what is told.

use chrono::TimeDelta;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, statements};
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{Stage, get, post};
use crate::access::operations::{self, made_up};

const NEW: &str = "mot mat khau moi rat dai";

fn login(stage: &Stage, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    post("/auth/login").body(body).send(&stage.office.app, None)
}

fn link(stage: &Stage, path: &str) -> String {
    stage.password_link(path)
}

fn set(stage: &Stage, token: &str, password: &str) -> Answer {
    let call = post(format!("/auth/password-links/{token}"));
    call.body(json!({"password": password}))
        .send(&stage.office.app, None)
}

#[rstest]
fn a_new_password_ends_the_other_sessions(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let (own, other) = (stage.sign_in("editor"), stage.sign_in("editor"));
    let app = &stage.office.app;
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": NEW});
        post("/auth/password").body(body).send(app, Some(&own))
    };
    change("không phải mật khẩu này").expect_problem(422, "invalid_content");
    get("/auth/me").send(app, Some(&other)).expect_status(200);
    change(PASSWORD).expect_status(204);
    get("/auth/me").send(app, Some(&own)).expect_status(200);
    get("/auth/me")
        .send(app, Some(&other))
        .expect_problem(401, "token_invalid");
    login(&stage, &world::email("editor"), PASSWORD).expect_problem(401, "credentials_invalid");
    login(&stage, &world::email("editor"), NEW).expect_status(200);
}

#[rstest]
fn a_link_sets_a_password_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let session = stage.sign_in("editor");
    let earlier = link(&stage, &path);
    let token = link(&stage, &path);
    // The newer link takes the place of the older one; what does not fit uses nothing up.
    set(&stage, &earlier, NEW).expect_problem(404, "not_found");
    set(&stage, &token, "ngắn").expect_problem(422, "invalid_content");
    for forged in [
        "x",
        &token[1..],
        &format!("{token}A"),
        &token.to_lowercase(),
        "%00",
    ] {
        set(&stage, forged, NEW).expect_problem(404, "not_found");
    }
    set(&stage, &token, NEW).expect_status(204);
    set(&stage, &token, "mot mat khau khac rat dai").expect_problem(404, "not_found");
    let me = get("/auth/me").send(&stage.office.app, Some(&session));
    me.expect_problem(401, "token_invalid");
    login(&stage, &world::email("editor"), NEW).expect_status(200);
    login(&stage, &world::email("editor"), PASSWORD).expect_problem(401, "credentials_invalid");
}

#[rstest]
fn a_link_is_over_after_three_days(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let token = link(&stage, &path);
    stage.office.app.clock.advance(TimeDelta::hours(72));
    set(&stage, &token, NEW).expect_problem(404, "not_found");
    login(&stage, &world::email("editor"), PASSWORD).expect_status(200);
}

/// Unknown, used, over: one answer, so that nobody learns which links there were.
#[rstest]
fn links_that_do_not_work_look_alike(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let voided = link(&stage, &path);
    link(&stage, &path);
    let ask = |token: &str| {
        let call = post(format!("/auth/password-links/{token}")).body(json!({"password": NEW}));
        let request = call.request(&stage.office.app, None);
        request.header("x-request-id", "same").send().body
    };
    assert_eq!(ask(&voided), ask("khong-co"));
}

#[rstest]
fn bodies_of_another_kind_are_refused(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let token = stage.office.token("editor");
    let bodies = [
        json!({}),
        json!([]),
        json!(true),
        json!(null),
        json!("text"),
        json!(1),
        json!([world::email("editor"), PASSWORD]),
    ];
    let login = |email: Value, password: Value| json!({"email": email, "password": password});
    let inside = [
        login(json!([world::email("editor")]), json!(PASSWORD)),
        login(json!({"$ne": null}), json!({"$ne": null})),
        login(json!(world::email("editor")), json!(true)),
        login(json!(world::email("editor")), json!(null)),
        login(json!(world::email("editor")), json!([PASSWORD])),
    ];
    for path in ["login", "refresh", "password", "password-links/khong-co"] {
        for body in bodies.iter().chain(&inside) {
            let call = post(format!("/auth/{path}")).body(body.clone());
            let token = (path == "password").then_some(token.as_str());
            let answer = call.send(&stage.office.app, token);
            assert_eq!(answer.status, 422, "{path} {body}: {answer}");
        }
        for (kind, bytes, status) in [
            ("application/json", "", 400),
            ("application/json", "{", 400),
            ("text/plain", "{}", 415),
            (
                "application/x-www-form-urlencoded",
                "email=a&password=b",
                415,
            ),
        ] {
            let mut request = stage.office.app.post(&format!("/api/v1/auth/{path}"));
            if path == "password" {
                request = request.bearer(&token);
            }
            let answer = request.body(kind, bytes).send();
            assert_eq!(answer.status, status, "{path} {bytes:?}: {answer}");
        }
    }
    get("/auth/me")
        .send(&stage.office.app, Some(&token))
        .expect_status(200);
}

#[rstest]
fn secrets_are_not_repeated(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = stage.person().path;
    let ask = || {
        let call = post(format!("{path}/password-link"));
        let token = stage.office.token("admin");
        let request = call.request(&stage.office.app, Some(&token));
        request
            .header("idempotency-key", "k-1")
            .send()
            .expect_status(200)
            .data()
    };
    let (first, again) = (ask(), ask());
    assert!(first["token"].is_string(), "{first}");
    assert!(again["token"].is_null(), "{again}");
    assert_eq!(first["expires_at"], again["expires_at"]);
    set(&stage, first["token"].as_str().unwrap(), NEW).expect_status(204);
    let audit = stage
        .send("platform", &get("/admin/audit"))
        .text()
        .to_owned();
    assert!(!audit.contains(first["token"].as_str().unwrap()));
    let people = stage.send("admin", &get(&path)).text().to_owned();
    assert!(!people.contains("argon2"), "{people}");
}

/// What is no token, however it is written, is the same as a token of nothing.
#[rstest]
fn tokens_of_another_kind_are_unknown(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let token = link(&stage, &path);
    let before = stage.tally();
    for odd in [
        "%7B%7D",
        "%5B%5D",
        "true",
        "null",
        "undefined",
        "0",
        "*",
        "%25",
        "_%25",
        "%27%20OR%20%271%27%3D%271",
        &format!("{token}%00"),
        &format!("%20{token}"),
        &format!("{token}="),
        &token.chars().rev().collect::<String>(),
    ] {
        set(&stage, odd, NEW).expect_problem(404, "not_found");
    }
    // In place of the text of a refresh token too.
    for odd in [json!({}), json!([]), json!(true), json!(0), json!(null)] {
        let call = post("/auth/refresh").body(json!({"refresh_token": odd}));
        let answer = call.send(&stage.office.app, None);
        answer.expect_problem(422, "invalid_content");
    }
    assert_eq!(stage.tally(), before);
    set(&stage, &token, NEW).expect_status(204);
}

/// Tokens are looked up by their hash, so no comparison stops early; and a link of the past takes as
/// many statements as none.
#[rstest]
fn links_of_the_past_cost_what_no_link_costs(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    statements::listen();
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let voided = link(&stage, &path);
    let used = link(&stage, &path);
    set(&stage, &used, NEW).expect_status(204);
    let over = link(&stage, &path);
    stage.office.app.clock.advance(TimeDelta::hours(73));
    let identity = stage.office.app.app.identity();
    let cost = |token: &str| {
        let (result, heard) = statements::of(|| identity.use_password_link(token, NEW));
        assert!(result.is_err(), "{token}");
        heard.len()
    };
    let none = cost("khong-co");
    assert!(none > 0);
    for token in [&voided, &used, &over, &used[..20].to_owned()] {
        assert_eq!(cost(token), none);
    }
}

/// A link's token is told once, to whoever made it. Nothing that can be read holds it, nor its hash.
#[rstest]
fn tokens_are_nowhere_to_be_read(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let person = stage.office.world.people["editor"];
    let token = link(&stage, &format!("/admin/users/{person}"));
    let hash = loa_domain::canonical::sha256(&token);
    let mut read = 0;
    for operation in operations::all() {
        if operation.method != "GET" {
            continue;
        }
        let path = operation.filled(|name| match name {
            "id" => person.to_string(),
            "site" => "hai-tien".to_owned(),
            other => made_up(other),
        });
        for path in [path.clone(), format!("{path}?filter%5Bsite%5D=hai-tien")] {
            for who in ["platform", "admin", "auditor", "editor"] {
                let bearer = stage.office.token(who);
                let answer = stage.office.app.get(&path).bearer(&bearer).send();
                let text = answer.text();
                assert!(!text.contains(&token) && !text.contains(&hash), "{path}");
                read += usize::from(answer.status == 200);
            }
        }
    }
    assert!(read > 50, "{read}");
}
