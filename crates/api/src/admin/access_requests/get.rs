//! `GET /admin/access-requests/{id}`.

use actix_web::{HttpResponse, get};
use loa_domain::ids::AccessRequestId;

use super::AccessRequestBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives a request, decided or not.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_access_request",
    security(("bearer" = [])),
    params(("id" = AccessRequestId, Path, description = "The request")),
    responses((status = 200, body = envelope::Data<AccessRequestBody>))
)]
#[get("/admin/access-requests/{id}")]
pub(super) async fn get_access_request(
    caller: Authorized<permissions::ReadAudit>,
    id: Ids<AccessRequestId>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.get_access(&actor, id.0)).await?;
    Ok(envelope::ok(AccessRequestBody::from(found)))
}
