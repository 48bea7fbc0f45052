//! Query strings and bodies of routes that take none: refused like unknown names elsewhere.
//!
//! Every extractor that lets a request in asks here, so that no route can forget it. Routes with
//! parameters of their own have a `Query`, which knows their names, and those with a body a `Json`.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use loa_domain::field::FieldCode;

use super::declared;
use crate::problem::{Bilingual, Code, Problem};

/// Refuses a query string, and a body, where the route takes none.
pub(super) fn nothing_stray(request: &HttpRequest) -> Result<(), Problem> {
    no_stray_query(request)?;
    no_stray_body(request)
}

fn no_stray_query(request: &HttpRequest) -> Result<(), Problem> {
    let query = request.query_string();
    if query.is_empty() || declared::of(request).is_some_and(|declared| declared.query) {
        return Ok(());
    }
    match first_name(query)? {
        Some(name) => Err(Problem::parameter(
            Code::UnknownParameter,
            &name,
            FieldCode::UnknownMember,
            "this route takes no parameters in the query",
        )),
        None => Ok(()),
    }
}

/// Name of the first parameter; a query of separators alone has none.
fn first_name(query: &str) -> Result<Option<String>, Problem> {
    super::query::readable(query)?;
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Problem::new(Code::MalformedRequest))?;
    Ok(pairs.into_iter().next().map(|(name, _)| name))
}

fn no_stray_body(request: &HttpRequest) -> Result<(), Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    // Reads have no body with any client; writes are looked into.
    let stray = length.is_some_and(|value| value != "0")
        || (of_unknown_length(request) && request.method() == Method::GET);
    if stray && !takes_body(request) {
        return Err(takes_none());
    }
    Ok(())
}

/// The body of a request that should have none and does not say how long it is: some clients
/// announce an empty one like that.
pub(super) fn unannounced(request: &HttpRequest, payload: &mut Payload) -> Option<Payload> {
    (of_unknown_length(request) && !takes_body(request)).then(|| payload.take())
}

/// Refuses a body with anything in it, or that does not end in time.
pub(super) async fn must_be_empty(mut body: Payload, patience: Duration) -> Result<(), Problem> {
    let read = actix_web::rt::time::timeout(patience, super::json::read(&mut body, 0, |_| Ok(())));
    match read.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(takes_none()),
    }
}

fn of_unknown_length(request: &HttpRequest) -> bool {
    request.headers().contains_key(header::TRANSFER_ENCODING)
}

fn takes_body(request: &HttpRequest) -> bool {
    declared::of(request).is_some_and(|declared| declared.body)
}

fn takes_none() -> Problem {
    Problem::new(Code::MalformedRequest).with_detail(Bilingual {
        vi: "Thao tác này không nhận nội dung trong thân yêu cầu. Hãy gửi lại mà không kèm thân.",
        en: "This operation takes no request body. Send it again without one.",
    })
}
