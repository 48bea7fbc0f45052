//! Documents follow a section that is renamed or moved.

use loa_domain::change::ChangeKind;
use serde_json::json;

use super::{changed, last_change, on_each, replace};
use crate::desk::Office;

const ARTICLE: &str = "/api/v1/sites/hai-tien/articles/mua-muoi";
const BELOW_NOTICES: &str = "/api/v1/sites/hai-tien/articles?filter[section]=thong-bao";

fn news(office: &Office) -> String {
    let id = office.world.sections["hai-tien/tin-tuc"];
    format!("/sites/hai-tien/sections/{id}")
}

fn titles(office: &Office, path: &str) -> Vec<String> {
    let list = office.app.get(path).send().expect_status(200).data();
    let cards = list.as_array().unwrap().iter();
    cards.map(|card| card["title"].to_string()).collect()
}

/// What a section can be replaced with, of what is read.
fn writable(body: &mut serde_json::Value) {
    let members = body.as_object_mut().unwrap();
    let known = ["parent", "slug", "title", "position", "rule"];
    members.retain(|name, _| known.contains(&name.as_str()));
}

#[test]
fn a_new_title_reaches_documents_and_no_dates() {
    on_each(|office| {
        let published = office.publish(&office.draft("contributor", "Mùa muối"));
        office
            .app
            .clock
            .advance(chrono::TimeDelta::try_minutes(5).unwrap());
        let before = office.app.get(ARTICLE).send().expect_status(200);
        let at = last_change(office);
        replace(office, "admin", &news(office), |section| {
            writable(section);
            section["title"]["vi"] = json!("Bản tin");
        });
        let meanwhile = office.app.get(ARTICLE).send().expect_status(200);
        assert_eq!(meanwhile.data()["section"]["title"], "Tin tức", "not yet");
        let sections = office.app.get("/api/v1/sites/hai-tien/sections").send();
        assert!(sections.text().contains("Bản tin"), "at once");

        office.app.tick();
        let after = office.app.get(ARTICLE).send().expect_status(200);
        assert_eq!(after.data()["section"]["title"], "Bản tin");
        assert_ne!(after.etag(), before.etag());
        for date in ["first_published_at", "public_updated_at", "updated_at"] {
            assert_eq!(after.data()[date], before.data()[date], "{date}");
        }
        let list = office.app.get("/api/v1/sites/hai-tien/articles").send();
        assert_eq!(list.data()[0]["section"]["title"], "Bản tin", "cards too");
        assert_eq!(
            changed(office, at, ChangeKind::Refreshed),
            [published.id.as_str()]
        );
        let at = last_change(office);
        office.app.tick();
        assert_eq!(last_change(office), at, "the work is done");
    });
}

#[test]
fn a_section_that_moves_takes_its_entries_along() {
    on_each(|office| {
        office.publish(&office.draft("contributor", "Mùa muối"));
        let mut life = crate::desk::article("Chợ quê");
        life["section"] = json!("doi-song");
        let life = office.create("contributor", &life).expect_status(201);
        office.publish(&crate::desk::Seen::of(&life));
        let before = office.app.get(ARTICLE).send().expect_status(200);
        assert!(titles(office, BELOW_NOTICES).is_empty());

        let notices = office.world.sections["hai-tien/thong-bao"];
        replace(office, "admin", &news(office), |section| {
            writable(section);
            section["parent"] = json!(notices);
        });
        // Kept ready while the work is still to do: it must not outlive it.
        assert!(titles(office, BELOW_NOTICES).is_empty(), "not yet");
        office.app.tick();
        let found = titles(office, BELOW_NOTICES);
        assert_eq!(found.len(), 2, "its own and its subsection's: {found:?}");
        let after = office.app.get(ARTICLE).send().expect_status(200);
        assert_eq!(after.data()["path"], "/tin-tuc/mua-muoi", "stays");
        assert_eq!(after.data()["updated_at"], before.data()["updated_at"]);

        replace(office, "admin", &news(office), |section| {
            writable(section);
            section["parent"] = json!(null);
        });
        office.app.tick();
        assert!(titles(office, BELOW_NOTICES).is_empty());
    });
}

#[test]
fn an_entry_that_cannot_be_rendered_does_not_hold_up_the_rest() {
    on_each(|office| {
        let broken = office.publish(&office.draft("contributor", "Bài hỏng"));
        office.publish(&office.draft("contributor", "Mùa muối"));
        office.app.database().sql().execute(&format!(
            "UPDATE revisions SET snapshot = '{{}}' WHERE entry_id = '{}'",
            broken.id
        ));
        replace(office, "admin", &news(office), |section| {
            writable(section);
            section["title"]["vi"] = json!("Bản tin");
        });
        office.app.tick();
        let after = office.app.get(ARTICLE).send().expect_status(200);
        assert_eq!(after.data()["section"]["title"], "Bản tin");
        let stays = "/api/v1/sites/hai-tien/articles/bai-hong";
        office.app.get(stays).send().expect_status(200);
    });
}
