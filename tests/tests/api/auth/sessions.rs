//! Signing in over HTTP: tokens, sessions, limits and the public keys.

use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Answer, Backend, TestApp};
use serde_json::json;

fn on_each(test: impl Fn(&TestApp)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(app) = TestApp::start(backend) {
            world::build(&app);
            test(&app);
        }
    }
}

fn login(app: &TestApp, password: &str) -> Answer {
    let body = json!({"email": world::email("editor"), "password": password});
    app.post("/api/v1/auth/login").json(&body).send()
}

#[test]
fn a_session_lives_and_ends() {
    on_each(|app| {
        let first = login(app, PASSWORD).expect_status(200).data();
        let second = login(app, PASSWORD).expect_status(200).data();
        let token = first["access_token"].as_str().unwrap();
        let sessions = app
            .get("/api/v1/auth/sessions?page[size]=1&count=true")
            .bearer(token)
            .send()
            .expect_status(200);
        assert_eq!(sessions.json()["meta"]["total"], 2);
        assert!(sessions.header("link").unwrap().contains("rel=\"next\""));
        let refresh = |token: &serde_json::Value| {
            let body = json!({"refresh_token": token});
            app.post("/api/v1/auth/refresh").json(&body).send()
        };
        let next = refresh(&second["refresh_token"]).expect_status(200).data();
        assert!(next["device_token"].is_null() && second["device_token"].is_string());
        app.clock.advance(chrono::TimeDelta::seconds(30));
        refresh(&second["refresh_token"]).expect_problem(401, "token_invalid");
        refresh(&next["refresh_token"]).expect_problem(401, "token_invalid");
        app.post("/api/v1/auth/logout")
            .bearer(token)
            .send()
            .expect_status(204);
        let me = app.get("/api/v1/auth/me").bearer(token).send();
        assert_eq!(me.header("www-authenticate"), Some("Bearer realm=\"loa\""));
        me.expect_problem(401, "token_invalid");
    });
}

#[test]
fn limits_are_told_and_kept() {
    on_each(|app| {
        let answer = login(app, "wrong");
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"login\";q=5;w=900")
        );
        assert_eq!(answer.header("ratelimit"), Some("\"login\";r=4;t=900"));
        answer.expect_problem(401, "credentials_invalid");
        for _ in 0..4 {
            login(app, "wrong").expect_problem(401, "credentials_invalid");
        }
        let locked = login(app, PASSWORD);
        assert_eq!(locked.header("ratelimit"), Some("\"login\";r=0;t=900"));
        assert_eq!(locked.header("retry-after"), Some("900"));
        locked.expect_problem(429, "too_many_requests");
        app.clock.advance(chrono::TimeDelta::minutes(15));
        login(app, PASSWORD).expect_status(200);
    });
}

#[test]
fn keys_are_public() {
    on_each(|app| {
        let keys = app.get("/.well-known/jwks.json").send().expect_status(200);
        let keys = keys.json();
        assert_eq!(keys["keys"][0]["kid"], "test");
        assert_eq!(keys["keys"][0]["crv"], "Ed25519");
    });
}
