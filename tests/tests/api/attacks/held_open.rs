//! Requests of which the head is sent and the body is held back, and what happens to their callers
//! meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::walk::Step;
use crate::access::cells::{Call, Stage};

/// A request whose body is awaited.
pub(super) struct HeldOpen {
    stream: TcpStream,
    body: String,
}

impl HeldOpen {
    /// Sends the head, and waits until the server asks for the body: by then the caller was let in.
    #[track_caller]
    pub(super) fn of(stage: &Stage, step: &Step) -> Self {
        let Call { method, path, .. } = &step.call;
        let token = step.token(stage).expect("a caller");
        // Where no body is taken, an empty one of unknown length can be held back.
        let (body, length) = match &step.call.body {
            Some(body) if step.operation.has_body => {
                let body = body.to_string();
                let length = format!(
                    "Content-Type: application/json\r\nContent-Length: {}",
                    body.len()
                );
                (body, length)
            }
            _ => (
                "0\r\n\r\n".to_owned(),
                "Transfer-Encoding: chunked".to_owned(),
            ),
        };
        let seen = step.call.if_match.as_deref();
        let seen = seen.map_or_else(String::new, |tag| format!("If-Match: {tag}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             {seen}{length}\r\nExpect: 100-continue\r\n\r\n"
        );
        let mut stream = TcpStream::connect(stage.office.app.address()).expect("a connection");
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).expect("a timeout");
        stream.write_all(head.as_bytes()).expect("the head is sent");
        let expected = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut first = vec![0; expected.len()];
        stream.read_exact(&mut first).expect("an answer");
        let first = String::from_utf8_lossy(&first);
        assert_eq!(first.as_bytes(), expected, "{path}: {first}");
        Self { stream, body }
    }

    /// Sends the body; gives the status of the answer and its text.
    pub(super) fn finish(mut self) -> (u16, String) {
        let sent = self.stream.write_all(self.body.as_bytes());
        sent.expect("the body is sent");
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).expect("an answer");
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3));
        (status.and_then(|code| code.parse().ok()).unwrap_or(0), text)
    }
}

/// Something that happens to a caller, or to the site they work at, and is then taken back.
pub(super) struct Blow {
    pub(super) name: &'static str,
    pub(super) strike: String,
    pub(super) undo: String,
}

/// What takes a caller's power away: each would be 401, 403 or 404 for a request that came later.
pub(super) fn blows(stage: &Stage, who: &str) -> Vec<Blow> {
    let id = stage.office.world.people[who];
    let at = "'2026-11-20 01:00:00'";
    vec![
        Blow {
            name: "suspended",
            strike: format!("UPDATE users SET status = 'suspended' WHERE id = '{id}'"),
            undo: format!("UPDATE users SET status = 'active' WHERE id = '{id}'"),
        },
        Blow {
            name: "signed out",
            strike: format!("UPDATE sessions SET ended_at = {at} WHERE user_id = '{id}'"),
            undo: format!("UPDATE sessions SET ended_at = NULL WHERE user_id = '{id}'"),
        },
        Blow {
            name: "without roles",
            strike: format!("UPDATE memberships SET ended_at = {at} WHERE user_id = '{id}'"),
            undo: format!("UPDATE memberships SET ended_at = NULL WHERE user_id = '{id}'"),
        },
    ]
}

/// The same for the site: it is closed, or may only be read.
pub(super) fn site_blows() -> Vec<Blow> {
    ["closed", "read_only"]
        .into_iter()
        .map(|status| Blow {
            name: status,
            strike: format!("UPDATE sites SET status = '{status}' WHERE slug = 'hai-tien'"),
            undo: "UPDATE sites SET status = 'active' WHERE slug = 'hai-tien'".to_owned(),
        })
        .collect()
}

/// Whether an operation needs no role: everybody may do it to their own account.
pub(super) fn needs_no_role(step: &Step) -> bool {
    step.operation.path.starts_with("/api/v1/auth/")
}
