//! `POST /auth/logout`.

use actix_web::{HttpResponse, post};

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, permissions};
use crate::problem::Problem;

/// Ends the session the request comes in.
#[utoipa::path(
    tag = "auth",
    operation_id = "logout",
    security(("bearer" = [])),
    responses((status = 204, description = "The session has ended"))
)]
#[post("/auth/logout")]
pub(super) async fn logout(
    caller: Authorized<permissions::SignedIn>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    blocking(move || identity.logout(&actor)).await?;
    Ok(envelope::no_content())
}
