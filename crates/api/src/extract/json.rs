//! JSON bodies: strict, with pointers to what is wrong.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_core::future::LocalBoxFuture;
use loa_domain::field::{FieldCode, FieldError};
use serde::de::DeserializeOwned;

use super::identified::caller;
use super::{declared, shared};
use crate::blocking::blocking;
use crate::limits::Taken;
use crate::problem::{Bilingual, Code, Problem};

/// Largest body of a caller who needs no account, in bytes: an address, a password, a token.
const ANYONE_LIMIT: usize = 16 << 10;

/// A longer body is read on a thread of its own, in turn, and not where others are answered.
const LONG: usize = 64 << 10;

/// A JSON body with the hash of its bytes.
pub(crate) struct Json<T> {
    pub(crate) value: T,
    pub(crate) sha256: String,
    /// Its memory, as long as the request is under way.
    _taken: Taken,
}

impl<T: DeserializeOwned + Send + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let anyone = declared::of(request).is_some_and(|declared| declared.public);
        let shared = shared(request);
        let who = caller(request).ok().flatten().map(|actor| actor.user);
        let declared = declared_length(request);
        let is_json = is_json(request);
        let mut payload = payload.take();
        Box::pin(async move {
            let shared = shared?;
            let patience = shared.options.body_timeout;
            let most = shared.options.body_limit;
            let limit = if anyone { most.min(ANYONE_LIMIT) } else { most };
            if declared.is_some_and(|length| length > limit as u64) {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            if !is_json {
                return Err(Problem::new(Code::UnsupportedMediaType));
            }
            let mut taken = shared.bodies.open(who);
            let reading = read(&mut payload, limit, |bytes| taken.take(bytes));
            let bytes = actix_web::rt::time::timeout(patience, reading)
                .await
                .map_err(|_| Problem::new(Code::RequestTimeout))??;
            let (value, sha256) = match who {
                Some(who) if bytes.len() > LONG => {
                    let place = shared.places.take(who).await?;
                    blocking(move || {
                        let parsed = parsed(&bytes);
                        drop(place);
                        Ok(parsed)
                    })
                    .await??
                }
                _ => parsed(&bytes)?,
            };
            Ok(Self {
                value,
                sha256,
                _taken: taken,
            })
        })
    }
}

/// The value of a body and the hash of its bytes.
fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, String), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    Ok((parse_body(text, "")?, loa_domain::canonical::sha256(text)))
}

fn declared_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn is_json(request: &HttpRequest) -> bool {
    let essence = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        });
    essence.is_some_and(|essence| essence == "application/json")
}

