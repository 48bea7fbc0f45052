//! `POST /auth/password`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Json, permissions};
use crate::problem::Problem;

/// The old and the new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePasswordRequest {
    /// The password so far.
    #[schema(format = Password)]
    current_password: String,
    /// 12 to 128 characters. Without the caller's name and address, the names of their places, words that
    /// everybody tries, and numbers, at least 8 letters have to be left, and not be easy to guess.
    #[schema(format = Password)]
    new_password: String,
}

/// Changes the caller's password and ends all their other sessions. Wrong current
/// passwords are counted for the session as failed sign-ins are.
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
    body: Json<ChangePasswordRequest>,
) -> Result<HttpResponse, Problem> {
    let (identity, actor) = (caller.identity(), caller.actor());
    let ChangePasswordRequest {
        current_password: current,
        new_password: new,
    } = body.value;
    blocking(move || identity.change_password(&actor, &current, &new)).await?;
    Ok(envelope::no_content())
}
