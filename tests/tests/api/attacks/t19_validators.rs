//! T19, validators as oracles: whoever may not see or change a thing learns nothing by naming its
//! version, neither with `If-Match` nor with `If-None-Match`.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use super::as_a_client_sees;
use crate::access::cells::{CALLERS, Call, Stage, get};
use crate::access::table;

/// Every write that asks for a version, as everybody who is refused: with the true one, a wrong one,
/// any, and none.
#[rstest]
fn who_is_refused_learns_no_version(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut compared = 0;
    for row in table::all() {
        let Some(welcome) = row.welcome() else {
            continue;
        };
        let call = (row.call)(&stage, welcome);
        let Some(tag) = call.if_match.clone() else {
            continue;
        };
        for (who, _) in CALLERS
            .iter()
            .zip(row.expected)
            .filter(|(_, status)| matches!(status, 403 | 404))
        {
            let token = stage.office.token(who);
            let ask = |seen: Option<&str>| {
                let call = Call {
                    if_match: seen.map(ToOwned::to_owned),
                    ..call.clone()
                };
                as_a_client_sees(call.request(&stage.office.app, Some(&token)))
            };
            let right = ask(Some(&tag));
            for seen in [Some("\"wrong\""), Some("*"), None] {
                let asked = format!("{} {} as {who} with {seen:?}", row.operation, row.case);
                assert_eq!(ask(seen), right, "{asked}");
            }
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared}");
}

/// Every read that has a tag, as everybody who is refused.
#[rstest]
fn who_is_refused_is_never_told_that_nothing_changed(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut compared = 0;
    for row in table::all() {
        let Some(welcome) = row.welcome() else {
            continue;
        };
        let call = (row.call)(&stage, welcome);
        if call.method != "GET" {
            continue;
        }
        let known = stage.send(welcome, &call);
        let Some(tag) = known.header("etag").map(ToOwned::to_owned) else {
            continue;
        };
        for (who, expected) in CALLERS.iter().zip(row.expected) {
            if expected < 400 {
                continue;
            }
            let token = stage.office.token(who);
            let ask = |tag: &str| {
                let request = call.request(&stage.office.app, Some(&token));
                as_a_client_sees(request.header("if-none-match", tag))
            };
            let right = ask(&tag);
            assert_eq!(right.0, expected, "{} as {who}", row.operation);
            for tag in ["\"wrong\"", "*"] {
                assert_eq!(ask(tag), right, "{} as {who}", row.operation);
            }
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}

/// What was public and is not any more, and what is not public yet.
#[rstest]
fn readers_are_not_told_of_what_is_hidden(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let app = &stage.office.app;
    let live = stage.published();
    let slug = live.data["slug"].as_str().unwrap();
    let paths = [
        format!("/api/v1/sites/hai-tien/entries/{}", live.id),
        format!("/api/v1/sites/hai-tien/articles/{slug}"),
        format!("/api/v1/sites/hai-tien/resolve?path=/tin-tuc/{slug}"),
    ];
    let tags: Vec<String> = paths
        .iter()
        .map(|path| app.get(path).send().expect_status(200).etag().to_owned())
        .collect();
    let ask = |path: &str, tag: &str| {
        let call = Call::raw("GET", path.to_owned());
        let request = call.request(app, None);
        as_a_client_sees(request.header("if-none-match", tag))
    };
    for (path, tag) in paths.iter().zip(&tags) {
        assert_eq!(ask(path, tag).0, 304, "{path}");
    }
    let gone = json!({"kind": "gone", "reason": "Sai"});
    stage.office.act("chief", &live, "withdraw", &gone);
    for (path, tag) in paths.iter().zip(&tags) {
        let right = ask(path, tag);
        assert_eq!(right.0, 410, "{path}");
        for tag in ["\"wrong\"", "*"] {
            assert_eq!(ask(path, tag), right, "{path}");
        }
    }
    let draft = stage.approved();
    let editors = stage.send("editor", &get(draft.path())).etag().to_owned();
    let path = format!("/api/v1/sites/hai-tien/entries/{}", draft.id);
    for tag in [editors.as_str(), "\"wrong\"", "*"] {
        assert_eq!(ask(&path, tag).0, 404, "{tag}");
    }
}
