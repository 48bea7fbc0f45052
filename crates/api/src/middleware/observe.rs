//! The outermost layer: id, log line, metrics, problems written out, headers.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use tracing::Instrument;

use super::{TraceId, cors, head, headers, masking, meters, render, unknown_proxies};
use crate::delivery;
use crate::extract::identify;
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
        let (request, response) = whole_way(request, next, &method, &trace).await?;
        (request, response, None)
    };
    let hsts = options.is_some_and(|options| options.hsts);
    headers::secure(response.headers_mut(), hsts);
    cors::apply(&cors, preflight, response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&trace.0) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
    if shared.as_ref().is_some_and(|shared| shared.is_draining()) {
        // A proxy that keeps it would find it closed when it sends the next request.
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    if method == Method::HEAD {
        response = head::without_body(response);
    }
    let route = route.unwrap_or_else(|| route_of(&request));
    let (status, took) = (response.status().as_u16(), started.elapsed());
    meters::count(&method, &route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let path = masking::masked(request.path());
    // Outside of any span: what a span holds is written, read and written again for each line.
    tracing::info!(id = trace.0, %method, %path, status, micros, "answered");
    Ok(ServiceResponse::new(request, response))
}

/// Lets the router answer, and writes out the problem if it does not.
async fn whole_way<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    method: &Method,
    trace: &TraceId,
) -> Result<(HttpRequest, HttpResponse), Error> {
    let lang = Lang::from_accept_language(
        request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    );
    request.extensions_mut().insert(trace.clone());
    let span = tracing::info_span!("request", id = trace.0, %method, path = %masking::masked(request.path()));
    identify(&request).instrument(span.clone()).await;
    // No copy of the request may be kept meanwhile: the router needs it for itself.
    let response = next.call(request).instrument(span).await?;
    let (request, response) = response.into_parts();
    Ok((request, render::render(response, lang, trace)))
}

fn route_of(request: &HttpRequest) -> Arc<str> {
    request
        .match_pattern()
        .map_or_else(|| Arc::from("unmatched"), Arc::from)
}
