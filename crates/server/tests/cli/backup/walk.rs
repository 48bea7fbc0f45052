//! Every public operation of the contract, with values that fit the data, asked of two nodes: their
//! answers have to be the same, byte by byte.

use std::collections::BTreeSet;

use loa_testkit::Answer;
use serde_json::Value;

use crate::node::Node;

/// Values to try, by the name of the parameter. A parameter that is not here fails the test: it
/// belongs here.
fn values(name: &str, slugs: &[String], ids: &[String], paths: &[String]) -> Vec<String> {
    let fixed: &[&str] = match name {
        "site" => &["hai-tien", "giao-thuy", "khong-co"],
        "slug" => return slugs.to_vec(),
        "id" => return ids.to_vec(),
        "path" => return paths.to_vec(),
        "code" => &["37", "14218", "99999"],
        "type" => &["article", "page", "khong-co"],
        "locale" => &["vi", "en"],
        "fallback" | "count" => &["true"],
        "on" => &["2025-07-01", "2020-01-01"],
        "host" => &["haitien.ninhbinh.example.vn", "khong.example.vn"],
        "filter[section]" => &["tin-tuc", "doi-song"],
        "filter[tag]" => &["Lễ hội", "làng nghề"],
        "filter[published][gte]" | "filter[published][lte]" => &["2026-01-01", "2099-01-01"],
        "filter[host]" => &["haitien.ninhbinh.example.vn"],
        "filter[unit_code]" => &["14218"],
        "filter[province_code]" => &["37"],
        "page[size]" => &["1", "100"],
        // Followed from page to page instead.
        "page[after]" | "page[before]" => &[],
        other => panic!("which values has {other}?"),
    };
    fixed.iter().map(|value| (*value).to_owned()).collect()
}

/// What to ask for.
struct Asked {
    path: String,
    query: Vec<(String, String)>,
}

/// Asks both nodes everything; gives how many answers were compared.
#[track_caller]
pub(super) fn compare(original: &Node, restored: &Node) -> usize {
    let slugs = listed(original, "slug");
    let ids = listed(original, "id");
    let paths = listed(original, "path");
    assert!(slugs.len() > 5 && ids.len() > 5, "{slugs:?}");
    let document = serde_json::to_value(loa_api::document()).unwrap();
    let (mut operations, mut count) = (0, 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        let operation = &item["get"];
        let tags = operation["tags"].as_array();
        if !tags.is_some_and(|tags| tags.contains(&"delivery".into())) {
            continue;
        }
        operations += 1;
        let find = |name: &str| values(name, &slugs, &ids, &paths);
        for asked in requests(path, operation, &find) {
            count += one(original, restored, &asked);
        }
    }
    assert!(operations >= 14, "{operations}");
    count
}

/// An operation with each fitting value of its path and required parameters, and each time with one
/// of the others.
fn requests(path: &str, operation: &Value, find: &impl Fn(&str) -> Vec<String>) -> Vec<Asked> {
    let mut base = vec![Asked {
        path: path.to_owned(),
        query: Vec::new(),
    }];
    let mut optional = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let listed = parameter["schema"]["enum"].as_array();
        let values = match (parameter["in"].as_str().unwrap(), listed) {
            ("header", _) => continue,
            (_, Some(words)) => words
                .iter()
                .map(|w| w.as_str().unwrap().to_owned())
                .collect(),
            _ => find(name),
        };
        if parameter["required"] == true {
            base = base
                .iter()
                .flat_map(|asked| with(asked, name, &values))
                .collect();
        } else {
            optional.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        }
    }
    let mut all = Vec::new();
    for asked in base {
        for pair in &optional {
            let mut query = asked.query.clone();
            query.push(pair.clone());
            let path = asked.path.clone();
            all.push(Asked { path, query });
        }
        all.push(asked);
    }
    all
}

