//! Rendering everything again gives the same bytes, and mends what was damaged.

use std::collections::BTreeSet;

use loa_domain::change::ChangeKind;
use serde_json::json;

use super::{changed, last_change, on_each};
use crate::desk::{Office, Seen, article, saving};

/// Everything the public face reads of entries.
fn dump(office: &Office) -> Vec<(&'static str, Vec<String>)> {
    let mut sql = office.app.database().sql();
    [
        "published_entries",
        "published_attributes",
        "published_paths",
        "published_withdrawals",
    ]
    .map(|table| (table, sql.dump(table)))
    .into()
}

fn reproject(office: &Office, site: Option<&str>) -> u64 {
    let editorial = office.app.app.editorial();
    let done = editorial.reproject(site, |_| ()).unwrap();
    assert_eq!(done.damaged, []);
    done.changed
}

/// Translations, a moved slug, a withdrawn entry, tags, an end, and another site.
fn fill(office: &Office) {
    let original = office.publish(&office.draft("contributor", "Lời chào"));
    let mut english = article("A greeting");
    english["locale"] = json!("en");
    english["translation_of"] = json!(original.id);
    let english = office.create("contributor", &english).expect_status(201);
    office.publish(&Seen::of(&english));

    let first = office.publish(&office.draft("contributor", "Tên cũ"));
    let mut moved = saving("Tên mới");
    moved["slug"] = json!("ten-moi");
    moved["update_type"] = json!("minor");
    moved["change_note"] = json!("Sửa tên");
    let open = office.act("contributor", &first, "revise", &json!({}));
    office.publish(&office.save("contributor", &open, &moved));

    let wrong = office.publish(&office.draft("contributor", "Số liệu sai"));
    let notice = json!({"kind": "notice", "reason": "Số liệu sai"});
    office.act("publisher", &wrong, "withdraw", &notice);

    let mut rich = article("Hội làng");
    rich["section"] = json!("doi-song");
    rich["tags"] = json!(["Lễ hội", "Làng nghề"]);
    rich["expire_at"] = json!("2026-12-20T00:00:00Z");
    let rich = office.create("contributor", &rich).expect_status(201);
    office.publish(&Seen::of(&rich));

    let there = office.create_at("stranger", "giao-thuy", &article("Tin Giao Thủy"));
    let there = Seen::of(&there.expect_status(201));
    let reason = json!({"reason": "Bão khẩn cấp"});
    office.act("stranger", &there, "force_publish", &reason);
}

#[test]
fn the_same_bytes_come_again() {
    on_each(|office| {
        fill(office);
        let before = dump(office);
        let at = last_change(office);
        assert_eq!(reproject(office, None), 0);
        assert_eq!(dump(office), before);
        assert_eq!(last_change(office), at, "nothing to tell");
    });
}

#[test]
fn what_was_damaged_is_mended() {
    on_each(|office| {
        fill(office);
        let whole = dump(office);
        let count = whole[0].1.len() as u64;
        for damage in [
            "DELETE FROM published_entries",
            "DELETE FROM published_attributes",
            "UPDATE published_entries SET document = '{}', card = '{}', title_key = ''",
            "UPDATE published_entries SET expire_at = NULL, format = 0, edition = 9",
            "UPDATE published_attributes SET title_key = 'x'",
        ] {
            office.app.database().sql().execute(damage);
            assert_ne!(dump(office), whole, "{damage}");
            let at = last_change(office);
            // One more when translations, which name each other, come in two transactions.
            let differed = reproject(office, None);
            assert!(
                (count..=count + 1).contains(&differed),
                "{damage}: {differed}"
            );
            assert_eq!(dump(office), whole, "{damage}");
            let told = changed(office, at, ChangeKind::Refreshed);
            let told: BTreeSet<String> = told.into_iter().collect();
            assert_eq!(told.len() as u64, count, "{damage}");
        }
    });
}

#[test]
fn one_site_alone() {
    on_each(|office| {
        fill(office);
        let whole = dump(office);
        let mut sql = office.app.database().sql();
        sql.execute("UPDATE published_entries SET card = '{}'");
        assert_eq!(reproject(office, Some("giao-thuy")), 1);
        let left = sql.dump("published_entries");
        let broken = left.iter().filter(|row| row.contains("card={} ")).count();
        let broken_last = left.iter().filter(|row| row.ends_with("card={}")).count();
        assert_eq!(broken + broken_last, whole[0].1.len() - 1);
        let unknown = office.app.app.editorial().reproject(Some("x"), |_| ());
        assert!(matches!(unknown, Err(loa_app::Error::NotFound)));
        assert_eq!(
            reproject(office, Some("hai-tien")),
            whole[0].1.len() as u64 - 1
        );
        assert_eq!(dump(office), whole);
    });
}
