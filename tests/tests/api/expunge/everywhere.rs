//! The number in every place that can hold it; afterwards it is in none, and nothing else has moved.

use loa_app::delivery::Scope;
use loa_app::editorial::Reprojected;
use loa_domain::change::{Change, ChangeKind};
use serde_json::{Value, json};

use super::{NUMBER, dump, expunge, files_holding, holding, leaky, leaky_save, number, on_each};
use crate::desk::{Office, Seen, article, saving};

/// What the number is in.
struct Stage {
    original: Seen,
    english: Seen,
    /// Leads to the original.
    pointer: Seen,
    /// Has nothing to do with it.
    bystander: Seen,
    preview: String,
}

fn titled(title: &str) -> Value {
    let mut body = leaky(title);
    body["tags"] = json!([format!("Số {NUMBER}")]);
    body
}

fn preview(office: &Office, entry: &Seen) -> String {
    let path = format!("{}/preview-links", entry.path());
    let link = office.app.post(&path).bearer(&office.token("contributor"));
    let made = link.json(&json!({"revision": 1})).send().expect_status(201);
    made.data()["url"].as_str().unwrap().to_owned()
}

fn set(office: &Office) -> Stage {
    let bystander = office.publish(&office.draft("contributor", "Mùa muối"));
    // Kept answers, an address, a tag, revisions, a superseded edition.
    let create = office.app.post("/api/v1/editorial/sites/hai-tien/entries");
    let create = create.bearer(&office.token("contributor"));
    let create = create.header("idempotency-key", "mot-lan");
    let made = create
        .json(&titled(&format!("Cấp lại thẻ {NUMBER}")))
        .send();
    let made = Seen::of(&made.expect_status(201));
    let preview = preview(office, &made);
    let sent = office.act("contributor", &made, "submit", &json!({}));
    let comment = json!({"comment": format!("Bỏ số {NUMBER} đi")});
    let back = office.act("editor", &sent, "request_changes", &comment);
    let public = office.publish(&back);
    let pointer = office.publish(&office.draft("contributor", "Chỗ khác"));
    let lead = json!({"kind": "redirect", "reason": "Đã gộp", "redirect_to": public.id});
    let pointer = office.act("publisher", &pointer, "withdraw", &lead);
    // What readers and the trail were told.
    let told = json!({"kind": "notice", "reason": format!("Có số {NUMBER}")});
    let withdrawn = office.act("publisher", &public, "withdraw", &told);
    let open = office.act("contributor", &withdrawn, "revise", &json!({}));
    let open = office.save("contributor", &open, &leaky_save("Bản hai"));
    let why = json!({"reason": format!("Khẩn, {NUMBER}")});
    let live = office.act("chief", &open, "force_publish", &why);
    let mut english = titled(&format!("In English {NUMBER}"));
    english["locale"] = json!("en");
    english["translation_of"] = json!(live.id);
    let english = Seen::of(&office.create("contributor", &english).expect_status(201));
    let english = office.publish(&english);
    let original = office.act(
        "contributor",
        &office.read("chief", &live),
        "revise",
        &json!({}),
    );
    Stage {
        original,
        english,
        pointer,
        bystander,
        preview,
    }
}

/// Everything that anyone or the board can read of the site.
fn answers(office: &Office, stage: &Stage) -> Vec<String> {
    let mut all = Vec::new();
    for path in ["articles", "entries", "articles?locale=en"] {
        let path = format!("/api/v1/sites/hai-tien/{path}");
        all.push(
            office
                .app
                .get(&path)
                .send()
                .expect_status(200)
                .text()
                .to_owned(),
        );
    }
    for entry in [&stage.original, &stage.english, &stage.pointer] {
        let path = format!("/api/v1/sites/hai-tien/entries/{}", entry.id);
        all.push(office.app.get(&path).send().text().to_owned());
        for more in [
            "",
            "/revisions",
            "/transitions",
            "/editions",
            "/preview-links",
        ] {
            let path = format!("{}{more}", entry.path());
            all.push(
                office
                    .get("chief", &path)
                    .expect_status(200)
                    .text()
                    .to_owned(),
            );
        }
    }
    let list = office.get("chief", "/api/v1/editorial/entries");
    all.push(list.expect_status(200).text().to_owned());
    let trail = office.get("admin", "/api/v1/admin/audit?filter[site]=hai-tien");
    all.push(trail.expect_status(200).text().to_owned());
    all
}

fn rows_of(office: &Office, entry: &Seen) -> Vec<String> {
    let all = dump(office).into_iter().flat_map(|(_, rows)| rows);
    all.filter(|row| row.contains(&entry.id)).collect()
}

fn changes_after(office: &Office, after: i64) -> Vec<(String, ChangeKind)> {
    let store = office.app.app.store();
    let all: Vec<Change> = store
        .read(|conn| loa_store::changes::after(conn, after, 1000))
        .unwrap();
    all.into_iter()
        .map(|own| (own.subject_id, own.kind))
        .collect()
}

/// So that finding it nowhere afterwards says something.
fn it_is_in_all_tables(office: &Office) {
    let before = holding(office, NUMBER);
    for table in [
        "audit",
        "editions",
        "entries",
        "idempotency_keys",
        "paths",
        "published_attributes",
        "published_entries",
        "published_paths",
        "published_withdrawals",
        "revisions",
        "transitions",
    ] {
        assert!(before.iter().any(|own| own == table), "{table}: {before:?}");
    }
}

