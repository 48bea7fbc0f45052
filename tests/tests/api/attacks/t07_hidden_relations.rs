//! T7, what is published may refer to what is not: nothing that is hidden shows in any list,
//! document, address or trail of somebody else.

use std::collections::BTreeSet;

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};

use crate::access::cells::{Call, Stage};
use crate::access::operations::{self, made_up};
use crate::desk::{Seen, article, saving};

/// In everything that is hidden at `hai-tien`; in nothing that is not.
const MARK: &str = "dau-vet-kin";
/// The same at `giao-thuy`.
const THEIRS: &str = "dau-vet-noi-khac";

fn marked(title: &str, mark: &str) -> Value {
    let mut body = article(&format!("{title} {mark}"));
    body["summary"] = json!(mark);
    body["tags"] = json!([mark]);
    body["byline"] = json!([{"name": mark}]);
    body
}

fn made(stage: &Stage, body: &Value) -> Seen {
    Seen::of(&stage.office.create("contributor", body).expect_status(201))
}

/// Hidden things around one published article: drafts in each state, a newer edition, a
/// translation, a comment, and another site's draft.
fn hide_things(stage: &Stage) -> (Seen, Vec<Seen>) {
    let office = &stage.office;
    let live = stage.published();
    let draft = made(stage, &marked("Nháp", MARK));
    let review = made(stage, &marked("Chờ duyệt", MARK));
    let comment = json!({"comment": MARK});
    let review = office.act("contributor", &review, "submit", &comment);
    let scheduled = made(stage, &marked("Hẹn giờ", MARK));
    let scheduled = office.approve(&scheduled);
    let at = json!({"publish_at": "2026-12-01T00:00:00Z"});
    let scheduled = office.act("publisher", &scheduled, "schedule", &at);
    let archived = made(stage, &marked("Lưu", MARK));
    let archived = office.act("admin", &archived, "archive", &json!({}));
    let gone = office.publish(&made(stage, &article("Đã gỡ hẳn")));
    let gone = office.act("contributor", &gone, "revise", &json!({}));
    let mut newer = saving(&format!("Sửa {MARK}"));
    newer["summary"] = json!(MARK);
    let gone = office.save("contributor", &gone, &newer);
    let withdraw = json!({"kind": "gone", "reason": "Sai", "comment": MARK});
    let gone = office.act("chief", &gone, "withdraw", &withdraw);
    let open = office.act("contributor", &live, "revise", &json!({}));
    office.save("contributor", &open, &newer);
    let mut english = marked("English", MARK);
    english["locale"] = json!("en");
    english["translation_of"] = json!(live.id);
    let english = made(stage, &english);
    let other = office.create_at("stranger", "giao-thuy", &marked("Nơi khác", THEIRS));
    let other = Seen::of(&other.expect_status(201));
    let all = vec![draft, review, scheduled, archived, gone, english, other];
    (live, all)
}

/// Addresses of every read, with the ids and slugs of one thing.
fn reads(site: &str, thing: &Seen) -> Vec<String> {
    let slug = thing.data["slug"].as_str().expect("a slug");
    let mut all = Vec::new();
    for operation in operations::all() {
        if operation.method != "GET" {
            continue;
        }
        let path = operation.filled(|name| match name {
            "site" => site.to_owned(),
            "code" => "14218".to_owned(),
            "id" => thing.id.clone(),
            "slug" => slug.to_owned(),
            "number" | "from" | "to" => "1".to_owned(),
            other => made_up(other),
        });
        for (name, value) in [
            ("page[size]", "100"),
            ("locale", "en"),
            ("fallback", "true"),
        ] {
            if operation.query.iter().any(|own| own == name) {
                let name = super::walk::encoded(name);
                all.push(format!("{path}?{name}={value}"));
            }
        }
        match operation.id.as_str() {
            "resolve_site_path" => {
                for prefix in ["", "/en"] {
                    all.push(format!("{path}?path={prefix}/tin-tuc/{slug}"));
                }
            }
            "resolve_path" => {
                let host = format!("{}.ninhbinh.example.vn", site.replace('-', ""));
                all.push(format!("{path}?host={host}&path=/tin-tuc/{slug}"));
            }
            "list_audit" => all.push(format!("{path}?filter%5Bsite%5D={site}")),
            _ => all.push(path),
        }
    }
    all
}

