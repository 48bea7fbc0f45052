//! That the contract is held against answers: what it lets pass and what it does not.

use std::panic::catch_unwind;

use serde_json::Value;

use super::{check, is_json, operations, validator};
use crate::client::Answer;

fn answer(status: u16, content_type: &str, body: &str) -> Answer {
    let mut headers = ureq::http::HeaderMap::new();
    if !content_type.is_empty() {
        headers.insert("content-type", content_type.parse().unwrap());
    }
    Answer::new(status, headers, body.into())
}

fn passes(method: &str, path: &str, answer: &Answer) -> bool {
    catch_unwind(|| check(method, path, answer)).is_ok()
}

#[test]
fn only_documented_answers_pass() {
    let json = "application/json; charset=utf-8";
    let good = r#"{"data":{"status":"ok"}}"#;
    assert!(passes("GET", "/healthz?x=1", &answer(200, json, good)));
    assert!(passes("HEAD", "/healthz", &answer(200, json, "")));
    for (status, content_type, body) in [
        (201, json, good),
        (200, "text/html", good),
        (200, "", good),
        (200, json, r#"{"data":{"status":"ok","more":1}}"#),
        (200, json, r#"{"data":{"status":"ok"},"meta":{}}"#),
        (200, json, r#"{"data":{}}"#),
        (200, json, r#"{"data":"#),
    ] {
        let bad = answer(status, content_type, body);
        assert!(!passes("GET", "/healthz", &bad), "{bad}");
    }
    assert!(!passes("GET", "/nowhere", &answer(200, json, good)));
    assert!(!passes("POST", "/healthz", &answer(404, json, good)));
    assert!(passes("OPTIONS", "/healthz", &answer(204, "", "")));
}

#[test]
fn every_documented_body_has_a_sound_schema() {
    for operation in operations::all() {
        for (status, response) in &operation.responses {
            let content = response.get("content").and_then(Value::as_object);
            for (content_type, media) in content.into_iter().flatten() {
                if is_json(content_type) {
                    let key = format!("{} {status} {content_type}", operation.id);
                    validator(&key, &media["schema"]);
                }
            }
        }
    }
}
