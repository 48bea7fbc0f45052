//! `If-Match`, `If-None-Match` and `Idempotency-Key`.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use loa_app::{Idempotency, IfMatch};
use loa_domain::field::FieldCode;

use crate::problem::{Code, Problem};

/// Conditional headers of a request.
pub(crate) struct Conditions {
    /// For writes.
    pub(crate) if_match: IfMatch,
    /// For reads: tags without quotes, or `*`.
    pub(crate) if_none_match: Vec<String>,
}

impl FromRequest for Conditions {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request)))
    }
}

impl Conditions {
    /// The conditions of a request; what is no tag is none.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let if_match = match tags(request, &header::IF_MATCH) {
            tags if tags.is_empty() && !request.headers().contains_key(header::IF_MATCH) => {
                IfMatch::Missing
            }
            tags if tags == ["*"] => IfMatch::Any,
            tags => IfMatch::Tags(tags),
        };
        Self {
            if_match,
            if_none_match: tags(request, &header::IF_NONE_MATCH),
        }
    }

    /// Whether the client has one of these already.
    pub(crate) fn has(&self, tag: &str) -> bool {
        self.if_none_match
            .iter()
            .any(|known| known == "*" || known == tag)
    }
}

/// Tags without quotes. A weak tag is as good as none for a strong comparison, and as good as a
/// strong one for `If-None-Match`, where proxies may have weakened it.
fn tags(request: &HttpRequest, name: &header::HeaderName) -> Vec<String> {
    let weak_counts = *name == header::IF_NONE_MATCH;
    request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter_map(|tag| {
            let strong = if weak_counts {
                tag.strip_prefix("W/").unwrap_or(tag)
            } else {
                tag
            };
            if strong == "*" {
                return Some("*".to_owned());
            }
            strong
                .strip_prefix('"')?
                .strip_suffix('"')
                // In quotes it is a tag like any other, and none of ours.
                .filter(|tag| *tag != "*")
                .map(ToOwned::to_owned)
        })
        .collect()
}

/// `Idempotency-Key` with the route it counts for.
pub(crate) struct Keyed {
    route: String,
    key: Option<String>,
}

impl Keyed {
    /// What the use case needs; `sha256` is of the body.
    pub(crate) fn with(self, sha256: &str) -> Option<Idempotency> {
        let Self { route, key } = self;
        key.map(|key| Idempotency {
            route,
            key,
            body_sha256: sha256.to_owned(),
        })
    }
}

impl FromRequest for Keyed {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let route = format!("{} {}", request.method(), request.path());
        std::future::ready(key(request).map(|key| Self { route, key }))
    }
}

fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let refused = || {
        let name = "Idempotency-Key";
        let detail = "1 to 255 visible ASCII characters, quoted or bare";
        Problem::parameter(
            Code::IdempotencyKeyInvalid,
            name,
            FieldCode::Invalid,
            detail,
        )
    };
    let mut values = request.headers().get_all("idempotency-key");
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(refused());
    }
    let text = value.to_str().map_err(|_| refused())?.trim();
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let fits =
        (1..=255).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if fits {
        Ok(Some(bare.to_owned()))
    } else {
        Err(refused())
    }
}
