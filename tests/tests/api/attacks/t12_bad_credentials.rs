//! T12, failing open: no credentials, and credentials that are none, on every operation. Nobody becomes
//! anonymous by sending a bad token.

use loa_testkit::world::World;
use loa_testkit::{Answer, Backend, TestApp};
use rstest::rstest;
use serde_json::json;

use crate::access::operations::{self, Operation, made_up};
use crate::desk::Office;

/// The operations that need no account, one a line.
const PUBLIC: &str = include_str!("public_operations.txt");

/// Paths of an operation: one of things that are there, one of things that are not.
fn paths(operation: &Operation, office: &Office) -> [String; 2] {
    [
        operation.filled(|name| existing(name, &operation.path, &office.world)),
        operation.filled(made_up),
    ]
}

fn existing(name: &str, path: &str, world: &World) -> String {
    match name {
        "site" => "hai-tien".to_owned(),
        "code" if path.starts_with("/problems") => "not_found".to_owned(),
        "code" => "14218".to_owned(),
        "number" | "from" | "to" => "1".to_owned(),
        "id" if path.contains("/units/") => world.units["14218"].to_string(),
        "id" if path.contains("/users/") => world.people["editor"].to_string(),
        "id" if path.contains("/sections/") => world.sections["hai-tien/tin-tuc"].to_string(),
        other => made_up(other),
    }
}

fn demand_refusal(answer: &Answer, code: &str, asked: &str) {
    assert_eq!(answer.status, 401, "{asked}: {answer}");
    assert_eq!(answer.json()["code"], code, "{asked}: {answer}");
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.is_some_and(|value| value.starts_with("Bearer")),
        "{asked}: {challenge:?}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{asked}");
}

#[rstest]
fn nobody_gets_in_without_credentials(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for operation in operations::all() {
        for path in paths(&operation, &office) {
            let answer = operation.request(&office.app, &path).send();
            let asked = format!("{} {path}", operation.id);
            if operation.secured {
                demand_refusal(&answer, "unauthenticated", &asked);
            } else {
                assert!(answer.status < 500, "{asked}: {answer}");
                let is_login = answer.status == 401 && answer.json()["code"] != "unauthenticated";
                assert!(answer.status != 401 || is_login, "{asked}: {answer}");
            }
        }
    }
}

#[test]
fn the_list_of_public_operations_is_the_committed_one() {
    let mut found: Vec<String> = operations::all()
        .into_iter()
        .filter(|operation| !operation.secured)
        .map(|operation| operation.id)
        .collect();
    found.sort();
    let known: Vec<&str> = PUBLIC.lines().collect();
    assert_eq!(
        found, known,
        "public_operations.txt names every operation that needs no account. It should only \
         shrink; whoever makes it grow has to say why in the pull request"
    );
}

/// Where a stale header must not lock anybody out: clients come here because their token is no
/// good, and probes have none.
const HEEDLESS: [&str; 5] = [
    "get_health",
    "get_readiness",
    "login",
    "refresh_tokens",
    "use_password_link",
];

#[rstest]
fn bad_credentials_are_refused_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let bad = super::credentials::bad(&office);
    for operation in operations::all() {
        let [path, _] = paths(&operation, &office);
        for (what, value) in &bad {
            let request = operation.request(&office.app, &path);
            let answer = request.header("authorization", value).send();
            let asked = format!("{} with {what}", operation.id);
            if HEEDLESS.contains(&operation.id.as_str()) {
                let plain = operation.request(&office.app, &path).send();
                assert_eq!(answer.status, plain.status, "{asked}: {answer}");
                assert!(answer.status != 401, "{asked}: {answer}");
            } else {
                demand_refusal(&answer, "token_invalid", &asked);
            }
        }
    }
}

#[rstest]
fn two_headers_are_one_too_many(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let good = office.token("editor");
    let answer = office
        .app
        .get("/api/v1/auth/me")
        .bearer(&good)
        .bearer(&good);
    answer.send().expect_problem(401, "token_invalid");
}

#[rstest]
fn the_scheme_may_be_written_in_any_case(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    for scheme in ["bearer", "BEARER"] {
        let value = format!("{scheme} {}", office.token("editor"));
        let request = office.app.get("/api/v1/auth/me");
        request
            .header("authorization", &value)
            .send()
            .expect_status(200);
    }
}

#[rstest]
fn tokens_are_taken_from_the_header_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(app) = TestApp::start(backend) else {
        return;
    };
    loa_testkit::world::build(&app);
    let token = loa_testkit::world::token(&app, "editor");
    let request = app.get("/api/v1/auth/me");
    let asked = request.query("access_token", &token).send();
    asked.expect_problem(401, "unauthenticated");
    for name in ["cookie", "x-access-token"] {
        let request = app.get("/api/v1/auth/me");
        let asked = request
            .header(name, &format!("access_token={token}"))
            .send();
        asked.expect_problem(401, "unauthenticated");
    }
    let request = app.post("/api/v1/auth/logout");
    let asked = request.json(&json!({"access_token": token})).send();
    asked.expect_problem(401, "unauthenticated");
}
