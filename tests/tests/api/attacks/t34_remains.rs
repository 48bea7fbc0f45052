//! T34, remains: after an entry was withdrawn, has expired, was deleted or expunged, every GET of the
//! document is asked by everybody and by nobody, with every link that was ever given, and no answer may
//! hold its words but those of the board, where the board may still read them.

use loa_testkit::{Answer, Backend, TestApp};
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{CALLERS, Stage};
use crate::access::operations::{self, Operation, made_up};
use crate::desk::Seen;
use crate::expunge;

/// A word that nothing else holds.
const WORD: &str = "Xuyễnxoạng";
const SLUG: &str = "bai-can-go";
/// The boards of the site: they may read what was withdrawn, and what has expired.
const BOARD: [&str; 7] = [
    "contributor",
    "news-contributor",
    "editor",
    "chief",
    "publisher",
    "admin",
    "auditor",
];

/// The entry, and every way to it that anybody has been given.
struct Known {
    entry: Seen,
    tokens: Vec<String>,
}

fn wordy() -> Value {
    json!({
        "type": "article", "section": "tin-tuc", "slug": SLUG,
        "title": format!("Bài {WORD}"), "summary": format!("Tóm tắt {WORD}"),
        "tags": [format!("thẻ {WORD}")], "byline": [{"name": format!("Tác giả {WORD}")}],
        "expire_at": "2026-11-21T00:00:00Z",
        "content": {"lead": format!("Mở đầu {WORD}"), "body": format!("<p>Toàn văn {WORD}</p>")},
    })
}

fn create(stage: &Stage) -> Answer {
    let office = &stage.office;
    let create = office.app.post("/api/v1/editorial/sites/hai-tien/entries");
    let create = create.bearer(&office.token("contributor"));
    let create = create.header("idempotency-key", "mot-lan");
    create.json(&wordy()).send()
}

fn link(stage: &Stage, who: &str, entry: &Seen) -> Answer {
    let path = format!("{}/preview-links", entry.path());
    let link = stage.office.app.post(&path);
    let link = link.bearer(&stage.office.token(who));
    link.json(&json!({})).send()
}

fn drafted(stage: &Stage) -> Known {
    let entry = Seen::of(&create(stage).expect_status(201));
    let made = link(stage, "editor", &entry).expect_status(201).data();
    Known {
        entry,
        tokens: vec![made["token"].as_str().unwrap().to_owned()],
    }
}

/// The same entry, public, with a second edition on its way.
fn published(stage: &Stage) -> Known {
    let mut known = drafted(stage);
    known.entry = stage.office.publish(&known.entry);
    let made = link(stage, "editor", &known.entry)
        .expect_status(201)
        .data();
    known
        .tokens
        .push(made["token"].as_str().unwrap().to_owned());
    known
}

/// Every GET of the document with all that is known put in.
fn asked(known: &Known) -> Vec<(Operation, String)> {
    let mut all = Vec::new();
    let reading = operations::all()
        .into_iter()
        .filter(|op| op.method == "GET");
    for operation in reading {
        let mut paths = Vec::new();
        for number in ["1", "2"] {
            for token in &known.tokens {
                paths.push(operation.filled(|name| match name {
                    "site" => "hai-tien".to_owned(),
                    "id" => known.entry.id.clone(),
                    "slug" => SLUG.to_owned(),
                    "token" => token.clone(),
                    "number" | "from" | "to" => number.to_owned(),
                    "code" => "14218".to_owned(),
                    other => made_up(other),
                }));
            }
        }
        paths.sort();
        paths.dedup();
        let has = |name: &str| operation.query.iter().any(|own| own == name);
        let queries: Vec<String> = if has("host") && has("path") {
            vec![format!(
                "host=haitien.ninhbinh.example.vn&path=/tin-tuc/{SLUG}"
            )]
        } else if has("path") {
            vec![format!("path=/tin-tuc/{SLUG}")]
        } else if has("filter[site]") {
            vec![String::new(), "filter%5Bsite%5D=hai-tien".to_owned()]
        } else if has("fallback") {
            vec![String::new(), "locale=en&fallback=true".to_owned()]
        } else {
            vec![String::new()]
        };
        for path in &paths {
            for query in &queries {
                let joint = if query.is_empty() { "" } else { "?" };
                all.push((operation.clone(), format!("{path}{joint}{query}")));
            }
        }
    }
    all
}

