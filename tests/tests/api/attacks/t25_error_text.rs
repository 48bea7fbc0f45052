//! T25, words of refusals: none tells of code, SQL, files, versions or the server's time. Each answer
//! of each test is held against a list of such words by the test kit; here refusals are provoked.

use loa_testkit::{Answer, Backend};
use rstest::rstest;

use super::walk::{self, encoded};
use crate::access::cells::Stage;
use crate::access::operations::made_up;

/// What no refusal says beside the test kit's list.
#[track_caller]
fn discreet(stage: &Stage, answer: &Answer) {
    if answer.status < 400 {
        return;
    }
    let text = answer.text();
    assert!(!text.contains(env!("CARGO_PKG_VERSION")), "{answer}");
    // The server's clock: its day, as it stands in this test.
    let today = stage.office.app.app.now().day().to_string();
    assert!(!text.contains(&today), "{answer}");
    if let Ok(problem) = serde_json::from_str::<serde_json::Value>(text) {
        let known = [
            "type",
            "title",
            "status",
            "detail",
            "code",
            "errors",
            "trace_id",
            "reason",
            "allowed_actions",
            "gone",
        ];
        let members = problem.as_object().unwrap();
        assert!(
            members.keys().all(|name| known.contains(&name.as_str())),
            "{answer}"
        );
    }
}

/// Every operation with everything wrong that a stranger can get wrong.
#[rstest]
fn strangers_learn_nothing_of_the_inside(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let bodies = [
        ("application/json", ""),
        ("application/json", "{"),
        ("application/json", "[1]"),
        ("application/json", "{\"a\":\"\\ud800\"}"),
        ("application/json", "{\"email\":1,\"password\":{}}"),
        (
            "application/json",
            "{\"email\":\"a\\u0000b\",\"password\":\"' OR 1=1\"}",
        ),
        ("application/json", "\u{feff}{}"),
        (
            "text/xml",
            "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>",
        ),
        ("multipart/form-data", "x"),
        ("", "{}"),
    ];
    let mut refused = 0;
    for step in walk::all(&stage) {
        let operation = &step.operation;
        let mut paths = vec![step.call.path.clone(), operation.filled(made_up)];
        for odd in [
            "%27",
            "%00",
            "%ff",
            "-1",
            "..%2f..%2fetc%2fpasswd",
            "%24%7B7*7%7D",
        ] {
            paths.push(operation.filled(|_| odd.to_owned()));
        }
        for name in operation.query.iter().take(3) {
            for value in ["%27", "%00", "%ff", "99999999999999999999", "9999-99-99"] {
                let path = &step.call.path;
                paths.push(walk::joined(path, &format!("{}={value}", encoded(name))));
            }
        }
        for path in &paths {
            let request = operation.request(app, path);
            for answer in [
                request.send(),
                operation.request(app, path).bearer("x").send(),
                app.request("PATCH", path).send(),
            ] {
                discreet(&stage, &answer);
                refused += usize::from(answer.status >= 400);
            }
        }
        if operation.has_body {
            for (kind, body) in bodies {
                let request = app.request(&operation.method, &step.call.path);
                let answer = request.body(kind, body).send();
                discreet(&stage, &answer);
                assert!(
                    (400..500).contains(&answer.status),
                    "{}: {answer}",
                    operation.id
                );
            }
        }
    }
    assert!(refused > 500, "{refused}");
}

/// Signed-in people get the same discretion.
#[rstest]
fn faults_tell_the_signed_in_no_more(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    // A database without its tables: every operation that reads them is at fault.
    let mut sql = stage.office.app.database().sql();
    sql.execute("ALTER TABLE sites RENAME TO hidden_sites");
    sql.execute("ALTER TABLE entries RENAME TO hidden_entries");
    sql.execute("ALTER TABLE users RENAME TO hidden_users");
    let mut faults = 0;
    for step in &steps {
        let answer = step.send(&stage, &step.call);
        discreet(&stage, &answer);
        assert!(!answer.text().contains("hidden_"), "{answer}");
        if answer.status == 500 {
            assert_eq!(answer.json()["errors"], serde_json::json!([]), "{answer}");
            faults += 1;
        }
    }
    assert!(faults > 30, "{faults}");
}
