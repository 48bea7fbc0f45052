//! T4, names as identifiers: names of parameters and of members of maps, and values and parts of
//! paths beside them, that a query might be built from. None reaches one.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use super::walk::{self, encoded};
use crate::access::cells::{Stage, post};
use crate::access::operations::some;

/// Names that are no parameter anywhere, encoded as they are sent.
const NAMES: [&str; 18] = [
    "t1.x",
    "users.email",
    "a%5Db",
    "id%29%20OR%201%3D1--",
    "%3F",
    "title%20DESC",
    "filter",
    "filter%5B%5D",
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

#[rstest]
fn strange_names_reach_no_query(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let steps = walk::all(&stage);
    let before = stage.tally();
    for (seed, step) in steps.iter().enumerate() {
        // Whoever has parameters is asked with all of the names, and with them as a field.
        let count = if step.operation.query.is_empty() {
            3
        } else {
            NAMES.len()
        };
        for name in some(&NAMES, count, seed) {
            for query in [
                format!("{name}=1"),
                (*name).to_owned(),
                format!("filter%5B{name}%5D=1"),
                format!("page%5B{name}%5D=1"),
            ] {
                let answer = step.send(&stage, &step.asking(&query));
                let asked = format!("{}?{query}: {answer}", step.operation.id);
                assert_eq!(answer.status, 400, "{asked}");
                assert_eq!(answer.json()["code"], "unknown_parameter", "{asked}");
            }
        }
    }
    assert_eq!(stage.tally(), before);
}

/// Maps take names from clients too: languages are the only ones.
#[rstest]
fn strange_names_in_maps_are_refused(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let before = stage.tally();
    for name in [
        "__proto__",
        "vi'); DROP TABLE sections; --",
        "t1.x",
        "a]b",
        "$1",
        "",
        "vi\u{0}",
        "VI--",
        "{vi}",
    ] {
        let body = json!({"slug": "muc-la", "title": {"vi": "Mục lạ", name: "x"}});
        let call = post("/admin/sites/hai-tien/sections").body(body);
        let answer = stage.send("admin", &call);
        assert_eq!(answer.status, 422, "{name:?}: {answer}");
    }
    let after = stage.tally();
    assert_eq!(before["sections"], after["sections"]);
}

#[rstest]
fn strange_values_are_no_fault(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut seed = 0;
    for step in walk::all(&stage) {
        let id = &step.operation.id;
        for name in &step.operation.query {
            seed += 1;
            let name = encoded(name);
            for value in some(&VALUES, 5, seed).chain(&["%00"]) {
                let strange = step.asking_only(&format!("{name}={value}"));
                let answer = step.send(&stage, &strange);
                assert!(answer.status < 500, "{id}: {answer}");
            }
            let twice = step.asking_only(&format!("{name}=1&{name}=1"));
            let answer = step.send(&stage, &twice);
            assert_eq!(answer.status, 400, "{id}: {answer}");
        }
    }
}

#[rstest]
fn strange_paths_are_no_fault(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for (seed, step) in walk::all(&stage).iter().enumerate() {
        let id = &step.operation.id;
        for strange in step.operation.parameters() {
            for part in some(&PARTS, 2, seed).chain(&["%00"]) {
                let path = step.operation.replaced(&step.call.path, |name| {
                    (name == strange).then(|| (*part).to_owned())
                });
                let answer = step.send(&stage, &step.call.at(path));
                assert!((400..500).contains(&answer.status), "{id}: {answer}");
            }
        }
    }
}
