//! T10, things of other sites: what one may not see looks like what is not there, to the byte, whatever
//! was asked for.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use super::as_a_client_sees;
use crate::access::cells::{CALLERS, Call, Row, Stage};
use crate::access::operations::{self, Operation, made_up, some};
use crate::access::table;

/// What no id and no slug looks like.
const MALFORMED: [&str; 5] = ["x", "-1", "%27", "01900000-0000-7000-8000", "%F0%9F%98%80"];

#[rstest]
#[case::stranger("stranger")]
#[case::administrator("stranger-admin")]
fn what_is_hidden_looks_like_what_is_not_there(
    #[case] who: &str,
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let column = CALLERS.iter().position(|caller| *caller == who).unwrap();
    let mut compared = 0;
    for row in table::all().filter(|row| row.expected[column] >= 400) {
        let operation = operations::named(row.operation);
        if !operation.parameters().is_empty() {
            compare(&stage, who, row, &operation);
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}

fn compare(stage: &Stage, who: &str, row: &Row, operation: &Operation) {
    let call = (row.call)(stage, who);
    let token = stage.office.token(who);
    let ask = |path: &str| {
        as_a_client_sees(
            call.at(path.to_owned())
                .request(&stage.office.app, Some(&token)),
        )
    };
    let hidden = ask(&call.path);
    let about = |path: &str| format!("{} {}, {who}: {path}", row.operation, row.case);
    for path in strange_paths(operation, &call) {
        assert_eq!(ask(&path), hidden, "{}", about(&path));
    }
    if operation.parameters().len() > 1 && operation.parameters().contains(&"site") {
        let own = |name: &str| (name == "site").then(|| "giao-thuy".to_owned());
        let smuggled = operation.replaced(&call.path, own);
        let unknown = operation.replaced(&call.path, |name| {
            own(name).or_else(|| (name == "id").then(|| made_up(name)))
        });
        assert_eq!(ask(&smuggled), ask(&unknown), "{}", about(&smuggled));
        assert!(ask(&smuggled).0 >= 400, "{}", about(&smuggled));
    }
}

/// The call's path with one parameter that names nothing, or cannot name anything.
fn strange_paths(operation: &Operation, call: &Call) -> Vec<String> {
    let names = operation.parameters();
    let names = names.iter().filter(|name| **name != "action");
    names
        .enumerate()
        .flat_map(|(seed, strange)| {
            let values = some(&MALFORMED, 2, seed + operation.id.len());
            let values = values.map(|value| (*value).to_owned());
            values.chain([made_up(strange)]).map(|value| {
                let own = |name: &str| (name == *strange).then(|| value.clone());
                operation.replaced(&call.path, own)
            })
        })
        .collect()
}

#[rstest]
fn readers_cannot_tell_a_draft_from_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let draft = stage.approved();
    let slug = draft.data["slug"].as_str().unwrap();
    let base = "/api/v1/sites/hai-tien";
    let pairs = [
        (
            format!("{base}/entries/{}", draft.id),
            format!("{base}/entries/{}", made_up("id")),
        ),
        (
            format!("{base}/entries/{}", draft.id),
            format!("{base}/entries/x"),
        ),
        (
            format!("{base}/articles/{slug}"),
            format!("{base}/articles/khong-co"),
        ),
        (
            format!("{base}/articles/{slug}"),
            format!("{base}/pages/{slug}"),
        ),
        (
            format!("{base}/resolve?path=/tin-tuc/{slug}"),
            format!("{base}/resolve?path=/tin-tuc/khong-co"),
        ),
    ];
    for (hidden, unknown) in pairs {
        let answer = as_a_client_sees(app.get(&hidden));
        assert_eq!(answer, as_a_client_sees(app.get(&unknown)), "{hidden}");
        assert_eq!(answer.0, 404, "{hidden}");
    }
}

#[rstest]
fn ids_of_other_sites_are_unknown_inside_bodies_too(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for (who, foreign, unknown) in super::foreign_ids::pairs(&stage) {
        let token = stage.office.token(who);
        let before = stage.tally();
        let ask = |call: &Call| as_a_client_sees(call.request(&stage.office.app, Some(&token)));
        let answer = ask(&foreign);
        assert_eq!(answer, ask(&unknown), "{foreign:?}");
        assert!(foreign.method == "GET" || answer.0 >= 400, "{foreign:?}");
        assert_eq!(stage.tally(), before, "{foreign:?}");
    }
    // The pairs mean something: with an id of one's own it works.
    let own = json!({"role": "editor", "site": "giao-thuy"});
    let call = super::foreign_ids::membership(&stage, &own);
    stage.send("stranger-admin", &call).expect_status(201);
}
