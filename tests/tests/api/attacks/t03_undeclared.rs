//! T3, what nobody declared: a parameter, a member of a body, a body itself. Refused on every
//! operation, since a mistyped filter that is ignored widens the answer.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use super::walk::{self, encoded};
use crate::access::cells::Stage;
use crate::access::operations::made_up;
use crate::access::table;

#[rstest]
fn undeclared_parameters_are_refused_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    let before = stage.tally();
    for step in &steps {
        for query in [
            "khong_co=1",
            "khong_co",
            "Sort=title",
            "filter%5Bkhong_co%5D=1",
        ] {
            let answer = step.send(&stage, &step.asking(query));
            let asked = format!("{}?{query}: {answer}", step.operation.id);
            assert_eq!(answer.status, 400, "{asked}");
            let problem = answer.json();
            assert_eq!(problem["code"], "unknown_parameter", "{asked}");
            assert!(problem["errors"][0]["parameter"].is_string(), "{asked}");
        }
        for unreadable in ["%ff=1", "a=%00"] {
            let answer = step.send(&stage, &step.asking(unreadable));
            assert_eq!(answer.status, 400, "{}: {answer}", step.operation.id);
        }
    }
    assert_eq!(stage.tally(), before);
}

/// The other way round: what the document declares is known.
#[rstest]
fn declared_parameters_are_known_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut known = 0;
    for step in walk::all(&stage) {
        for name in &step.operation.query {
            let call = step.asking_only(&format!("{}=1", encoded(name)));
            let answer = step.send(&stage, &call);
            let asked = format!("{}?{name}: {answer}", step.operation.id);
            let unknown = answer.status == 400 && answer.json()["code"] == "unknown_parameter";
            assert!(!unknown, "{asked}");
            known += 1;
        }
    }
    assert!(known > 70, "{known}");
}

#[rstest]
fn undeclared_members_are_refused_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    let before = stage.tally();
    for step in steps.iter().filter(|step| step.operation.has_body) {
        let mut body = step.call.body.clone().expect("a body");
        body["khong_co"] = json!(1);
        let answer = step.send(&stage, &step.call.clone().body(body));
        let asked = format!("{}: {answer}", step.operation.id);
        assert_eq!(answer.status, 422, "{asked}");
        assert!(answer.text().contains("khong_co"), "{asked}");
    }
    assert_eq!(stage.tally(), before);
}

/// Bodies as they are announced, of known length and of unknown.
const BODIES: [(&str, &str); 4] = [
    (
        "Content-Type: application/json\r\nContent-Length: 2\r\n",
        "{}",
    ),
    (
        "Content-Type: application/json\r\nContent-Length: 14\r\n",
        "{\"khong_co\":1}",
    ),
    ("Content-Length: 1\r\n", "x"),
    ("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
];

#[rstest]
fn bodies_are_refused_where_none_is_taken(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    let without = || steps.iter().filter(|step| !step.operation.has_body);
    let before = stage.tally();
    for step in without() {
        for (headers, body) in BODIES {
            let (status, problem) = step.raw(&stage, headers, body);
            let asked = format!("{} with {body:?}: {problem}", step.operation.id);
            assert_eq!(status, 400, "{asked}");
            assert_eq!(problem["code"], "malformed_request", "{asked}");
        }
    }
    assert_eq!(stage.tally(), before);
    // Without a body, and with an empty one, each of them is answered. Some clients do not know that
    // theirs is empty.
    let empty = ("Content-Length: 0\r\n", "");
    let unknown = ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n");
    for step in without().filter(|step| step.who.is_some()) {
        let (headers, body) = match step.call.method {
            "POST" => unknown,
            _ => empty,
        };
        let row = table::all().find(|row| row.operation == step.operation.id);
        let expected = row.unwrap().expected;
        let expected = expected.into_iter().find(|status| *status < 300).unwrap();
        let (status, problem) = step.raw(&stage, headers, body);
        assert_eq!(status, expected, "{}: {problem}", step.operation.id);
    }
}

/// A caller who may not act at all is told that first.
#[rstest]
fn rights_come_before_strange_bodies(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for step in walk::all(&stage) {
        if !step.operation.secured || step.operation.has_body {
            continue;
        }
        let nobody = walk::Step { who: None, ..step };
        let path = nobody.operation.filled(made_up);
        let nobody = walk::Step {
            call: nobody.call.at(path),
            ..nobody
        };
        let (headers, body) = BODIES[1];
        let (status, problem) = nobody.raw(&stage, headers, body);
        assert_eq!(status, 401, "{}: {problem}", nobody.operation.id);
    }
}
