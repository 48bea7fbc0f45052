//! The outermost layer: id, log line, metrics, problems written out, headers.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse};
use tracing::Instrument;

use super::{TraceId, cors, headers, masking, render};
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
    let lang = Lang::from_accept_language(
        request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    );
    let options = request
        .app_data::<Data<Shared>>()
        .map(|shared| shared.options.clone())
        .unwrap_or_default();
    let cors = cors::of(&request, &options.allowed_origins);
    let preflight = cors::is_preflight(&request);
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered like GET; the HTTP library leaves the body out.
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(trace.clone());
    let span = tracing::info_span!("request", id = %trace.0, %method, path = %masking::masked(request.path()));

    let (request, response) = if preflight {
        let (request, _) = request.into_parts();
        (request, HttpResponse::NoContent().finish())
    } else {
        identify(&request).instrument(span.clone()).await;
        // No copy of the request may be kept meanwhile: the router needs it for itself.
        let response = next.call(request).instrument(span.clone()).await?;
        let (request, response) = response.into_parts();
        (request, render::render(response, lang, &trace))
    };
    let mut response = response;
    headers::secure(response.headers_mut(), options.hsts);
    cors::apply(&cors, preflight, response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&trace.0) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
    let route = request
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    record(&span, &method, route, response.status().as_u16(), started);
    Ok(ServiceResponse::new(request, response))
}

fn record(span: &tracing::Span, method: &Method, route: String, status: u16, started: Instant) {
    let elapsed = started.elapsed();
    let labels = [
        ("method", label(method).to_owned()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("loa_http_requests_total", &labels).increment(1);
    metrics::histogram!("loa_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, micros, "answered"));
}

/// Anyone can make up methods; numbers are kept for each label, so these must be few.
fn label(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    }
}
