//! `POST /auth/notices/{id}/seen`.

use actix_web::{HttpResponse, post};
use loa_domain::ids::NoticeId;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Notes that the caller has seen a notice about their account; `/auth/me` does not show it again.
#[utoipa::path(
    tag = "auth",
    operation_id = "see_notice",
    security(("bearer" = [])),
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 204, description = "It is seen"))
)]
#[post("/auth/notices/{id}/seen")]
pub(super) async fn see_notice(
    caller: Authorized<permissions::SignedIn>,
    id: Ids<NoticeId>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    blocking(move || identity.see_notice(&actor, id.0)).await?;
    Ok(envelope::no_content())
}
