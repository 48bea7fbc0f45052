//! A walk over every operation of the document: each once, called so that it would be answered.

use loa_testkit::Answer;
use serde_json::{Value, json};

use crate::access::cells::{Call, Stage};
use crate::access::operations::{self, Operation, made_up};
use crate::access::table;

/// An operation with a call of it.
pub(super) struct Step {
    pub(super) operation: Operation,
    pub(super) call: Call,
    /// Somebody who is let through; nobody where no account is needed.
    pub(super) who: Option<&'static str>,
}

/// Each operation once, as somebody who is let through calls it, or anybody where it is public.
pub(super) fn all(stage: &Stage) -> Vec<Step> {
    let operations = operations::all().into_iter();
    operations
        .map(|operation| {
            let row = table::all().find(|row| row.operation == operation.id);
            let Some(row) = row else {
                assert!(!operation.secured, "{}", operation.id);
                return public(operation, stage);
            };
            let who = row.welcome().expect("somebody is let through");
            let call = (row.call)(stage, who);
            stage.office.token(who);
            let who = Some(who);
            Step {
                operation,
                call,
                who,
            }
        })
        .collect()
}

fn public(operation: Operation, stage: &Stage) -> Step {
    let path = operation.filled(|name| match name {
        "site" => "hai-tien".to_owned(),
        "code" if operation.path.starts_with("/problems") => "not_found".to_owned(),
        "code" => "14218".to_owned(),
        "id" => stage.office.world.people["editor"].to_string(),
        other => made_up(other),
    });
    let method = if operation.method == "POST" {
        "POST"
    } else {
        "GET"
    };
    let mut call = Call::raw(method, path);
    if operation.has_body {
        call = call.body(json!({}));
    }
    Step {
        operation,
        call,
        who: None,
    }
}

impl Step {
    /// The token the call is made with.
    pub(super) fn token(&self, stage: &Stage) -> Option<String> {
        let who = self.who?;
        let own = self.call.token.clone();
        Some(own.unwrap_or_else(|| stage.office.token(who)))
    }

    /// Another call of the same operation by the same person.
    #[track_caller]
    pub(super) fn send(&self, stage: &Stage, call: &Call) -> Answer {
        call.send(&stage.office.app, self.token(stage).as_deref())
    }

    /// The call with something more in its query.
    pub(super) fn asking(&self, query: &str) -> Call {
        self.call.at(joined(&self.call.path, query))
    }

    /// The call with a query of its own, whatever it had.
    pub(super) fn asking_only(&self, query: &str) -> Call {
        let path = self.call.path.split('?').next().unwrap_or_default();
        self.call.at(joined(path, query))
    }

    /// The call as bytes, for a client that sends a body with whatever method; the connection ends
    /// with the answer. Gives status and JSON.
    pub(super) fn raw(&self, stage: &Stage, headers: &str, body: &str) -> (u16, Value) {
        let Call { method, path, .. } = &self.call;
        let token = self.token(stage);
        let token = token.map_or_else(String::new, |t| format!("Authorization: Bearer {t}\r\n"));
        let seen = self.call.if_match.as_deref();
        let seen = seen.map_or_else(String::new, |tag| format!("If-Match: {tag}\r\n"));
        let bytes = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{token}{seen}{headers}\r\n{body}"
        );
        let answer = stage.office.app.raw(bytes.as_bytes());
        let text = answer.text();
        let status = answer.statuses().first().copied().unwrap_or_default();
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, serde_json::from_str(body).unwrap_or_default())
    }
}

/// A path with something more in its query.
pub(super) fn joined(path: &str, query: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{query}")
}

/// A parameter's name as it is sent.
pub(super) fn encoded(name: &str) -> String {
    name.replace('[', "%5B").replace(']', "%5D")
}
