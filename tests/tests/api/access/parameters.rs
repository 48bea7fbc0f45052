//! Parameters that nobody declared, and declared ones with strange values.

use loa_testkit::Backend;
use rstest::rstest;

use super::cells::{Call, Stage};
use super::operations::{self, Operation, made_up, some};
use super::table;

/// Names that are no parameter anywhere, encoded as they are sent.
const NAMES: [&str; 15] = [
    "khong_co",
    "Sort",
    "filter",
    "filter%5B%5D",
    "filter%5Ba%5Db%5D",
    "filter%5Bsite%5D%5Beq%5D",
    "page%5Bsize%5D%20",
    "%27",
    "%22",
    "%60",
    "%3C/script%3E",
    "__proto__",
    "constructor%5Bprototype%5D",
    "%7Bsite%7D",
    "%241",
];

/// Values that a parameter may choke on, encoded as they are sent.
const VALUES: [&str; 16] = [
    "",
    ",",
    "%27",
    "%27%20OR%201%3D1--",
    "%25",
    "%5C",
    "-1",
    "0",
    "101",
    "99999999999999999999",
    "1e3",
    "-262143-01-01",
    "+262142-12-31",
    "9999-12-31T23:59:59Z",
    "%F0%9F%98%80",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// Parts of a path that name nothing, and may be choked on.
const PARTS: [&str; 9] = [
    "%27",
    "%22%3E",
    "..%2f..%2fetc",
    "%F0%9F%98%80",
    "-1",
    "2147483648",
    "99999999999999999999",
    "%7Bsite%7D",
    "A",
];

/// Each operation once, as somebody who is let through calls it, or anybody where it is public.
fn calls(stage: &Stage) -> Vec<(Operation, Call, Option<&'static str>)> {
    let operations = operations::all().into_iter();
    operations
        .map(|operation| {
            let row = table::all().find(|row| row.operation == operation.id);
            let Some(row) = row else {
                assert!(!operation.secured, "{}", operation.id);
                return public(operation, stage);
            };
            let who = row.welcome().expect("somebody is let through");
            let call = (row.call)(stage, who);
            (operation, call, Some(who))
        })
        .collect()
}

fn public(operation: Operation, stage: &Stage) -> (Operation, Call, Option<&'static str>) {
    let path = operation.filled(|name| match name {
        "site" => "hai-tien".to_owned(),
        "code" if operation.path.starts_with("/problems") => "not_found".to_owned(),
        "code" => "14218".to_owned(),
        "id" => stage.office.world.people["editor"].to_string(),
        other => made_up(other),
    });
    let mut call = Call::raw(
        if operation.method == "POST" {
            "POST"
        } else {
            "GET"
        },
        path,
    );
    if operation.has_body {
        call = call.body(serde_json::json!({}));
    }
    (operation, call, None)
}

fn joined(path: &str, query: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{query}")
}

#[rstest]
fn undeclared_parameters_are_refused_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let calls = calls(&stage);
    let token = |call: &Call, who: Option<&str>| {
        who.map(|who| {
            call.token
                .clone()
                .unwrap_or_else(|| stage.office.token(who))
        })
    };
    for (_, call, who) in &calls {
        token(call, *who);
    }
    let before = stage.tally();
    for (seed, (operation, call, who)) in calls.iter().enumerate() {
        for name in some(&NAMES, 2, seed).chain(&["khong_co"]) {
            for query in [format!("{name}=1"), (*name).to_owned()] {
                let strange = call.at(joined(&call.path, &query));
                let answer = strange.send(&stage.office.app, token(call, *who).as_deref());
                let asked = format!("{}?{query}: {answer}", operation.id);
                assert_eq!(answer.status, 400, "{asked}");
                let problem = answer.json();
                assert_eq!(problem["code"], "unknown_parameter", "{asked}");
                assert!(problem["errors"][0]["parameter"].is_string(), "{asked}");
            }
        }
        for unreadable in ["%ff=1", "a=%00"] {
            let odd = call.at(joined(&call.path, unreadable));
            let answer = odd.send(&stage.office.app, token(call, *who).as_deref());
            assert_eq!(answer.status, 400, "{}: {answer}", operation.id);
        }
    }
    assert_eq!(stage.tally(), before);
}

#[rstest]
fn strange_values_are_no_fault(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut seed = 0;
    for (operation, call, who) in calls(&stage) {
        let token = who.map(|who| stage.office.token(who));
        let path = call.path.split('?').next().unwrap_or_default();
        for name in &operation.query {
            seed += 1;
            let name = name.replace('[', "%5B").replace(']', "%5D");
            for value in some(&VALUES, 5, seed).chain(&["%00"]) {
                let strange = call.at(format!("{path}?{name}={value}"));
                let answer = strange.send(&stage.office.app, token.as_deref());
                assert!(answer.status < 500, "{}: {answer}", operation.id);
            }
            let twice = call.at(format!("{path}?{name}=1&{name}=1"));
            let answer = twice.send(&stage.office.app, token.as_deref());
            assert_eq!(answer.status, 400, "{}: {answer}", operation.id);
        }
    }
}

#[rstest]
fn strange_paths_are_no_fault(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for (seed, (operation, call, who)) in calls(&stage).into_iter().enumerate() {
        let token = who.map(|who| {
            call.token
                .clone()
                .unwrap_or_else(|| stage.office.token(who))
        });
        for strange in operation.parameters() {
            for part in some(&PARTS, 2, seed).chain(&["%00"]) {
                let path = operation.replaced(&call.path, |name| {
                    (name == strange).then(|| (*part).to_owned())
                });
                let answer = call.at(path).send(&stage.office.app, token.as_deref());
                assert!(
                    (400..500).contains(&answer.status),
                    "{}: {answer}",
                    operation.id
                );
            }
        }
    }
}
