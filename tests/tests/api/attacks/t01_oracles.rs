//! T1, oracles: what somebody may not see changes nothing of what they get, whether they filter,
//! sort, count or page by it.

use std::collections::{BTreeMap, BTreeSet};

use loa_testkit::{Answer, Backend};
use rstest::rstest;
use serde_json::json;

use super::walk;
use crate::access::cells::{Call, Stage, get, post, put};
use crate::access::operations::{self, made_up};
use crate::desk::{Seen, article};

/// Everything a client sees of an answer but for its time.
type View = (u16, Vec<(String, String)>, String);

fn view(answer: &Answer) -> View {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (answer.status, headers, answer.text().to_owned())
}

fn ask(stage: &Stage, who: Option<&str>, path: &str) -> View {
    let token = who.map(|who| stage.office.token(who));
    let call = Call::raw("GET", path.to_owned());
    let request = call.request(&stage.office.app, token.as_deref());
    view(&request.header("x-request-id", "same").send())
}

/// Every address somebody can read, of one site, with all that lists take.
fn addresses(site: &str, hidden: &Seen) -> Vec<String> {
    let mut all = Vec::new();
    for operation in operations::all() {
        if operation.method != "GET" || operation.id == "list_sessions" {
            continue;
        }
        let path = operation.filled(|name| match name {
            "site" => site.to_owned(),
            "code" if operation.path.starts_with("/problems") => "not_found".to_owned(),
            "code" => "14218".to_owned(),
            "id" => hidden.id.clone(),
            "slug" => hidden.data["slug"].as_str().expect("a slug").to_owned(),
            "number" | "from" => "1".to_owned(),
            "to" => "2".to_owned(),
            other => made_up(other),
        });
        all.push(path.clone());
        if operation.query.iter().any(|name| name == "count") {
            all.push(format!("{path}?count=true&page%5Bsize%5D=1"));
        }
        for (name, value) in [
            ("filter[site]", site),
            ("filter[section]", "tin-tuc"),
            ("filter[tag]", "an"),
            ("filter[state]", "draft,in_review,approved,scheduled"),
            ("filter[published][gte]", "2026-01-01"),
        ] {
            if operation.query.iter().any(|own| own == name) {
                let name = walk::encoded(name);
                all.push(format!("{path}?{name}={value}&count=true"));
            }
        }
        if operation.id.starts_with("resolve") {
            let slug = hidden.data["slug"].as_str().expect("a slug");
            let host = if operation.id == "resolve_path" {
                "&host=haitien.ninhbinh.example.vn"
            } else {
                ""
            };
            all.push(format!("{path}?path=/tin-tuc/{slug}{host}"));
        }
    }
    all
}

/// Everything that happens behind the scenes of `hai-tien` until something is published.
fn hidden_work(stage: &Stage, live: &Seen) {
    let mut body = article("Bài ẩn");
    body["tags"] = json!(["an"]);
    let office = &stage.office;
    let made = Seen::of(&office.create("contributor", &body).expect_status(201));
    let made = office.act("contributor", &made, "submit", &json!({}));
    let made = office.act("editor", &made, "pass", &json!({}));
    let made = office.act("chief", &made, "approve", &json!({}));
    let at = json!({"publish_at": "2026-12-01T00:00:00Z"});
    office.act("publisher", &made, "schedule", &at);
    stage.revised();
    let open = office.act("contributor", live, "revise", &json!({}));
    office.save("contributor", &open, &stage.saving());
    let mut english = article("Hidden translation");
    english["locale"] = json!("en");
    english["translation_of"] = json!(live.id);
    office.create("contributor", &english).expect_status(201);
    stage.preview_link();
    stage.person();
}

#[rstest]
fn what_is_hidden_changes_nothing_that_is_seen(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let live = stage.published();
    stage.published();
    // What is asked for is hidden from the beginning; what changes is the rest.
    let hidden = stage.revised();
    let callers = [
        (None, "hai-tien"),
        (Some("stranger"), "hai-tien"),
        (Some("stranger"), "giao-thuy"),
        (Some("stranger-admin"), "hai-tien"),
        (Some("stranger-admin"), "giao-thuy"),
    ];
    let look = || -> BTreeMap<String, View> {
        let asked = callers.iter().flat_map(|(who, site)| {
            let addresses = addresses(site, &hidden).into_iter();
            addresses.map(move |path| (*who, path))
        });
        asked
            .map(|(who, path)| (format!("{who:?} {path}"), ask(&stage, who, &path)))
            .collect()
    };
    for who in ["stranger", "stranger-admin"] {
        stage.office.token(who);
    }
    let before = look();
    let seen = before.values().filter(|view| view.0 == 200).count();
    assert!(seen > 40, "{seen} of {}", before.len());
    hidden_work(&stage, &live);
    for (asked, after) in look() {
        assert_eq!(before[&asked], after, "{asked}");
    }
    // It is not blindness: what is published is seen.
    stage.published();
    assert_ne!(before, look());
}

