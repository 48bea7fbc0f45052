//! Holds answers against the API document: known operation, documented status and content type, and
//! a body that has what its schema says and nothing else.

mod close;
mod coverage;
mod operations;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::Answer;
use operations::Operation;

/// The document as JSON.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = loa_api::document().to_json().expect("the API document");
    serde_json::from_str(&text).expect("the API document is JSON")
});

/// What an answer to no known operation is: a problem.
const PROBLEM: &str = "application/problem+json";

/// Checks an answer to a request of this method and path, query included.
///
/// # Panics
/// When the document does not know such an answer.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    // The page to read the document is not part of it.
    if path == "/docs" || path.starts_with("/docs/") {
        return;
    }
    let has_body = method != "HEAD";
    let as_method = if has_body { method } else { "GET" };
    let result = match operations::find(as_method, path) {
        Some(operation) => {
            coverage::note(operation, answer.status);
            check_documented(operation, answer, has_body)
        }
        None => check_unknown(method, answer, has_body),
    };
    if let Err(message) = result {
        panic!("the answer breaks the contract: {message}\n{answer}");
    }
}

fn check_documented(operation: &Operation, answer: &Answer, has_body: bool) -> Result<(), String> {
    let id = &operation.id;
    let status = answer.status.to_string();
    let response = operation
        .responses
        .get(&status)
        .ok_or_else(|| format!("{id} does not document status {status}"))?;
    let documented = response.get("content").and_then(Value::as_object);
    let Some(documented) = documented.filter(|content| !content.is_empty()) else {
        return if answer.body.is_empty() {
            Ok(())
        } else {
            Err(format!("{id} documents no body for status {status}"))
        };
    };
    if !has_body {
        return Ok(());
    }
    let content_type = content_type(answer)?;
    let schema = documented
        .get(content_type)
        .ok_or_else(|| {
            let known: Vec<&String> = documented.keys().collect();
            format!("{id} documents {known:?} for status {status}, not {content_type}")
        })?
        .get("schema")
        .cloned()
        .unwrap_or(Value::Bool(true));
    if is_json(content_type) {
        check_body(&format!("{id} {status} {content_type}"), &schema, answer)
    } else {
        Ok(())
    }
}

/// No operation: 404 and 405 are problems, and OPTIONS is answered for every path.
fn check_unknown(method: &str, answer: &Answer, has_body: bool) -> Result<(), String> {
    if method == "OPTIONS" && answer.status == 204 && answer.body.is_empty() {
        return Ok(());
    }
    if answer.status < 400 {
        return Err("the document knows no such operation".to_owned());
    }
    if !has_body {
        return Ok(());
    }
    let content_type = content_type(answer)?;
    if content_type != PROBLEM {
        return Err(format!("expected {PROBLEM}, got {content_type}"));
    }
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    check_body("no operation", &schema, answer)
}

/// The content type without parameters.
fn content_type(answer: &Answer) -> Result<&str, String> {
    answer
        .header("content-type")
        .and_then(|value| value.split(';').next())
        .map(str::trim)
        .ok_or_else(|| "there is no content type".to_owned())
}

fn is_json(content_type: &str) -> bool {
    content_type == "application/json" || content_type.ends_with("+json")
}

fn check_body(key: &str, schema: &Value, answer: &Answer) -> Result<(), String> {
    // Unpacking is for tests of compression; they compare with the plain answer.
    if answer.header("content-encoding").is_some() {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("the body is not JSON: {error}"))?;
    let validator = validator(key, schema);
    let mut message = String::new();
    for error in validator.iter_errors(&body).take(10) {
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/" } else { &place };
        write!(message, "\n  at {place}: {error}").ok();
    }
    if message.is_empty() {
        Ok(())
    } else {
        Err(format!("{key}:{message}"))
    }
}

/// The validator of a response, compiled once.
fn validator(key: &str, schema: &Value) -> Arc<Validator> {
    static CACHE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = cache.get(key) {
        return Arc::clone(validator);
    }
    let components = DOCUMENT.pointer("/components/schemas");
    let components = components.and_then(Value::as_object);
    let closed = close::closed(schema, components.expect("schemas"));
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&closed)
        .unwrap_or_else(|error| panic!("{key}: the schema is none: {error}"));
    let validator = Arc::new(validator);
    cache.insert(key.to_owned(), Arc::clone(&validator));
    validator
}