#[test]
fn it_is_taken_from_everywhere_and_nothing_else_moves() {
    on_each(|office| {
        let stage = set(office);
        it_is_in_all_tables(office);
        let untouched = rows_of(office, &stage.bystander);
        let store = office.app.app.store();
        let at = store.read(loa_store::changes::last).unwrap();
        let keys = office.app.app.secrets().audit_keys();
        let verify = || {
            store
                .read(|conn| loa_store::audit::system_verify(conn, &keys))
                .unwrap()
        };
        let records = verify().unwrap();

        let view = expunge(office, &stage.original, number());
        assert_eq!(verify().unwrap(), records + 2, "asked and confirmed");
        assert_eq!(holding(office, NUMBER), Vec::<String>::new());
        assert_eq!(files_holding(office, NUMBER), Vec::<String>::new());
        assert!(!format!("{view:?}").contains(NUMBER));
        for answer in answers(office, &stage) {
            assert!(!answer.contains(NUMBER), "{answer}");
        }
        assert_eq!(rows_of(office, &stage.bystander), untouched);
        let told = changes_after(office, at);
        for entry in [&stage.original, &stage.english] {
            assert!(
                told.contains(&(entry.id.clone(), ChangeKind::Expunged)),
                "{told:?}"
            );
        }
        assert!(
            told.contains(&(stage.pointer.id.clone(), ChangeKind::Refreshed)),
            "{told:?}"
        );
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(
            office.app.app.editorial().reproject(None, |_| ()).unwrap(),
            Reprojected::default()
        );
        for entry in [&stage.original, &stage.english, &stage.pointer] {
            let path = format!("/api/v1/sites/hai-tien/entries/{}", entry.id);
            let gone = office
                .app
                .get(&path)
                .send()
                .expect_problem(410, "withdrawn");
            assert_eq!(gone["gone"]["kind"], "gone", "{gone}");
        }
        office
            .app
            .get(&stage.preview)
            .send()
            .expect_problem(404, "not_found");
    });
}

#[test]
fn a_request_sent_again_is_not_carried_out_again() {
    on_each(|office| {
        let post = || {
            let create = office.app.post("/api/v1/editorial/sites/hai-tien/entries");
            let create = create.bearer(&office.token("contributor"));
            let create = create.header("idempotency-key", "mot-lan");
            create.json(&leaky("Thẻ căn cước")).send()
        };
        let made = Seen::of(&post().expect_status(201));
        expunge(office, &made, number());
        post().expect_problem(410, "expunged");
        let list = office.get("chief", "/api/v1/editorial/entries").json();
        assert_eq!(list["data"].as_array().unwrap().len(), 1);
    });
}

/// What was deleted or overwritten long before is in the file until it is cleaned.
#[test]
fn remains_of_earlier_versions_go_too() {
    on_each(|office| {
        let doomed = Seen::of(
            &office
                .create("contributor", &leaky("Xóa sớm"))
                .expect_status(201),
        );
        let delete = office.app.delete(&doomed.path());
        let delete = delete.bearer(&office.token("contributor"));
        delete.if_match(&doomed.etag).send().expect_status(204);
        let live = Seen::of(
            &office
                .create("contributor", &leaky("Thẻ"))
                .expect_status(201),
        );
        let live = office.publish(&live);
        let told = json!({"kind": "notice", "reason": "Sai"});
        let live = office.act("publisher", &live, "withdraw", &told);
        expunge(office, &live, number());
        assert_eq!(files_holding(office, NUMBER), Vec::<String>::new());
    });
}

#[test]
fn an_address_that_does_not_spell_it_says_that_it_is_gone() {
    on_each(|office| {
        let live = Seen::of(
            &office
                .create("contributor", &leaky("Thẻ căn cước"))
                .expect_status(201),
        );
        let live = office.publish(&live);
        let path = "/api/v1/sites/hai-tien/articles/the-can-cuoc";
        let node = office.app.another_node();
        let stamp = |app: &loa_testkit::TestApp| app.app.delivery().may_outlive(&Scope::All, 1);
        for app in [&office.app, &node] {
            app.follow_changes();
            let shown = app.get(path).send().expect_status(200);
            assert!(shown.text().contains(NUMBER));
            assert!(stamp(app));
        }
        expunge(office, &live, number());
        node.follow_changes();
        for app in [&office.app, &node] {
            let gone = app.get(path).send().expect_problem(410, "withdrawn");
            assert_eq!(gone["gone"]["kind"], "gone");
            assert!(!stamp(app), "not even while the database is away");
            let list = app.get("/api/v1/sites/hai-tien/articles").send();
            assert_eq!(list.json()["data"], json!([]));
        }
        let other = office
            .create("contributor", &article("Thẻ căn cước"))
            .expect_status(201);
        assert_eq!(
            other.data()["slug"],
            "the-can-cuoc-2",
            "nobody else gets it"
        );
    });
}

#[test]
fn what_is_public_stays_when_older_revisions_alone_go() {
    on_each(|office| {
        let draft = Seen::of(
            &office
                .create("contributor", &leaky("Thẻ"))
                .expect_status(201),
        );
        let clean = office.save("contributor", &draft, &saving("Thẻ"));
        let live = office.publish(&clean);
        let path = "/api/v1/sites/hai-tien/articles/the";
        let before = office.app.get(path).send().expect_status(200);
        let store = office.app.app.store();
        let at = store.read(loa_store::changes::last).unwrap();
        let view = expunge(office, &live, number());
        let kinds: Vec<String> = view
            .items
            .iter()
            .map(|own| own.item.kind.to_string())
            .collect();
        assert_eq!(kinds, ["entry", "revision"]);
        assert_eq!(view.items[1].item.places, ["/content/body"]);
        assert_eq!(holding(office, NUMBER), Vec::<String>::new());
        let after = office.app.get(path).send().expect_status(200);
        assert_eq!((before.etag(), before.text()), (after.etag(), after.text()));
        assert_eq!(changes_after(office, at), []);
    });
}