#[rstest]
fn nothing_hidden_shows_anywhere(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let (live, hidden) = hide_things(&stage);
    let things: Vec<&Seen> = hidden.iter().chain([&live]).collect();
    let mut found = 0;
    // Theirs is the last but one.
    let (theirs, some) = (&things[6..], [things[0], things[4], things[7]]);
    for (who, site, mark, things) in [
        (None, "hai-tien", MARK, &things[..]),
        (None, "giao-thuy", THEIRS, theirs),
        (Some("stranger"), "hai-tien", MARK, &some),
        (Some("stranger-admin"), "hai-tien", MARK, &some),
        (Some("editor"), "giao-thuy", THEIRS, theirs),
        (Some("auditor"), "giao-thuy", THEIRS, theirs),
    ] {
        let token = who.map(|who| stage.office.token(who));
        let paths: BTreeSet<String> = things.iter().flat_map(|thing| reads(site, thing)).collect();
        for path in paths {
            let answer = Call::raw("GET", path.clone());
            let answer = answer.send(&stage.office.app, token.as_deref());
            assert!(!answer.text().contains(mark), "{who:?} {path}: {answer}");
            found += usize::from(answer.status == 200);
        }
    }
    assert!(found > 150, "{found}");
    // Whoever may sees it: the mark is where it was put.
    let own = stage.office.get("editor", &hidden[0].path());
    assert!(own.expect_status(200).text().contains(MARK));
}

/// A document names its translations while they are public, and not before or after.
#[rstest]
fn translations_are_named_while_they_are_public(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let live = stage.published();
    let mut english = article("In English");
    english["locale"] = json!("en");
    english["translation_of"] = json!(live.id);
    let english = made(&stage, &english);
    let path = format!("/api/v1/sites/hai-tien/entries/{}", live.id);
    let named = || {
        let document = office.app.get(&path).send().expect_status(200).data();
        let list = office.app.get("/api/v1/sites/hai-tien/articles").send();
        let card = list.expect_status(200).data()[0]["translations"].clone();
        assert_eq!(card, document["translations"]);
        card.as_array().unwrap().len()
    };
    assert_eq!(named(), 0, "a draft is no translation");
    let english = office.approve(&english);
    assert_eq!(named(), 0, "nor is what is only approved");
    let english = office.act("publisher", &english, "publish", &json!({}));
    assert_eq!(named(), 1);
    let withdraw = json!({"kind": "gone", "reason": "Sai"});
    office.act("chief", &english, "withdraw", &withdraw);
    assert_eq!(named(), 0, "nor what was withdrawn");
}

/// Redirects and successors lead to what is public, or say no more than that nothing is there.
#[rstest]
fn redirects_lead_to_nothing_hidden(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let office = &stage.office;
    let first = stage.published();
    let hidden = [stage.draft(), stage.approved(), stage.scheduled()];
    let foreign = office.create_at("stranger", "giao-thuy", &article("Nháp nơi khác"));
    let foreign = Seen::of(&foreign.expect_status(201));
    for kind in ["redirect", "gone", "notice"] {
        for thing in hidden.iter().chain([&foreign]) {
            let slug = thing.data["slug"].as_str().unwrap();
            for to in [thing.id.clone(), format!("/tin-tuc/{slug}")] {
                let body = json!({"kind": kind, "reason": "Trùng", "redirect_to": to});
                let answer = office.act_raw("chief", &first, "withdraw", &body);
                let none = json!({"kind": kind, "reason": "Trùng", "redirect_to": made_up("id")});
                let unknown = office.act_raw("chief", &first, "withdraw", &none);
                assert_eq!(answer.status, 422, "{kind} {to}: {answer}");
                assert_eq!(unknown.status, 422, "{kind}: {unknown}");
                // An id of a hidden thing gets the answer of an id of nothing.
                if !to.starts_with('/') {
                    assert_eq!(answer.json()["errors"], unknown.json()["errors"], "{to}");
                }
            }
        }
    }
    // What the target becomes later is asked there; here nothing is told of it.
    let target = stage.published();
    let body = json!({"kind": "redirect", "reason": "Trùng", "redirect_to": target.id});
    office.act("chief", &first, "withdraw", &body);
    let withdraw = json!({"kind": "gone", "reason": "Sai"});
    office.act("chief", &target, "withdraw", &withdraw);
    let slug = target.data["slug"].as_str().unwrap();
    let there = format!("/api/v1/sites/hai-tien/resolve?path=/tin-tuc/{slug}");
    office
        .app
        .get(&there)
        .send()
        .expect_problem(410, "withdrawn");
}
