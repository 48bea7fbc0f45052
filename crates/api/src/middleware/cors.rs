//! Cross-origin answers: anyone may read what is public, named origins may use the rest.
//!
//! Not a protection of the server: browsers obey it, nobody else does.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const ALLOW_HEADERS: &str = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Accept-Language, X-Request-Id, Traceparent";
const EXPOSE_HEADERS: &str =
    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id";

/// What a request's origin is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cors {
    /// Not asked, or not allowed, where another origin might be.
    Silent,
    /// Everyone may read.
    Everyone,
    /// This origin may.
    Origin(HeaderValue),
}

/// Decides by the path and the origin.
pub(super) fn of(request: &ServiceRequest, allowed: &[String]) -> Cors {
    if is_signed_in_part(request.path()) {
        let Some(origin) = request.headers().get(header::ORIGIN) else {
            return Cors::Silent;
        };
        let known = origin
            .to_str()
            .is_ok_and(|origin| allowed.iter().any(|known| known == origin));
        return if known {
            Cors::Origin(origin.clone())
        } else {
            Cors::Silent
        };
    }
    // Whatever the origin, and without one too: a cache gives the same answer to all.
    Cors::Everyone
}

/// Whether the request is a browser's question, to be answered here.
pub(super) fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Adds the headers.
pub(super) fn apply(cors: &Cors, preflight: bool, headers: &mut HeaderMap) {
    let (origin, methods) = match cors {
        Cors::Silent => {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
            return;
        }
        Cors::Everyone => (HeaderValue::from_static("*"), "GET, HEAD, OPTIONS"),
        Cors::Origin(origin) => (origin.clone(), "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if matches!(cors, Cors::Origin(_)) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value))
    };
    if preflight {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
        set(header::ACCESS_CONTROL_MAX_AGE, "600");
    } else {
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    }
}

fn is_signed_in_part(path: &str) -> bool {
    // The router understands escapes, so they make no other part of it.
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    ["editorial", "admin", "auth", "previews"]
        .iter()
        .any(|part| {
            path.strip_prefix("/api/v1/")
                .and_then(|rest| rest.strip_prefix(part))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

#[cfg(test)]
mod tests {
    use super::is_signed_in_part;

    #[test]
    fn parts_are_known_however_they_are_written() {
        for signed_in in [
            "/api/v1/editorial/entries",
            "/api/v1/admin",
            "/api/v1/%65ditorial/entries",
            "/api/v1/a%64min/users",
            "/api/%761/auth/me",
        ] {
            assert!(is_signed_in_part(signed_in), "{signed_in}");
        }
        for open in ["/api/v1/sites", "/api/v1/administration", "/docs/", "/"] {
            assert!(!is_signed_in_part(open), "{open}");
        }
    }
}
