//! T5, injection where SQL takes no values: orders, lists of values, sizes of pages. Each is a word
//! of a closed list or a number within limits, or it is refused.

use loa_testkit::Backend;
use rstest::rstest;

use super::walk::{self, Step, encoded};
use crate::access::cells::Stage;

/// Orders that no list declares, encoded as they are sent.
const ORDERS: [&str; 14] = [
    "",
    "-",
    "1",
    "version",
    "email",
    "password_hash",
    "title,name",
    "--title",
    "title%20DESC",
    "title%3B%20DROP%20TABLE%20users",
    "%28select%201%29",
    "random%28%29",
    "CASE%20WHEN%201%3D1%20THEN%20id%20END",
    "users.email",
];

/// Sizes that no page has.
const SIZES: [&str; 10] = [
    "",
    "0",
    "-1",
    "101",
    "1e1",
    "10.0",
    "10%3B",
    "10%20OFFSET%205",
    "%D9%A3",
    "4294967297",
];

/// Cursors that were never given out.
const CURSORS: [&str; 5] = ["", "x", "0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%27--"];

/// Steps with a parameter of this name, and how often there has to be one.
fn with<'s>(steps: &'s [Step], name: &'s str, least: usize) -> impl Iterator<Item = &'s Step> {
    let found: Vec<&Step> = steps
        .iter()
        .filter(|step| step.operation.query.iter().any(|own| own == name))
        .collect();
    assert!(found.len() >= least, "{name}: {}", found.len());
    found.into_iter()
}

#[track_caller]
fn refused(stage: &Stage, step: &Step, name: &str, value: &str, code: &str) {
    let call = step.asking_only(&format!("{}={value}", encoded(name)));
    let answer = step.send(stage, &call);
    let asked = format!("{}?{name}={value}: {answer}", step.operation.id);
    assert_eq!(answer.status, 400, "{asked}");
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{asked}");
    assert_eq!(problem["errors"][0]["parameter"], name, "{asked}");
}

#[rstest]
fn orders_sizes_and_cursors_are_what_is_declared(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    let before = stage.tally();
    for step in with(&steps, "sort", 6) {
        for order in ORDERS {
            refused(&stage, step, "sort", order, "parameter_invalid");
        }
    }
    for step in with(&steps, "page[size]", 10) {
        for size in SIZES {
            refused(&stage, step, "page[size]", size, "parameter_invalid");
        }
    }
    for step in with(&steps, "count", 8) {
        for flag in ["1", "TRUE", "yes", "", "true%20OR%20true"] {
            refused(&stage, step, "count", flag, "parameter_invalid");
        }
    }
    for step in with(&steps, "page[after]", 10) {
        for cursor in CURSORS {
            refused(&stage, step, "page[after]", cursor, "cursor_invalid");
        }
    }
    assert_eq!(stage.tally(), before);
}

/// Lists of values: what is no value finds nothing, and many are too many.
#[rstest]
fn lists_of_values_stay_lists_of_values(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    stage.published();
    let mut filters = 0;
    for step in walk::all(&stage) {
        let names = step.operation.query.iter();
        for name in names.filter(|name| name.starts_with("filter[")) {
            filters += 1;
            let name = encoded(name);
            for value in [
                "x%27%29%20OR%20%28%271%27%3D%271",
                "x%27%2C%27y",
                "x%25",
                "%7Bx%2Cy%7D",
                "NULL",
                "%28select%20slug%20from%20sections%29",
            ] {
                let answer = step.send(&stage, &step.asking_only(&format!("{name}={value}")));
                let asked = format!("{}?{name}={value}: {answer}", step.operation.id);
                assert!([200, 400, 404].contains(&answer.status), "{asked}");
                if answer.status == 200 {
                    assert_eq!(answer.data().as_array().map(Vec::len), Some(0), "{asked}");
                }
            }
            let many: Vec<String> = (0..200).map(|n| format!("x{n}")).collect();
            let many = many.join(",");
            let answer = step.send(&stage, &step.asking_only(&format!("{name}={many}")));
            let asked = format!("{}?{name}: {answer}", step.operation.id);
            // What takes one value takes the whole for one, and finds nothing by it.
            let one = step.operation.id == "list_sites" && answer.status == 200;
            assert!(one || [400, 404].contains(&answer.status), "{asked}");
            assert!(!one || answer.data() == serde_json::json!([]), "{asked}");
        }
    }
    assert!(filters > 20, "{filters}");
}
