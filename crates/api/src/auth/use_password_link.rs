//! `POST /auth/password-links/{token}`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Anyone, Ids, Json};
use crate::problem::Problem;

/// The password to set.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct UsePasswordLinkRequest {
    /// 12 to 128 characters. Without one's own name and address, the names of one's places, words that
    /// everybody tries, and numbers, at least 8 letters have to be left, and not be easy to guess.
    #[schema(format = Password)]
    password: String,
}

/// Sets a password with a one-time link and ends all sessions of its person.
#[utoipa::path(
    tag = "auth",
    operation_id = "use_password_link",
    security(()),
    params(("token" = String, Path, description = "The token of the link")),
    request_body = UsePasswordLinkRequest,
    responses((status = 204, description = "The password is set"))
)]
#[post("/auth/password-links/{token}")]
pub(super) async fn use_password_link(
    anyone: Anyone,
    token: Ids<String>,
    body: Json<UsePasswordLinkRequest>,
) -> Result<HttpResponse, Problem> {
    let identity = anyone.identity();
    blocking(move || identity.use_password_link(&token.0, &body.value.password)).await?;
    Ok(envelope::no_content())
}
