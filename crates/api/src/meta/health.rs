//! Liveness and readiness.

use actix_web::{HttpResponse, get};
use serde::Serialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::Anyone;
use crate::problem::{Code, Problem};

/// That the server is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process answers and goes on doing so: 503 when it is about to stop. Touches no
/// database.
#[utoipa::path(tag = "meta", operation_id = "get_health", security(()), responses((status = 200, body = envelope::Data<Health>)))]
#[get("/healthz")]
pub(crate) async fn get_health(anyone: Anyone) -> Result<HttpResponse, Problem> {
    not_draining(&anyone)?;
    Ok(envelope::ok(Health { status: "ok" }))
}

/// A node that is about to stop still answers; nothing more should be sent to it.
fn not_draining(anyone: &Anyone) -> Result<(), Problem> {
    if anyone.is_draining() {
        return Err(Problem::new(Code::Unavailable));
    }
    Ok(())
}

/// Whether requests can be served: a cheap query answers.
#[utoipa::path(tag = "meta", operation_id = "get_readiness", security(()), responses((status = 200, body = envelope::Data<Health>)))]
#[get("/readyz")]
pub(crate) async fn get_readiness(anyone: Anyone) -> Result<HttpResponse, Problem> {
    not_draining(&anyone)?;
    let delivery = anyone.delivery();
    blocking(move || delivery.ready()).await?;
    Ok(envelope::ok(Health { status: "ok" }))
}
