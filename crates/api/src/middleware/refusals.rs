//! The security log's lines about refusals: every 401, 403 and 429, whatever said it, and every link with a
//! token that is no good. With the account, where the token of one came along, the operation and the network
//! address.
//!
//! Not for sign-ins, which their use case tells with the account that was meant, and not for where lines go.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};

use super::TraceId;
use crate::extract::identified_user;
use crate::problem::Problem;

/// What is known of a request that was answered.
pub(super) struct Answered<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) response: &'a HttpResponse,
    pub(super) method: &'a Method,
    /// The pattern of the route.
    pub(super) route: &'a str,
    /// The path without secrets.
    pub(super) path: &'a str,
    pub(super) trace: &'a TraceId,
}

impl Answered<'_> {
    fn is_refused(&self) -> bool {
        match self.response.status().as_u16() {
            401 | 403 | 429 => true,
            404 | 410 => self.path != self.request.path(),
            _ => false,
        }
    }

    /// Tells it if it was refused.
    pub(super) fn tell_refusal(&self, address: impl FnOnce() -> String) {
        if !self.is_refused() || !tracing::enabled!(target: "security", tracing::Level::INFO) {
            return;
        }
        let reason = self
            .response
            .extensions()
            .get::<Problem>()
            .map(|problem| problem.code().as_str());
        tracing::info!(
            target: "security",
            action = "request_refused",
            outcome = "failure",
            reason,
            user = identified_user(self.request).map(|user| user.to_string()),
            address = address(),
            status = self.response.status().as_u16(),
            method = self.method.as_str(),
            route = self.route,
            path = self.path,
            id = self.trace.0,
            "refused"
        );
    }
}
