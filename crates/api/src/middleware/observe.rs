//! The outermost layer: id, log line, metrics, problems written out, headers.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use tracing::{Instrument, Span};

use super::refusals::Answered;
use super::{TraceId, cors, head, headers, masking, meters, render, unknown_proxies};
use crate::delivery;
use crate::extract::{address_of, caller, identify};
use crate::problem::Lang;
use crate::state::Shared;

/// Wraps a request.
///
/// # Errors
/// None in practice: the router answers every failure, and that is written out as a problem.
pub(crate) async fn observe<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let trace = TraceId::of(&request);
    let shared = request.app_data::<Data<Shared>>().cloned();
    let options = shared.as_ref().map(|shared| &shared.options);
    if let Some(shared) = &shared {
        unknown_proxies::look(&request, shared);
    }
    let origins = options.map_or(&[][..], |options| &options.allowed_origins);
    let cors = cors::of(&request, origins);
    let preflight = cors::is_preflight(&request);
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered like GET; the body is taken away at the end.
        request.head_mut().method = Method::GET;
    }
    let kept = shared
        .as_ref()
        .and_then(|shared| delivery::kept(request.request(), &shared.cache, &shared.app));

    let (request, mut response, route) = if preflight {
        let (request, _) = request.into_parts();
        (request, HttpResponse::NoContent().finish(), None)
    } else if let Some((response, route)) = kept {
        let (request, _) = request.into_parts();
        (request, response, Some(route))
    } else {
        let from = address(request.request(), shared.as_ref());
        let span = tracing::info_span!("request", id = trace.0, %method, path = %masking::masked(request.path()), address = from);
        let (request, response) = whole_way(request, next, &trace, span).await?;
        (request, response, None)
    };
    cors::apply(&cors, preflight, response.headers_mut());
    add_headers(&mut response, &trace, shared.as_ref());
    if method == Method::HEAD {
        response = head::without_body(response);
    }
    let route = route.unwrap_or_else(|| route_of(&request));
    let (status, took) = (response.status().as_u16(), started.elapsed());
    meters::count(&method, &route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let path = masking::masked(request.path());
    Answered {
        request: &request,
        response: &response,
        method: &method,
        route: &route,
        path: &path,
        trace: &trace,
    }
    .tell_refusal(|| address(&request, shared.as_ref()));
    // Outside of any span: what a span holds is written, read and written again for each line.
    tracing::info!(id = trace.0, %method, %path, status, micros, "answered");
    Ok(ServiceResponse::new(request, response))
}

/// Adds the headers that every answer has.
fn add_headers(response: &mut HttpResponse, trace: &TraceId, shared: Option<&Data<Shared>>) {
    let hsts = shared.is_some_and(|shared| shared.options.hsts);
    headers::secure(response.headers_mut(), hsts);
    if let Ok(id) = HeaderValue::from_str(&trace.0) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
    if shared.is_some_and(|shared| shared.is_draining()) {
        // A proxy that keeps it would find it closed when it sends the next request.
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
}

/// Lets the router answer, and writes out the problem if it does not.
async fn whole_way<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    trace: &TraceId,
    span: Span,
) -> Result<(HttpRequest, HttpResponse), Error> {
    let lang = Lang::from_accept_language(
        request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    );
    let signed_in = request.headers().contains_key(header::AUTHORIZATION);
    request.extensions_mut().insert(trace.clone());
    identify(&request).instrument(span.clone()).await;
    // No copy of the request may be kept meanwhile: the router needs it for itself.
    let response = next.call(request).instrument(span).await?;
    let (request, response) = response.into_parts();
    let mut response = render::render(response, lang, trace);
    if !signed_in {
        render::keep_what_is_gone(&mut response);
    }
    charge(&request, &response);
    Ok((request, response))
}

/// Where a request comes from.
fn address(request: &HttpRequest, shared: Option<&Data<Shared>>) -> String {
    shared.map_or_else(String::new, |shared| address_of(request, shared))
}

/// Counts what a signed-in person has written, by what was sent and what was answered.
fn charge(request: &HttpRequest, response: &HttpResponse) {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS];
    let (Some(shared), false) = (
        request.app_data::<Data<Shared>>(),
        reads.contains(request.method()),
    ) else {
        return;
    };
    let Ok(Some(actor)) = caller(request) else {
        return;
    };
    let sent = request.headers().get(header::CONTENT_LENGTH);
    let sent = sent.and_then(|length| length.to_str().ok()?.parse().ok());
    let answered = match response.body().size() {
        BodySize::Sized(bytes) => bytes,
        BodySize::None | BodySize::Stream => 0,
    };
    let limit = u64::try_from(shared.options.body_limit).unwrap_or(u64::MAX);
    let bytes = sent.unwrap_or(0_u64).min(limit).saturating_add(answered);
    let site = request.match_info().get("site");
    let site = site.filter(|_| response.status().is_success());
    shared.writes.end(actor.user, site, bytes, shared.app.now());
}

fn route_of(request: &HttpRequest) -> Arc<str> {
    request
        .match_pattern()
        .map_or_else(|| Arc::from("unmatched"), Arc::from)
}
