//! Query strings at random, to every operation of the document that takes parameters: none breaks
//! the server, none that it does not know is let pass, and what is asked twice is answered alike.
//!
//! The client holds each answer against the document. On one database: what is at stake is reading.

use loa_testkit::{Answer, Backend};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::desk::{Office, Seen, article};

/// Who may ask everything between them: of the platform, and of a board.
const READERS: [&str; 2] = ["platform", "chief"];

/// An operation with its path filled in and the names it takes.
#[derive(Debug, Clone)]
struct Asked {
    path: String,
    secured: bool,
    names: Vec<String>,
}

/// Every operation that is asked with a query.
fn operations(entry: &Seen) -> Vec<Asked> {
    let document: Value = serde_json::from_str(&loa_api::document().to_json().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let gets = paths
        .iter()
        .filter_map(|(path, item)| Some((path, item.get("get")?)));
    gets.map(|(path, get)| Asked {
        path: path
            .replace("{site}", "hai-tien")
            .replace("{slug}", "mot-bai")
            .replace("{code}", "14218")
            .replace("{id}", &entry.id),
        secured: get["security"][0].get("bearer").is_some(),
        names: get["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect(),
    })
    .filter(|asked| !asked.names.is_empty() && !asked.path.contains('{'))
    .collect()
}

/// A value of a parameter, likely and less so.
fn value() -> impl Strategy<Value = String> {
    let likely = prop::sample::select(vec![
        "",
        "true",
        "false",
        "1",
        "100",
        "0",
        "101",
        "-1",
        "vi",
        "en",
        "title",
        "-title",
        "name",
        "-updated_at",
        "draft",
        "draft,in_review",
        "article",
        "tin-tuc",
        "a,,b",
        ",",
        "2026-07-01",
        "2026-07-01T08:00:00Z",
        "9999-12-31",
        "0000-01-01",
        "+262143-01-01",
        "2026-13-01",
        "2026-06-30T23:59:60Z",
        "hai-tien",
        "019a0000-0000-7000-8000-000000000000",
        "019A0000-0000-7000-8000-000000000000",
        "/tin-tuc/mot-bai",
        "/",
        "//",
        "haitien.example.vn",
        "37",
        "eyJ",
        "*",
        "null",
        "18446744073709551616",
    ]);
    let many = (1_usize..60).prop_map(|count| vec!["a"; count].join(","));
    prop_oneof![4 => likely.prop_map(str::to_owned), 1 => any::<String>(), 1 => many]
}

/// A name to look up in the declared ones, or another.
#[derive(Debug, Clone)]
enum Name {
    Declared(prop::sample::Index),
    Near(prop::sample::Index, String),
    Any(String),
}

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        12 => any::<prop::sample::Index>().prop_map(Name::Declared),
        1 => (any::<prop::sample::Index>(), ".{1,3}").prop_map(|(at, more)| Name::Near(at, more)),
        1 => any::<String>().prop_map(Name::Any),
    ]
}

fn encoded(text: &str, all: bool) -> String {
    let plain = |byte: u8| !all && (byte.is_ascii_alphanumeric() || b"[]-_.,:/".contains(&byte));
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02x}")
            }
        })
        .collect()
}

fn query(pairs: &[(String, String)], all: bool) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name, all), encoded(value, all)));
    pairs.collect::<Vec<_>>().join("&")
}

fn ask(office: &Office, asked: &Asked, query: &str) -> Vec<Answer> {
    let path = format!("{}?{query}", asked.path);
    if asked.secured {
        READERS.iter().map(|who| office.get(who, &path)).collect()
    } else {
        vec![office.app.get(&path).send()]
    }
}

/// Without what is new in each answer.
fn lasting(answer: &Answer) -> Value {
    let mut body = if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    };
    if let Some(members) = body.as_object_mut() {
        members.remove("trace_id");
    }
    body
}

fn check(office: &Office, asked: &Asked, pairs: &[(String, String)]) -> Result<(), TestCaseError> {
    let strange = pairs.iter().any(|(name, _)| !asked.names.contains(name));
    let (plain, other) = (query(pairs, false), query(pairs, true));
    for (answer, again) in ask(office, asked, &plain)
        .iter()
        .zip(&ask(office, asked, &other))
    {
        prop_assert!(answer.status < 500, "{}", answer);
        // Whoever may not ask at all is told so first.
        if strange && answer.status != 403 {
            prop_assert_eq!(answer.status, 400, "{}", answer);
        }
        prop_assert_eq!(answer.status, again.status, "{} {}", plain, other);
        // A session says when it was last used.
        if !asked.path.contains("/auth/") {
            prop_assert_eq!(lasting(answer), lasting(again), "{} {}", plain, other);
        }
    }
    Ok(())
}

#[test]
fn fuzz_query_of_every_list() {
    let Some(office) = Office::open(Backend::Sqlite) else {
        return;
    };
    let seen = Seen::of(
        &office
            .create("editor", &article("Một bài"))
            .expect_status(201),
    );
    office.publish(&seen);
    let operations = operations(&seen);
    assert!(operations.len() >= 15, "{}", operations.len());
    // Each case asks every one of them, twice.
    let config = Config {
        cases: (Config::default().cases / 16).max(1),
        ..Config::default()
    };
    let pairs = prop::collection::vec((name(), value()), 0..5);
    proptest!(config, |(pairs in pairs)| {
        for asked in &operations {
            let of = |name: &Name| match name {
                Name::Declared(at) => at.get(&asked.names).clone(),
                Name::Near(at, more) => at.get(&asked.names).clone() + more,
                Name::Any(name) => name.clone(),
            };
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (of(name), value.clone())).collect();
            check(&office, asked, &pairs)?;
        }
    });
}
