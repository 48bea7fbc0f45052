//! The last refresh token gives its successor again for a moment; anything else that comes back ends the
//! session.

use std::sync::Barrier;

use chrono::TimeDelta;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, TestApp, statements};
use rstest::rstest;
use serde_json::{Value, json};

fn open(backend: Backend) -> Option<TestApp> {
    let app = TestApp::start(backend)?;
    world::build(&app);
    Some(app)
}

fn login(app: &TestApp) -> Value {
    let body = json!({"email": world::email("editor"), "password": PASSWORD});
    let answer = app.post("/api/v1/auth/login").json(&body).send();
    answer.expect_status(200).data()
}

fn refresh(app: &TestApp, token: &str) -> Answer {
    let body = json!({"refresh_token": token});
    app.post("/api/v1/auth/refresh").json(&body).send()
}

fn text<'v>(data: &'v Value, name: &str) -> &'v str {
    data[name].as_str().unwrap()
}

#[track_caller]
fn next(app: &TestApp, token: &str) -> String {
    let data = refresh(app, token).expect_status(200).data();
    let me = app.get("/api/v1/auth/me");
    me.bearer(text(&data, "access_token"))
        .send()
        .expect_status(200);
    text(&data, "refresh_token").to_owned()
}

#[track_caller]
fn refused(app: &TestApp, token: &str) {
    refresh(app, token).expect_problem(401, "token_invalid");
}

#[rstest]
fn a_lost_answer_can_be_asked_for_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let node = app.another_node();
    let session = login(&app);
    let first = text(&session, "refresh_token");
    let second = next(&app, first);
    app.clock.advance(TimeDelta::seconds(29));
    assert_eq!(next(&app, first), second);
    assert_eq!(next(&node, first), second, "on every node");
    // It is not put off by being asked for again.
    app.clock.advance(TimeDelta::seconds(1));
    refused(&app, first);
    refused(&app, &second);
    let me = app
        .get("/api/v1/auth/me")
        .bearer(text(&session, "access_token"));
    me.send().expect_problem(401, "token_invalid");
}

#[rstest]
fn two_generations_back_ends_the_session(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let session = login(&app);
    let first = text(&session, "refresh_token");
    let second = next(&app, first);
    let third = next(&app, &second);
    assert_eq!(next(&app, &second), third);
    // Its successor has been used.
    refused(&app, first);
    refused(&app, &third);
}

#[rstest]
fn a_session_that_is_over_gives_nothing_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let session = login(&app);
    let first = text(&session, "refresh_token");
    next(&app, first);
    let out = app
        .post("/api/v1/auth/logout")
        .bearer(text(&session, "access_token"));
    out.send().expect_status(204);
    refused(&app, first);
    // Nor does the token of another session, whose successor it is not.
    let (one, other) = (login(&app), login(&app));
    let next_of_one = next(&app, text(&one, "refresh_token"));
    assert_ne!(next(&app, text(&other, "refresh_token")), next_of_one);
}

/// Tabs that wake up at the same moment, on two nodes: all get the same token and stay signed in.
#[rstest]
fn tabs_at_once_share_the_successor(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = open(backend) else { return };
    let node = app.another_node();
    let mut token = text(&login(&app), "refresh_token").to_owned();
    for _ in 0..5 {
        let tabs = 6;
        let barrier = Barrier::new(tabs);
        let got: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..tabs)
                .map(|tab| {
                    let (app, token, barrier) =
                        (if tab % 2 == 0 { &app } else { &node }, &token, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        next(app, token)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(got.iter().all(|one| *one == got[0]), "{got:?}");
        assert_ne!(got[0], token);
        token.clone_from(&got[0]);
    }
    let tokens = app.database().sql().dump("session_tokens");
    assert_eq!(tokens.len(), 6, "one for each generation");
    assert!(!tokens.join(" ").contains(&token), "none in clear");
}

#[rstest]
fn unknown_tokens_open_no_write(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    statements::listen();
    let Some(app) = open(backend) else { return };
    let session = login(&app);
    let identity = app.app.identity();
    let heard = |token: &str| statements::of(|| identity.refresh(token, "192.0.2.1")).1;
    for unknown in ["khong-co", "", text(&session, "access_token")] {
        let heard = heard(unknown);
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].trim_start().starts_with("SELECT"), "{heard:?}");
    }
    let good = heard(text(&session, "refresh_token"));
    assert!(
        good.iter().any(|one| one.contains("BEGIN")),
        "the ear hears writes: {good:?}"
    );
}
