//! `POST /auth/password`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Client, Json, permissions};
use crate::problem::Problem;

/// The old and the new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePasswordRequest {
    /// The password so far.
    #[schema(format = Password)]
    current_password: String,
    /// 12 to 128 characters, without the caller's name and address, and not a common one.
    #[schema(format = Password)]
    new_password: String,
}

/// Changes the caller's password and ends all their other sessions. A wrong current password counts
/// as a failed sign-in.
#[utoipa::path(
    tag = "auth",
    operation_id = "change_password",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses((status = 204, description = "The password is changed"))
)]
#[post("/auth/password")]
pub(super) async fn change_password(
    caller: Authorized<permissions::SignedIn>,
    client: Client,
    body: Json<ChangePasswordRequest>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    let ChangePasswordRequest {
        current_password: current,
        new_password: new,
    } = body.value;
    blocking(move || identity.change_password(&actor, &current, &new, &client.0)).await?;
    Ok(envelope::no_content())
}
