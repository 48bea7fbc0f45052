//! T20, secrets: passwords, tokens and keys are in no table, no trail and no answer but the one that
//! gives them. Logs and settings are looked through in `crates/server/tests/cli`.

use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Backend, SECRET, SIGNING_KEY};
use rstest::rstest;
use serde_json::json;

use super::walk;
use crate::access::cells::{Stage, get, post};
use crate::access::operations::{self, made_up};

/// What was given to somebody, and must be nowhere else.
fn hand_out(stage: &Stage) -> Vec<(&'static str, String)> {
    let app = &stage.office.app;
    let mut given = vec![
        ("the password", PASSWORD.to_owned()),
        ("the secret", SECRET.to_owned()),
        (
            "the signing key",
            SIGNING_KEY.1.lines().nth(1).unwrap().to_owned(),
        ),
    ];
    let body = json!({"email": world::email("chief"), "password": PASSWORD});
    let login = post("/auth/login").body(body).send(app, None).data();
    let next = post("/auth/refresh").body(json!({"refresh_token": login["refresh_token"]}));
    let next = next.send(app, None).expect_status(200).data();
    for (what, tokens) in [("at first", &login), ("refreshed", &next)] {
        for name in ["access_token", "refresh_token"] {
            let token = tokens[name].as_str().unwrap().to_owned();
            assert!(token.len() > 40, "{what}");
            given.push((name, token));
        }
    }
    let device = login["device_token"].as_str().unwrap();
    given.push(("a device token", device.to_owned()));
    let person = stage.person();
    let key = |call: &crate::access::cells::Call, who: &str| {
        let token = stage.office.token(who);
        let request = call.request(app, Some(&token));
        let request = request.header("idempotency-key", "only-once");
        let answer = request.send();
        assert!(answer.status < 300, "{answer}");
        answer.data()["token"].as_str().unwrap().to_owned()
    };
    let link = post(format!("{}/password-link", person.path));
    given.push(("a password link", key(&link, "admin")));
    let draft = stage.draft();
    let link = post(format!("{}/preview-links", draft.path())).body(json!({}));
    given.push(("a preview link", key(&link, "editor")));
    let other = stage.send("admin", &post(format!("{}/password-link", person.path)));
    let token = other.data()["token"].as_str().unwrap().to_owned();
    let new = "một mật khẩu mới rất dài";
    let set = post(format!("/auth/password-links/{token}")).body(json!({"password": new}));
    set.send(app, None).expect_status(204);
    given.extend([("a used link", token), ("a new password", new.to_owned())]);
    given
}

#[rstest]
fn no_table_holds_a_secret(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let given = hand_out(&stage);
    let mut sql = stage.office.app.database().sql();
    let tables = sql.tables();
    assert!(tables.len() > 25, "{tables:?}");
    let mut hashes = 0;
    for table in tables.iter().filter(|table| !table.starts_with("sqlite_")) {
        for row in sql.dump(table) {
            for (what, secret) in &given {
                assert!(
                    !row.contains(secret.as_str()),
                    "{what} is in {table}: {row}"
                );
            }
            assert!(!row.contains("PRIVATE KEY"), "{table}: {row}");
            hashes += usize::from(row.contains("$argon2id$"));
        }
    }
    assert_eq!(
        hashes,
        world::PEOPLE.len() + 1,
        "each password is there as its hash"
    );
}

#[rstest]
fn no_answer_repeats_a_secret(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let given = hand_out(&stage);
    let hashes = ["$argon2", "password_hash", "token_hash"];
    let clean = |text: &str, asked: &str| {
        for (what, secret) in &given {
            assert!(
                !text.contains(secret.as_str()),
                "{what} is in {asked}: {text}"
            );
        }
        for hash in hashes {
            assert!(!text.contains(hash), "{asked}: {text}");
        }
    };
    for who in ["platform", "admin", "auditor", "editor"] {
        let bearer = stage.office.token(who);
        for operation in operations::all() {
            if operation.method != "GET" {
                continue;
            }
            let path = operation.filled(|name| match name {
                "site" => "hai-tien".to_owned(),
                "id" if operation.path.contains("/users/") => {
                    stage.office.world.people["chief"].to_string()
                }
                other => made_up(other),
            });
            for path in [
                path.clone(),
                walk::joined(&path, "filter%5Bsite%5D=hai-tien"),
            ] {
                let answer = stage.office.app.get(&path).bearer(&bearer).send();
                clean(answer.text(), &path);
            }
        }
    }
    let keys = get("/x").at("/.well-known/jwks.json".to_owned());
    let keys = keys.send(&stage.office.app, None).expect_status(200);
    assert!(!keys.text().contains("\"d\""), "the private part: {keys}");
}

/// A secret in the wrong place comes back in no refusal.
#[rstest]
fn no_refusal_repeats_what_was_sent(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let (text, number) = ("hunter2-hunter2-hunter2", 87_654_321_987_654_u64);
    for body in [
        json!({"email": {"password": text}, "password": text}),
        json!({"email": text, "password": number}),
        json!({"email": text, "password": [text]}),
        json!({"email": number, "password": text}),
        json!({"email": text, "password": text}),
        json!({"email": [text, number], "password": true}),
        json!([text, number]),
        json!(text),
        json!(number),
    ] {
        for path in ["login", "refresh", "password", "password-links/khong-co"] {
            let call = post(format!("/auth/{path}")).body(body.clone());
            let token = (path == "password").then(|| stage.office.token("editor"));
            let answer = call.send(app, token.as_deref());
            assert!(answer.status >= 400, "{path} {body}: {answer}");
            let told = answer.text();
            let repeated = told.contains("hunter2") || told.contains(&number.to_string());
            assert!(!repeated, "{path} {body}: {answer}");
        }
    }
    let broken = format!("{{\"email\": \"{text}\", \"password\": {text}");
    let request = app.post("/api/v1/auth/login");
    let answer = request.body("application/json", broken).send();
    assert!(!answer.text().contains("hunter2"), "{answer}");
    // Nor does a token that is no good.
    let answer = get("/auth/me").send(app, Some(text));
    assert!(!answer.text().contains("hunter2"), "{answer}");
    let answer = app.get(&format!("/api/v1/previews/{text}")).send();
    assert!(!answer.text().contains("hunter2"), "{answer}");
}
