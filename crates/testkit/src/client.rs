//! A client that waits for each answer and holds it against the contract.
//!
//! It follows no redirect, unpacks nothing and takes no status for a failure: tests see what came.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use ureq::Agent;
use ureq::http;

use crate::{contract, hygiene};

/// A client of one server.
pub struct Client {
    agent: Agent,
    address: SocketAddr,
}

/// A request to be filled in.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'c> {
    client: &'c Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: http::HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
    /// The request, for messages.
    asked: String,
}

impl Client {
    /// A client of the server at this address.
    pub fn new(address: SocketAddr) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            .accept("")
            .accept_encoding("")
            .user_agent("loa-testkit")
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self {
            agent: config.into(),
            address,
        }
    }

    /// A request to be filled in. Letters beyond ASCII and spaces in the path are encoded, as
    /// browsers do; everything else is sent as it stands.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        Request {
            client: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }
}

impl Request<'_> {
    /// Adds a query parameter; name and value are encoded.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.path
            .push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(&encode(name));
        self.path.push('=');
        self.path.push_str(&encode(value));
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Signs in with an access token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Says which version was seen: the tag of an answer, with its quotes.
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// When the value has no JSON form.
    pub fn json(self, value: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(value).expect("a value with a JSON form");
        self.body("application/json", bytes)
    }

    /// Sends a body as it is.
    pub fn body(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = Some(bytes.into());
        self.header("content-type", content_type)
    }

    /// Sends the request and holds the answer against the contract.
    ///
    /// # Panics
    /// When there is no answer, or one that the API document does not know.
    #[track_caller]
    pub fn send(self) -> Answer {
        self.try_send().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same for a server that may be killed meanwhile: no answer, or half of one, is no panic
    /// but a text that says what was asked and what happened.
    ///
    /// # Errors
    /// When there is no answer.
    ///
    /// # Panics
    /// When the API document does not know the answer.
    #[track_caller]
    pub fn try_send(self) -> Result<Answer, String> {
        let path = ascii(&self.path);
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(format!("http://{}{path}", self.client.address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let asked = format!("{} {path}", self.method);
        let sent = match self.body {
            Some(body) => request.body(body).map(|it| self.client.agent.run(it)),
            None => request.body(()).map(|it| self.client.agent.run(it)),
        };
        let response = sent
            .map_err(|error| format!("{asked} cannot be sent: {error}"))?
            .map_err(|error| format!("{asked} got no answer: {error}"))?;
        let (parts, mut body) = response.into_parts();
        let body = body
            .with_config()
            .limit(1 << 30)
            .read_to_vec()
            .map_err(|error| format!("{asked}: the body broke off: {error}"))?;
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            asked,
        };
        contract::check(&self.method, &path, &answer);
        if let Err(message) = hygiene::check(answer.status, &answer.headers, &answer.body) {
            panic!("{message}\n{answer}");
        }
        Ok(answer)
    }
}

impl Answer {
    /// An answer that nobody asked for.
    #[cfg(test)]
    pub(crate) fn new(status: u16, headers: http::HeaderMap, body: Vec<u8>) -> Self {
        Self {
            status,
            headers,
            body,
            asked: "a made-up request".to_owned(),
        }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{self}\nis not JSON: {error}"))
    }

    /// The thing in `{"data": …}`.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn data(&self) -> Value {
        self.json()
            .get("data")
            .unwrap_or_else(|| panic!("{self}\nhas no data"))
            .clone()
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The tag of the version, with its quotes, as `If-Match` takes it.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag")
            .unwrap_or_else(|| panic!("{self}\nhas no ETag"))
    }

    /// Demands a status.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "the demand is the point; what is left of the answer may not matter"
    )]
    pub fn expect_status(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, got\n{self}");
        self
    }

    /// Demands a problem of this code; gives its document.
    ///
    /// # Panics
    /// When it is something else.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect_status(status);
        let body = answer.json();
        let found = body.get("code").and_then(Value::as_str);
        assert!(found == Some(code), "expected {code}, got\n{answer}");
        body
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = String::from_utf8_lossy(&self.body);
        let short: String = text.chars().take(4000).collect();
        let dots = if short.len() < text.len() { " …" } else { "" };
        write!(f, "{} → {}\n{short}{dots}", self.asked, self.status)
    }
}

/// Encodes everything but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Encodes what is no visible ASCII.
fn ascii(path: &str) -> String {
    path.bytes()
        .map(|byte| {
            if byte.is_ascii_graphic() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
