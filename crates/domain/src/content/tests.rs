//! What has to hold for every content type.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;

/// One stored value for each type and released form; never edited, only added to.
const FROZEN: &[(ContentKind, u32, &str)] = &[
    (
        ContentKind::Article,
        1,
        r#"{"lead":"Mở đầu","body":"<p>Thân bài</p>"}"#,
    ),
    (ContentKind::Page, 1, r#"{"body":"<p>Thân bài</p>"}"#),
];

#[test]
fn every_released_form_can_still_be_read() {
    for kind in ContentKind::ALL {
        for version in 1..=kind.schema_version() {
            let (_, _, frozen) = FROZEN
                .iter()
                .find(|(k, v, _)| k == kind && *v == version)
                .unwrap_or_else(|| panic!("no frozen {kind} of form {version}"));
            let stored = serde_json::from_str(frozen).unwrap();
            let content = Content::from_stored(*kind, version, stored).unwrap();
            assert!(content.complete().is_empty(), "{kind} {version}");
            assert!(content.to_delivered().unwrap().get("text").is_some());
        }
    }
}

#[test]
fn required_in_the_schema_is_what_complete_asks_for() {
    for kind in ContentKind::ALL {
        let empty = Content::from_request(*kind, json!({})).unwrap();
        let asked: BTreeSet<String> = empty
            .complete()
            .into_iter()
            .map(|error| error.pointer.trim_start_matches('/').to_owned())
            .collect();
        let delivered = kind.delivered_schema();
        let drafts = kind.draft_schema();
        let marked: BTreeSet<String> = delivered
            .required
            .iter()
            .filter(|name| drafts.properties.contains_key(*name))
            .cloned()
            .collect();
        assert_eq!(asked, marked, "{kind}");
        assert!(drafts.required.is_empty());
        assert!(
            delivered.properties.contains_key("text") && !drafts.properties.contains_key("text")
        );
    }
}

#[test]
fn what_a_draft_may_lack_may_be_null_in_it() {
    for kind in ContentKind::ALL {
        for (name, property) in kind.draft_schema().properties {
            let schema = serde_json::to_value(property).unwrap();
            let types = schema["type"].as_array().cloned().unwrap_or_default();
            let read = Content::from_request(*kind, json!({ name.as_str(): null }));
            assert_eq!(
                read.is_ok(),
                types.contains(&json!("null")),
                "{kind} {name}"
            );
        }
    }
}

#[test]
fn unknown_and_derived_members_are_refused() {
    for body in [
        json!({"bodyy": ""}),
        json!({"text": "x"}),
        json!({"body": 1}),
    ] {
        assert!(
            Content::from_request(ContentKind::Article, body.clone()).is_err(),
            "{body}"
        );
    }
}

#[test]
fn what_sanitising_drops_is_told() {
    let body = json!({"body": "<p onclick=\"x()\">Xin chào</p><script>alert(1)</script>"});
    let mut content = Content::from_request(ContentKind::Page, body.clone()).unwrap();
    let warnings = content.normalise();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings.first().unwrap().pointer, "/content/body");
    assert_eq!(
        content.to_stored().unwrap(),
        json!({"body": "<p>Xin chào</p>"})
    );
    assert!(content.normalise().is_empty());
}

#[test]
fn white_space_and_empty_markup_are_no_content() {
    let body = json!({"lead": "  ", "body": "<p> &nbsp;</p>"});
    let content = Content::from_request(ContentKind::Article, body).unwrap();
    assert_eq!(content.complete().len(), 2);
}
