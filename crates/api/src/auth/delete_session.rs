//! `DELETE /auth/sessions/{id}`.

use actix_web::{HttpResponse, delete};
use loa_domain::ids::SessionId;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Ends one of the caller's sessions.
#[utoipa::path(
    tag = "auth",
    operation_id = "delete_session",
    security(("bearer" = [])),
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "The session has ended"))
)]
#[delete("/auth/sessions/{id}")]
pub(super) async fn delete_session(
    caller: Authorized<permissions::SignedIn>,
    id: Ids<SessionId>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    blocking(move || identity.end_session(&actor, id.0)).await?;
    Ok(envelope::no_content())
}
