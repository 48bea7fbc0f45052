//! `POST /auth/refresh`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::tokens::TokensBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Anyone, Client, Json};
use crate::problem::Problem;

/// The token to be replaced.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshRequest {
    /// The last refresh token given out.
    refresh_token: String,
}

/// Gives the next pair of tokens. A refresh token is good once: one that comes back ends the whole
/// session. Only the last one used gives the same successor again, for 30 seconds and as long as that was
/// not used itself: for two tabs, and for an answer that was lost.
#[utoipa::path(
    tag = "auth",
    operation_id = "refresh_tokens",
    security(()),
    request_body = RefreshRequest,
    responses((status = 200, body = envelope::Data<TokensBody>))
)]
#[post("/auth/refresh")]
pub(super) async fn refresh_tokens(
    anyone: Anyone,
    client: Client,
    body: Json<RefreshRequest>,
) -> Result<HttpResponse, Problem> {
    let identity = anyone.identity();
    let (token, from) = (body.value.refresh_token, client.0.address);
    let tokens = blocking(move || identity.refresh(&token, &from)).await?;
    Ok(envelope::ok(TokensBody::from(tokens)))
}