/// Who is shown the word where.
fn shown(app: &TestApp, stage: &Stage, known: &Known, signed_in: bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let people: &[&str] = if signed_in { &CALLERS } else { &[] };
    let callers = people
        .iter()
        .chain(&["news-contributor"][..people.len().min(1)]);
    let callers: Vec<Option<&str>> = callers.map(|who| Some(*who)).chain([None]).collect();
    for (operation, path) in asked(known) {
        for who in &callers {
            let request = app.get(&path);
            let request = match who {
                Some(who) => request.bearer(&stage.office.token(who)),
                None => request,
            };
            if request.send().text().contains(WORD) {
                found.push((operation.path.clone(), who.unwrap_or("nobody").to_owned()));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Nobody but the board is shown it, and the board by its own routes only.
#[track_caller]
fn the_board_alone(stage: &Stage, nodes: &[&TestApp], known: &Known, act: &str) {
    let mut found = shown(&stage.office.app, stage, known, true);
    assert!(!found.is_empty(), "the board reads it");
    found.retain(|(path, who)| {
        !path.starts_with("/api/v1/editorial/") || !BOARD.contains(&who.as_str())
    });
    assert_eq!(found, [], "{act}");
    for node in nodes {
        let found = shown(node, stage, known, false);
        assert_eq!(found, [], "{act}, on another node");
    }
}

#[track_caller]
fn nobody(stage: &Stage, nodes: &[&TestApp], known: &Known, act: &str) {
    assert_eq!(shown(&stage.office.app, stage, known, true), [], "{act}");
    for node in nodes {
        let found = shown(node, stage, known, false);
        assert_eq!(found, [], "{act}, on another node");
    }
}

/// What is asked does reach it as long as it is public, and fills the caches.
fn everybody(stage: &Stage, nodes: &[&TestApp], known: &Known) {
    let public = [
        "/api/v1/previews/{token}",
        "/api/v1/resolve",
        "/api/v1/sites/{site}/articles",
        "/api/v1/sites/{site}/articles/{slug}",
        "/api/v1/sites/{site}/entries",
        "/api/v1/sites/{site}/entries/{id}",
        "/api/v1/sites/{site}/resolve",
    ];
    for app in nodes.iter().chain([&&stage.office.app]) {
        let found = shown(app, stage, known, false);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, public);
    }
}

#[rstest]
fn what_was_withdrawn_is_for_the_board_alone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let node = stage.office.app.another_node();
    let mut known = published(&stage);
    node.follow_changes();
    everybody(&stage, &[&node], &known);
    let told = json!({"kind": "gone", "reason": "Sai sự thật"});
    known.entry = stage
        .office
        .act("publisher", &known.entry, "withdraw", &told);
    node.follow_changes();
    the_board_alone(&stage, &[&node], &known, "withdrawn");

    // A new link needs the right to withdraw, also to the same words in a new edition.
    link(&stage, "editor", &known.entry).expect_problem(403, "forbidden");
    let revised = stage
        .office
        .act("contributor", &known.entry, "revise", &json!({}));
    link(&stage, "editor", &revised).expect_problem(403, "forbidden");
    let made = link(&stage, "publisher", &known.entry).expect_status(201);
    let url = made.data()["url"].as_str().unwrap().to_owned();
    let app = &stage.office.app;
    assert!(
        app.get(&url)
            .send()
            .expect_status(200)
            .text()
            .contains(WORD)
    );
    let mut other = wordy();
    for name in ["type", "slug"] {
        other.as_object_mut().unwrap().remove(name);
    }
    other["title"] = json!("Tên khác");
    let saved = stage.office.save("contributor", &revised, &other);
    link(&stage, "editor", &saved).expect_status(201);
}

#[rstest]
fn what_has_expired_is_over_before_the_worker_comes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let node = stage.office.app.another_node();
    let known = published(&stage);
    node.follow_changes();
    everybody(&stage, &[&node], &known);
    for app in [&stage.office.app, &node] {
        app.clock.set("2026-11-21T00:00:00Z".parse().unwrap());
    }
    stage.office.forget_tokens();
    the_board_alone(&stage, &[&node], &known, "over");
    link(&stage, "editor", &known.entry).expect_problem(403, "forbidden");
    let ticked = stage.office.app.app.editorial().tick().unwrap();
    assert_eq!(ticked.expired, 1);
    node.follow_changes();
    the_board_alone(&stage, &[&node], &known, "expired");
    link(&stage, "editor", &known.entry).expect_problem(403, "forbidden");
    link(&stage, "chief", &known.entry).expect_status(201);
}

#[rstest]
fn of_a_deleted_draft_nothing_is_left(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let known = drafted(&stage);
    assert!(!expunge::holding(&stage.office, WORD).is_empty());
    let delete = stage.office.app.delete(&known.entry.path());
    let delete = delete.bearer(&stage.office.token("contributor"));
    let delete = delete.if_match(&known.entry.etag);
    delete.send().expect_status(204);
    nobody(&stage, &[], &known, "deleted");
    assert_eq!(expunge::holding(&stage.office, WORD), Vec::<String>::new());
    // The request sent again neither tells the text nor makes the draft again.
    let again = create(&stage);
    assert!(!again.text().contains(WORD), "{again}");
    again.expect_problem(410, "expunged");
}

#[rstest]
fn of_what_was_expunged_nothing_is_left(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let node = stage.office.app.another_node();
    let known = published(&stage);
    node.follow_changes();
    everybody(&stage, &[&node], &known);
    let what = loa_app::editorial::ExpungeWhat::Containing(WORD.to_owned());
    expunge::expunge(&stage.office, &known.entry, what);
    node.follow_changes();
    nobody(&stage, &[&node], &known, "expunged");
    assert_eq!(expunge::holding(&stage.office, WORD), Vec::<String>::new());
    create(&stage).expect_problem(410, "expunged");
}

/// What is kept ready for when the database is away is not given once the node knows of a withdrawal,
/// and is given after any other change.
#[rstest]
fn kept_answers_do_not_outlive_a_withdrawal(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let node = office.app.another_node();
    let known = published(&stage);
    let kept = office
        .app
        .app
        .store()
        .read(loa_store::changes::last)
        .unwrap();
    let scope = |slug: &str| loa_app::delivery::Scope::Site {
        id: office.world.sites[slug],
        slug: slug.to_owned(),
    };
    let outlives = |app: &TestApp, slug: &str| app.app.delivery().may_outlive(&scope(slug), kept);
    stage.published();
    node.follow_changes();
    for app in [&office.app, &node] {
        assert!(outlives(app, "hai-tien"), "after a publication");
    }
    let told = json!({"kind": "gone", "reason": "Sai"});
    office.act("publisher", &known.entry, "withdraw", &told);
    assert!(outlives(&node, "hai-tien"), "not heard of yet");
    node.follow_changes();
    for app in [&office.app, &node] {
        assert!(!outlives(app, "hai-tien"));
        assert!(outlives(app, "giao-thuy"), "another site's");
    }
    let last = office
        .app
        .app
        .store()
        .read(loa_store::changes::last)
        .unwrap();
    for app in [&office.app, &node] {
        assert!(app.app.delivery().may_outlive(&scope("hai-tien"), last));
    }
}

/// A cache in front that keeps an answer until it has another gets one for what is gone.
#[rstest]
fn caches_are_told_for_how_long(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let known = published(&stage);
    let path = format!("/api/v1/sites/hai-tien/articles/{SLUG}");
    let control = |token: Option<&str>| {
        let request = office.app.get(&path);
        let request = match token {
            Some(token) => request.bearer(token),
            None => request,
        };
        request.send().header("cache-control").unwrap().to_owned()
    };
    let seconds = |control: &str| -> u32 {
        let parts = control.split(", ").filter_map(|part| part.split_once('='));
        parts.map(|(_, n)| n.parse::<u32>().unwrap()).sum()
    };
    let public = control(None);
    assert!(seconds(&public) <= 30 + 60 + 300, "{public}");
    let told = json!({"kind": "gone", "reason": "Sai"});
    office.act("publisher", &known.entry, "withdraw", &told);
    assert_eq!(control(None), "public, max-age=30");
    assert_eq!(control(Some(&office.token("editor"))), "no-store");
    let missing = office.app.get("/api/v1/sites/hai-tien/articles/khong-co");
    assert_eq!(missing.send().header("cache-control"), Some("no-store"));
}