fn with(asked: &Asked, name: &str, values: &[String]) -> Vec<Asked> {
    let place = format!("{{{name}}}");
    let each = |value: &String| {
        let mut query = asked.query.clone();
        if !asked.path.contains(&place) {
            query.push((name.to_owned(), value.clone()));
        }
        let path = asked.path.replace(&place, value);
        Asked { path, query }
    };
    values.iter().map(each).collect()
}

/// Asks both, and follows the pages of a list that has more than one.
fn one(original: &Node, restored: &Node, asked: &Asked) -> usize {
    let mut query = asked.query.clone();
    for count in 1..=4 {
        let answer = same(original, restored, &asked.path, &query);
        let next = (answer.status == 200)
            .then(|| {
                answer.json()["page"]["next"]
                    .as_str()
                    .map(ToOwned::to_owned)
            })
            .flatten();
        let Some(next) = next else {
            return count;
        };
        query.retain(|(name, _)| name != "page[after]");
        query.push(("page[after]".to_owned(), next));
    }
    4
}

fn same(original: &Node, restored: &Node, path: &str, query: &[(String, String)]) -> Answer {
    let ask = |node: &Node, encoding: &str| {
        let request = node.get(path).header("accept-encoding", encoding);
        let request = query
            .iter()
            .fold(request, |request, (name, value)| request.query(name, value));
        request.send()
    };
    // Another encoding has another tag; where it is asked for says nothing about it.
    let encodings = if query.is_empty() {
        &["br", "identity"][..]
    } else {
        &["identity"][..]
    };
    for encoding in encodings {
        let (left, right) = (ask(original, encoding), ask(restored, encoding));
        assert_eq!(left.status, right.status, "{left}\n{right}");
        for name in [
            "etag",
            "location",
            "link",
            "content-encoding",
            "surrogate-key",
        ] {
            assert_eq!(
                left.header(name),
                right.header(name),
                "{name}: {left}\n{right}"
            );
        }
        if left.status >= 400 {
            let of = |answer: &Answer| {
                let mut body = answer.json();
                // The one thing that is of the request.
                body.as_object_mut().unwrap().remove("trace_id");
                body
            };
            assert_eq!(of(&left), of(&right));
        } else {
            assert!(left.body == right.body, "{left}\n{right}");
        }
        if *encoding == "identity" {
            return left;
        }
    }
    unreachable!("the last encoding returns")
}

/// A member of all published entries, with what is there no more and what never was.
fn listed(node: &Node, member: &str) -> Vec<String> {
    let mut found: BTreeSet<String> = match member {
        "slug" => [
            "ten-cu",
            "so-lieu-sai",
            "da-go-han",
            "da-chuyen",
            "khong-co",
        ],
        "path" => [
            "/tin-tuc/ten-cu",
            "/tin-tuc/so-lieu-sai",
            "/tin-tuc/da-go-han",
            "/tin-tuc/da-chuyen",
            "/khong/co",
        ],
        _ => ["01900000-0000-7000-8000-000000000000"; 5],
    }
    .map(ToOwned::to_owned)
    .into();
    for (id, entry) in documents(node) {
        found.insert(entry[member].as_str().map_or(id, ToOwned::to_owned));
        if found.len() > 9 {
            break;
        }
    }
    found.into_iter().collect()
}

/// Cards of all published entries of all sites, by id.
pub(super) fn documents(node: &Node) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for site in ["hai-tien", "giao-thuy"] {
        for locale in ["vi", "en"] {
            let mut after: Option<String> = None;
            loop {
                let path = format!("/api/v1/sites/{site}/entries");
                let mut request = node.get(&path).query("locale", locale);
                request = request.query("page[size]", "100");
                if let Some(after) = &after {
                    request = request.query("page[after]", after);
                }
                let page = request.send().expect_status(200).json();
                for card in page["data"].as_array().unwrap() {
                    found.push((card["id"].as_str().unwrap().to_owned(), card.clone()));
                }
                after = page["page"]["next"].as_str().map(ToOwned::to_owned);
                if after.is_none() {
                    break;
                }
            }
        }
    }
    found
}
