//! `POST /admin/access-requests/{id}/refuse`.

use actix_web::{HttpResponse, post};
use loa_domain::ids::AccessRequestId;

use super::AccessRequestBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Keyed, permissions};
use crate::problem::Problem;

/// Refuses a request, or takes back one's own.
#[utoipa::path(
    tag = "admin",
    operation_id = "refuse_access_request",
    security(("bearer" = [])),
    params(
        ("id" = AccessRequestId, Path, description = "The request"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    responses((status = 200, body = envelope::Data<AccessRequestBody>))
)]
#[post("/admin/access-requests/{id}/refuse")]
pub(super) async fn refuse_access_request(
    caller: Authorized<permissions::ManagePeople>,
    id: Ids<AccessRequestId>,
    key: Keyed,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    // There is no body that could differ.
    let key = key.with("");
    let refused = blocking(move || admin.refuse_access(&actor, id.0, key.as_ref())).await?;
    Ok(envelope::ok(AccessRequestBody::from(refused)))
}
