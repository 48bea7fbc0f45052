//! A line of the security log: JSON with the field names of ECS, the Elastic Common Schema. The mapping is
//! in docs/operations/security-log.md.
//!
//! What ECS has no name for is below `loa`. Not for deciding what is written.

use std::net::IpAddr;

use loa_domain::time::Moment;
use serde_json::{Map, Value, json};

use super::told::{Fields, Told};

/// How often it happened between two moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Times {
    pub(super) count: u64,
    pub(super) from: Moment,
    pub(super) to: Moment,
}

/// The line, with its end.
pub(super) fn line(told: &Told, times: Option<Times>) -> String {
    let fields = &told.fields;
    let mut line = Map::new();
    let at = times.map_or(told.at, |times| times.to);
    line.insert("@timestamp".to_owned(), json!(at));
    for (name, value) in [
        ("ecs.version", json!("8.17")),
        ("service.name", json!("loa")),
        ("service.version", json!(env!("CARGO_PKG_VERSION"))),
        ("event.dataset", json!("loa.security")),
        ("event.kind", json!("event")),
        ("event.category", json!([category(fields.text("action"))])),
        ("event.outcome", json!("unknown")),
        ("loa.count", json!(times.map_or(1, |times| times.count))),
    ] {
        line.insert(name.to_owned(), value);
    }
    if let Some(times) = times {
        line.insert("event.start".to_owned(), json!(times.from));
        line.insert("event.end".to_owned(), json!(times.to));
    }
    let operation = [fields.text("method"), fields.text("route")];
    if operation.iter().all(|part| !part.is_empty()) {
        line.insert("loa.operation".to_owned(), json!(operation.join(" ")));
    }
    for (name, value) in fields.iter() {
        if let Some(name) = name_of(name, value, fields) {
            line.insert(name, value.clone());
        }
    }
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    text
}

/// What a field is called in ECS; none for what stands elsewhere.
fn name_of(name: &str, value: &Value, fields: &Fields) -> Option<String> {
    let is_address = || {
        value
            .as_str()
            .is_some_and(|it| it.parse::<IpAddr>().is_ok())
    };
    let name = match name {
        "action" => "event.action",
        "outcome" => "event.outcome",
        "reason" => "event.reason",
        "user" => "user.id",
        "typed" => "user.hash",
        "subject_id" if fields.text("subject") == "user" => "user.target.id",
        "subject_id" => "loa.subject.id",
        "subject" => "loa.subject.type",
        "chain" => "loa.chain",
        "detail" => "loa.detail",
        "address" if is_address() => "source.ip",
        "address" | "route" => return None,
        "status" => "http.response.status_code",
        "method" => "http.request.method",
        "path" => "url.path",
        "id" => "trace.id",
        "command" => "process.title",
        "uid" => "process.user.id",
        "login" => "process.real_user.name",
        "message" => "message",
        other => return Some(format!("labels.{other}")),
    };
    Some(name.to_owned())
}

fn category(action: &str) -> &'static str {
    match action.split('.').next().unwrap_or_default() {
        "sign_in" | "session" | "password" => "authentication",
        "user" | "membership" => "iam",
        "command" | "service" | "log" => "process",
        "request_refused" | "entry" | "preview_link" | "expunction" => "web",
        _ => "configuration",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[(&'static str, &str)]) -> Told {
        Told {
            at: "2026-07-01T08:00:00Z".parse().unwrap(),
            fields: Fields::of(texts),
        }
    }

    fn read(line: &str) -> Value {
        assert!(
            line.ends_with("}\n") && line.matches('\n').count() == 1,
            "{line}"
        );
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn fields_have_the_names_of_ecs() {
        let told = told(&[
            ("action", "request_refused"),
            ("outcome", "failure"),
            ("user", "u"),
            ("address", "192.0.2.1"),
            ("method", "GET"),
            ("route", "/x/{id}"),
            ("path", "/x/1\n{\"forged\": true}"),
            ("id", "t"),
            ("odd", "o"),
        ]);
        let line = read(&line(&told, None));
        for (name, value) in [
            ("@timestamp", json!("2026-07-01T08:00:00Z")),
            ("event.category", json!(["web"])),
            ("event.action", json!("request_refused")),
            ("event.outcome", json!("failure")),
            ("user.id", json!("u")),
            ("source.ip", json!("192.0.2.1")),
            ("loa.operation", json!("GET /x/{id}")),
            ("http.request.method", json!("GET")),
            ("trace.id", json!("t")),
            ("loa.count", json!(1)),
            ("labels.odd", json!("o")),
        ] {
            assert_eq!(line.get(name), Some(&value), "{name}");
        }
        assert!(line.get("route").is_none() && line.get("forged").is_none());
    }

    #[test]
    fn a_person_something_was_done_to_is_the_target() {
        let acted = told(&[
            ("subject", "user"),
            ("subject_id", "u"),
            ("address", "here"),
        ]);
        let acted = read(&line(&acted, None));
        assert_eq!(acted.get("user.target.id"), Some(&json!("u")));
        assert!(acted.get("source.ip").is_none(), "not an address");
        let other = read(&line(
            &told(&[("subject", "site"), ("subject_id", "s")]),
            None,
        ));
        assert_eq!(other.get("loa.subject.id"), Some(&json!("s")));
    }
}
