//! Problems become bytes here, in the caller's language and with the request's id.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::header::{self, HeaderValue};

use super::TraceId;
use crate::problem::{Code, Lang, Problem};

/// Writes out the problem an answer carries. A failure that carries none, as the HTTP library makes
/// them, becomes the problem of its status.
pub(super) fn render<B: MessageBody + 'static>(
    response: HttpResponse<B>,
    lang: Lang,
    trace: &TraceId,
) -> HttpResponse<BoxBody> {
    let status = response.status();
    let carried = response.extensions().get::<Problem>().cloned();
    let problem = match carried {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => {
            if response.headers().contains_key(header::CONTENT_TYPE)
                && response.headers().get(header::CONTENT_TYPE)
                    != Some(&HeaderValue::from_static("text/plain; charset=utf-8"))
            {
                return response.map_into_boxed_body();
            }
            Problem::new(code_of(status.as_u16()))
        }
        None => return response.map_into_boxed_body(),
    };
    let body = serde_json::to_string(&problem.body(lang, &trace.0)).unwrap_or_default();
    let mut response = response.set_body(BoxBody::new(body));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.as_str()),
    );
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// A cache that keeps an answer until it has another, as for `stale-if-error`, has to get one for what
/// was withdrawn: it keeps that as long as it would take the old one for fresh.
pub(super) fn keep_what_is_gone(response: &mut HttpResponse<BoxBody>) {
    let carried = response.extensions().get::<Problem>().cloned();
    if carried.is_some_and(|problem| problem.tells_what_is_gone()) {
        let keep = HeaderValue::from_static("public, max-age=30");
        response.headers_mut().insert(header::CACHE_CONTROL, keep);
    }
}

fn code_of(status: u16) -> Code {
    match status {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::RequestTimeout,
        413 => Code::PayloadTooLarge,
        414 => Code::UriTooLong,
        415 => Code::UnsupportedMediaType,
        400..=499 => Code::MalformedRequest,
        503 => Code::Unavailable,
        _ => Code::Internal,
    }
}
