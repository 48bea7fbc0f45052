//! T9, mass assignment: members that a body does not have are refused wherever they are, and nothing
//! changes.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{Call, Stage};
use crate::access::operations::some;
use crate::access::{operations, table};

/// What people try to set that is not theirs to set.
fn extras() -> [(&'static str, Value); 13] {
    let id = operations::made_up("id");
    [
        ("id", json!(id)),
        ("site_id", json!(id)),
        ("owner_id", json!(id)),
        ("created_by", json!(id)),
        ("approved_by", json!(id)),
        ("roles", json!(["platform_admin"])),
        ("is_admin", json!(true)),
        ("state", json!("published")),
        ("version", json!(1)),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("password", json!("mot mat khau rat dai")),
        ("__proto__", json!({"is_admin": true})),
        ("constructor", json!({"prototype": {}})),
    ]
}

/// JSON pointers of every object in a body.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, value) in members {
                objects(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn with(body: &Value, place: &str, name: &str, value: &Value) -> Value {
    let mut body = body.clone();
    let object = body.pointer_mut(place).unwrap().as_object_mut().unwrap();
    object.insert(name.to_owned(), value.clone());
    body
}

#[rstest]
fn members_that_a_body_does_not_have_are_refused(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut seed = 0;
    for row in table::all() {
        let Some(who) = row.welcome() else { continue };
        let call = (row.call)(&stage, who);
        let Some(body) = &call.body else { continue };
        let mut places = Vec::new();
        objects(body, "", &mut places);
        stage.office.token(who);
        let before = stage.tally();
        for place in &places {
            seed += 1;
            for (name, value) in some(&extras(), 5, seed) {
                if body.pointer(place).unwrap().get(name).is_some() {
                    continue;
                }
                let call = call.clone().body(with(body, place, name, value));
                let answer = stage.send(who, &call);
                let asked = format!("{} with {place}/{name}: {answer}", row.operation);
                assert_eq!(answer.status, 422, "{asked}");
                let problem = answer.json();
                assert_eq!(problem["code"], "invalid_content", "{asked}");
                let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
                assert!(pointer.starts_with(place.as_str()), "{asked}");
            }
        }
        assert_eq!(stage.tally(), before, "{}", row.operation);
        stage
            .send(who, &call)
            .expect_status(row_success(row.expected));
    }
}

fn row_success(expected: [u16; 9]) -> u16 {
    expected.into_iter().find(|status| *status < 300).unwrap()
}

#[rstest]
fn public_bodies_are_as_strict(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let token = operations::made_up("token");
    for (path, body) in [
        (
            "login",
            json!({"email": "editor@loa.example.vn", "password": "x"}),
        ),
        ("refresh", json!({"refresh_token": token})),
        (
            &*format!("password-links/{token}"),
            json!({"password": "mot mat khau rat dai"}),
        ),
    ] {
        let path = format!("/api/v1/auth/{path}");
        for (name, value) in extras() {
            if body.get(name).is_some() {
                continue;
            }
            let request = stage
                .office
                .app
                .post(&path)
                .json(&with(&body, "", name, &value));
            let problem = request.send().expect_problem(422, "invalid_content");
            assert_eq!(
                problem["errors"][0]["code"], "unknown_member",
                "{path} {name}"
            );
        }
    }
}

#[rstest]
fn a_member_given_twice_is_refused(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let before = stage.tally();
    let body = r#"{"email": "a@loa.example.vn", "email": "b@loa.example.vn", "name": "A"}"#;
    let request = stage.office.app.post("/api/v1/admin/users");
    let token = stage.office.token("platform");
    let sent = request.bearer(&token).body("application/json", body).send();
    sent.expect_problem(422, "invalid_content");
    let after = stage.tally();
    assert_eq!(before["users"], after["users"]);
}

/// Values of the wrong kind, for every place of every body: refused or taken, never a fault.
#[rstest]
fn values_of_the_wrong_kind_are_no_fault(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let long = "á".repeat(20_000);
    let strange = [
        json!({}),
        json!([]),
        json!(true),
        json!(null),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!("' OR 1=1 --"),
        json!("\u{202e}\u{feff}"),
        json!("9999-12-31T23:59:59Z"),
        json!("9999-12-31T23:59:59-12:00"),
        json!("-262143-01-01"),
        json!("+262142-12-31"),
        json!(long),
    ];
    let mut seed = 0;
    for row in table::all() {
        let Some(who) = row.welcome() else { continue };
        let mut call = (row.call)(&stage, who);
        let Some(body) = call.body.clone() else {
            continue;
        };
        let mut places = vec![String::new()];
        leaves(&body, "", &mut places);
        for place in places {
            seed += 1;
            for value in some(&strange, 4, seed).chain([&json!("a\u{0}b")]) {
                let mut body = body.clone();
                *body.pointer_mut(&place).unwrap() = value.clone();
                let answer = stage.send(who, &call.clone().body(body));
                let asked = format!("{} with {place} = {value}: {answer}", row.operation);
                assert!(answer.status < 500, "{asked}");
                if place.is_empty() && !value.is_object() {
                    assert_eq!(answer.status, 422, "{asked}");
                }
                if answer.status < 300 {
                    call = fresh(&stage, who, row, &call);
                }
            }
        }
    }
}

/// What was sent has worked: the next try needs the situation again.
fn fresh(stage: &Stage, who: &str, row: &crate::access::cells::Row, old: &Call) -> Call {
    if old.token.is_some() {
        return old.clone();
    }
    (row.call)(stage, who)
}

fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inside = |name: &str, value: &Value| {
        let place = format!("{at}/{name}");
        found.push(place.clone());
        leaves(value, &place, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| inside(name, value)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inside(&index.to_string(), item);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
