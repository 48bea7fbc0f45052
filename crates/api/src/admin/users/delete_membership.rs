//! `DELETE /admin/users/{id}/memberships/{mid}`.

use actix_web::{HttpResponse, delete};
use loa_domain::ids::{MembershipId, UserId};

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Ends a role of somebody else. It counts at once.
#[utoipa::path(
    tag = "admin",
    operation_id = "delete_membership",
    security(("bearer" = [])),
    params(
        ("id" = UserId, Path, description = "The person"),
        ("mid" = MembershipId, Path, description = "The role"),
    ),
    responses((status = 204, description = "The role has ended"))
)]
#[delete("/admin/users/{id}/memberships/{mid}")]
pub(super) async fn delete_membership(
    caller: Authorized<permissions::ManagePeople>,
    ids: Ids<(UserId, MembershipId)>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (user, id) = ids.0;
    blocking(move || admin.end_membership(&actor, user, id)).await?;
    Ok(envelope::no_content())
}