/// All of a body, of at most `limit` bytes, of which `take` hears before they are kept.
pub(super) async fn read(
    payload: &mut Payload,
    limit: usize,
    mut take: impl FnMut(usize) -> Result<(), Problem>,
) -> Result<Bytes, Problem> {
    use actix_web::error::PayloadError;
    let mut body = actix_web::web::BytesMut::new();
    while let Some(chunk) =
        std::future::poll_fn(|cx| futures_core::Stream::poll_next(std::pin::Pin::new(payload), cx))
            .await
    {
        let chunk = chunk.map_err(|error| match error {
            PayloadError::Overflow => Problem::new(Code::PayloadTooLarge),
            _ => Problem::new(Code::MalformedRequest),
        })?;
        if body.len() + chunk.len() > limit {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        take(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn not_utf8() -> Problem {
    Problem::new(Code::MalformedJson).with_detail(Bilingual {
        vi: "Thân yêu cầu không phải UTF-8.",
        en: "The body is not UTF-8.",
    })
}

/// Parses JSON text; what does not fit becomes a refused field under `prefix`.
pub(crate) fn parse_body<T: DeserializeOwned>(text: &str, prefix: &str) -> Result<T, Problem> {
    parse_with(text, prefix, |json| T::deserialize(json))
}

/// The tracking deserialiser that [`parse_with`] hands out.
pub(crate) type Tracked<'t, 'j, 'de> = serde_path_to_error::Deserializer<
    't,
    't,
    &'j mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
>;

/// Parses JSON text with a reader of the caller's choice.
pub(crate) fn parse_with<'de, T>(
    text: &'de str,
    prefix: &str,
    read: impl FnOnce(Tracked<'_, '_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, Problem> {
    // Structs would take a list for their fields in order; a body is an object.
    if !text.trim_start().starts_with('{')
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    {
        let error = FieldError::new(prefix, FieldCode::WrongType, "expected an object");
        return Err(Problem::fields(Code::InvalidContent, vec![error]));
    }
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let value = read(serde_path_to_error::Deserializer::new(
        &mut json, &mut track,
    ));
    let value = value.map_err(|error| refused(&error, &pointer(prefix, &track.path())))?;
    json.end().map_err(|error| refused(&error, prefix))?;
    Ok(value)
}

fn refused(error: &serde_json::Error, pointer: &str) -> Problem {
    match error.classify() {
        serde_json::error::Category::Data => {
            let text = error.to_string();
            let detail = text.split(" at line ").next().unwrap_or("").to_owned();
            let code = if detail.starts_with("unknown field") {
                FieldCode::UnknownMember
            } else if detail.starts_with("missing field") {
                FieldCode::Required
            } else if detail.starts_with("unknown variant") {
                FieldCode::UnknownValue
            } else if detail.starts_with("invalid type") {
                FieldCode::WrongType
            } else {
                FieldCode::Invalid
            };
            Problem::fields(
                Code::InvalidContent,
                vec![FieldError::new(pointer, code, unechoed(&detail))],
            )
        }
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => Problem::fields(
            Code::MalformedJson,
            vec![FieldError::new(
                pointer,
                FieldCode::Invalid,
                error.to_string(),
            )],
        ),
    }
}

/// The library's words without the value, which may be a password in the wrong place, and without
/// names of our types.
fn unechoed(detail: &str) -> String {
    let wrong = ["invalid type: ", "invalid value: ", "invalid length: "];
    if !wrong.iter().any(|start| detail.starts_with(start)) {
        return detail.to_owned();
    }
    let Some((found, wanted)) = detail.rsplit_once(", expected ") else {
        return "a value of another kind was expected".to_owned();
    };
    let kind = found
        .split(['`', '"'])
        .next()
        .unwrap_or_default()
        .trim_end();
    let wanted = if wanted.starts_with("struct ") {
        "an object"
    } else {
        wanted
    };
    format!("{kind}, expected {wanted}")
}

/// A JSON Pointer from the path that was being read.
fn pointer(prefix: &str, path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(prefix.to_owned(), |mut pointer, segment| {
        match segment {
            Segment::Seq { index } => pointer.extend(["/", &index.to_string()]),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        pointer
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "read to be refused")]
        password: String,
        #[serde(default)]
        #[expect(dead_code, reason = "read to be refused")]
        inner: Option<Box<Sample>>,
    }

    #[test]
    fn what_was_sent_and_names_of_types_are_not_repeated() {
        for (text, said) in [
            (
                r#"{"password": 12345}"#,
                "invalid type: integer, expected a string",
            ),
            (
                r#"{"password": 1.5}"#,
                "invalid type: floating point, expected a string",
            ),
            (
                r#"{"password": true}"#,
                "invalid type: boolean, expected a string",
            ),
            (
                r#"{"password": ["x"]}"#,
                "invalid type: sequence, expected a string",
            ),
            (
                r#"{"password": "a", "inner": "b, expected c"}"#,
                "invalid type: string, expected an object",
            ),
        ] {
            let problem = parse_body::<Sample>(text, "").unwrap_err();
            let body = problem.body(crate::problem::Lang::En, "x");
            assert_eq!(body.errors.first().unwrap().detail, said, "{text}");
        }
    }
}
