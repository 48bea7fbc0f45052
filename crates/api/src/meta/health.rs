//! Liveness and readiness.

use actix_web::{HttpResponse, get};
use serde::Serialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::Anyone;
use crate::problem::Problem;

/// That the server is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process answers. Touches no database.
#[utoipa::path(tag = "meta", operation_id = "get_health", security(()), responses((status = 200, body = envelope::Data<Health>)))]
#[get("/healthz")]
pub(crate) async fn get_health(_anyone: Anyone) -> HttpResponse {
    envelope::ok(Health { status: "ok" })
}

/// Whether requests can be served: a cheap query answers.
#[utoipa::path(tag = "meta", operation_id = "get_readiness", security(()), responses((status = 200, body = envelope::Data<Health>)))]
#[get("/readyz")]
pub(crate) async fn get_readiness(anyone: Anyone) -> Result<HttpResponse, Problem> {
    let delivery = anyone.delivery();
    blocking(move || delivery.ready()).await?;
    Ok(envelope::ok(Health { status: "ok" }))
}
