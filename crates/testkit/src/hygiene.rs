//! What every answer has to have, and what no refusal may tell: checked on each answer of each test.
//!
//! Not the contract, which says what an answer means.

use ureq::http::HeaderMap;

/// Headers of every answer of the application, with their exact values.
const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Headers that tell strangers what they could look up weaknesses of.
const TELLTALE_HEADERS: [&str; 4] = ["server", "x-powered-by", "via", "x-aspnet-version"];

/// Words that only the inside uses: of Rust, of databases, of libraries, of files.
const INSIDE: [&str; 28] = [
    "panicked",
    "backtrace",
    ".rs:",
    "src/",
    "/root/",
    "/home/",
    "unwrap",
    "thread '",
    "None",
    "Some(",
    "Err(",
    "struct ",
    "actix",
    "diesel",
    "serde_",
    "tokio",
    "loa_",
    "SQLite",
    "sqlite",
    "PostgreSQL",
    "postgres",
    "SELECT ",
    "INSERT INTO",
    "UNIQUE constraint",
    "duplicate key",
    "no such table",
    "no such column",
    "relation \\",
];

/// What is wrong with an answer of the application; nothing, as a rule.
///
/// # Errors
/// Names what is missing or told.
pub(crate) fn check(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    for (name, value) in HEADERS {
        let found = headers.get(name).and_then(|value| value.to_str().ok());
        if found != Some(value) {
            return Err(format!("{name} is {found:?}, not {value}"));
        }
    }
    let policy = headers.get("content-security-policy");
    let policy = policy
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        if !policy.contains(part) {
            return Err(format!(
                "the content security policy lacks {part}: {policy}"
            ));
        }
    }
    if !headers.contains_key("x-request-id") {
        return Err("there is no X-Request-Id".to_owned());
    }
    if let Some(name) = TELLTALE_HEADERS
        .iter()
        .find(|name| headers.contains_key(**name))
    {
        return Err(format!("it tells {name}"));
    }
    let text = String::from_utf8_lossy(body);
    if status < 400 {
        return Ok(());
    }
    match INSIDE.iter().find(|word| text.contains(**word)) {
        Some(word) => Err(format!("a refusal tells of the inside: {word}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::{HeaderName, HeaderValue};

    fn sound() -> HeaderMap {
        let mut headers = HeaderMap::new();
        let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
        for (name, value) in HEADERS
            .into_iter()
            .chain([("content-security-policy", policy), ("x-request-id", "abc")])
        {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_missing_header_and_a_telltale_are_seen() {
        assert_eq!(check(200, &sound(), b"diesel"), Ok(()));
        for (name, _) in HEADERS {
            let mut headers = sound();
            headers.remove(name);
            assert!(check(200, &headers, b"").is_err(), "{name}");
        }
        for name in ["content-security-policy", "x-request-id"] {
            let mut headers = sound();
            headers.remove(name);
            assert!(check(204, &headers, b"").is_err(), "{name}");
        }
        let mut headers = sound();
        headers.insert("server", HeaderValue::from_static("loa/0.2.0"));
        assert!(check(200, &headers, b"").is_err());
    }

    #[test]
    fn a_refusal_that_tells_of_the_inside_is_seen() {
        for told in [
            "called `Option::unwrap()` on a `None` value",
            "thread 'main' panicked at crates/app/src/lib.rs:7",
            "UNIQUE constraint failed: users.email",
            "no such table: sites",
            "{\"detail\":\"relation \\\"sites\\\" does not exist\"}",
            "duplicate key value violates unique constraint \"users_email\"",
            "invalid type: sequence, expected struct LoginRequest",
        ] {
            assert!(check(500, &sound(), told.as_bytes()).is_err(), "{told}");
        }
        assert_eq!(
            check(404, &sound(), "{\"code\":\"not_found\"}".as_bytes()),
            Ok(())
        );
    }
}
