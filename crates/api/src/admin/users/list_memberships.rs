//! `GET /admin/users/{id}/memberships`.

use actix_web::{HttpResponse, get};
use loa_domain::ids::UserId;

use super::MembershipBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Lists the roles a person holds where the caller administers or audits.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_memberships",
    security(("bearer" = [])),
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, body = envelope::Data<Vec<MembershipBody>>))
)]
#[get("/admin/users/{id}/memberships")]
pub(super) async fn list_memberships(
    caller: Authorized<permissions::ReadAudit>,
    id: Ids<UserId>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.list_memberships(&actor, id.0)).await?;
    let data: Vec<MembershipBody> = found.into_iter().map(Into::into).collect();
    Ok(envelope::ok(data))
}
