//! Translations: one group, one entry a language, each naming the others.

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, Seen, article};

#[rstest]
fn translations_name_each_other_while_they_are_public(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let original = office.publish(&office.draft("contributor", "Lời chào người xa quê"));
    let mut body = article("A greeting to people from home");
    body["locale"] = json!("en");
    body["translation_of"] = json!(original.id);
    let english = Seen::of(&office.create("contributor", &body).expect_status(201));
    office
        .create("contributor", &body)
        .expect_problem(422, "invalid_content");
    assert_eq!(
        english.data["translation_group"],
        original.data["translation_group"]
    );

    let vi = "/api/v1/sites/hai-tien/articles/loi-chao-nguoi-xa-que";
    let before = office.app.get(vi).send().expect_status(200);
    assert_eq!(
        before.data()["translations"],
        json!([]),
        "a draft is nobody's translation yet"
    );
    let published = office.publish(&english);
    assert_eq!(
        published.data["live"]["path"],
        "/en/tin-tuc/a-greeting-to-people-from-home"
    );
    let after = office.app.get(vi).send().expect_status(200);
    assert_eq!(after.data()["translations"][0]["locale"], "en");
    assert_ne!(before.etag(), after.etag(), "the tag moves");
    assert_eq!(
        before.data()["updated_at"],
        after.data()["updated_at"],
        "the dates do not"
    );
    let en = format!(
        "{}?locale=en",
        "/api/v1/sites/hai-tien/articles/a-greeting-to-people-from-home"
    );
    let shown = office.app.get(&en).send().expect_status(200).data();
    assert_eq!(shown["section"]["title"], "News");
    assert_eq!(
        shown["translations"][0]["path"],
        "/tin-tuc/loi-chao-nguoi-xa-que"
    );

    office.act(
        "chief",
        &published,
        "withdraw",
        &json!({"kind": "gone", "reason": "x"}),
    );
    assert_eq!(office.app.get(vi).send().data()["translations"], json!([]));
}