/// Names of everything that any answer or body holds: what people would guess at.
fn names_of_fields() -> BTreeSet<String> {
    let text = loa_api::document().to_json().unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut names: BTreeSet<String> = schemas
        .values()
        .filter_map(|schema| schema["properties"].as_object())
        .flat_map(|properties| properties.keys().cloned())
        .collect();
    names.extend(["password_hash", "email_key", "token_hash", "site_id"].map(ToOwned::to_owned));
    names
}

#[rstest]
fn guesses_at_fields_get_one_answer(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    stage.published();
    let names = names_of_fields();
    assert!(names.len() > 80, "{names:?}");
    let mut refused = 0;
    for step in walk::all(&stage) {
        let known = &step.operation.query;
        if !known.iter().any(|name| name == "page[size]") {
            continue;
        }
        let token = step.token(&stage);
        let ask = |call: &Call| {
            let request = call.request(&stage.office.app, token.as_deref());
            view(&request.header("x-request-id", "same").send())
        };
        for name in &names {
            if known.contains(&format!("filter[{name}]")) {
                continue;
            }
            // One guess is right of somebody or something here, the other of nothing.
            let guess =
                |value: &str| ask(&step.asking_only(&format!("filter%5B{name}%5D={value}")));
            let (right, wrong) = (guess("editor%40loa.example.vn"), guess("no-such-value"));
            assert_eq!(right, wrong, "{}: {name}", step.operation.id);
            assert_eq!(right.0, 400, "{}: {name}", step.operation.id);
            refused += 1;
        }
    }
    assert!(refused > 800, "{refused}");
}

/// A cursor is good for its list, with its filters and its order, and for nobody's other list.
#[rstest]
fn cursors_say_nothing_elsewhere(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for _ in 0..2 {
        stage.published();
    }
    let path = "/api/v1/editorial/entries";
    let page = stage.send("editor", &get(format!("{path}?page%5Bsize%5D=1")));
    let cursor = page.json()["page"]["next"].as_str().unwrap().to_owned();
    let after =
        |path: &str| walk::joined(path, &format!("page%5Bsize%5D=1&page%5Bafter%5D={cursor}"));
    stage.send("editor", &get(after(path))).expect_status(200);
    for other in [
        "/api/v1/editorial/sites/hai-tien/entries",
        "/api/v1/sites/hai-tien/entries",
        "/api/v1/sites/hai-tien/articles",
        "/api/v1/admin/sites",
        "/api/v1/editorial/entries?sort=updated_at",
        "/api/v1/editorial/entries?filter%5Bstate%5D=draft",
    ] {
        let answer = stage.send("editor", &Call::raw("GET", after(other)));
        answer.expect_problem(400, "cursor_invalid");
    }
    // In the hands of somebody else it is a place in their own list, where nothing of this is.
    let theirs = stage.send("stranger", &Call::raw("GET", after(path)));
    assert_eq!(theirs.expect_status(200).data(), json!([]));
}

/// An address that is in use somewhere is told to whoever gives it, and to nobody who asks.
#[rstest]
fn who_has_an_account_is_not_found_out_by_signing_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let path = format!("/admin/users/{}", stage.office.world.people["editor"]);
    let account = stage.send("admin", &get(&path));
    let body =
        json!({"email": "editor@loa.example.vn", "name": "Người editor", "status": "suspended"});
    let suspended = put(&path, account.etag()).body(body);
    stage.send("admin", &suspended).expect_status(200);
    let login = |email: &str| {
        let body = json!({"email": email, "password": "không phải mật khẩu này"});
        let call = post("/auth/login").body(body);
        let request = call.request(&stage.office.app, None);
        view(&request.header("x-request-id", "same").send())
    };
    let unknown = login("khong-co@loa.example.vn");
    for known in ["chief@loa.example.vn", "editor@loa.example.vn"] {
        assert_eq!(login(known), unknown, "{known}");
    }
    assert_eq!(unknown.0, 401);
}
