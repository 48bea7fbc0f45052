//! `POST /auth/login`.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::limits;
use super::tokens::TokensBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Anyone, Client, Json};
use crate::problem::Problem;

/// Who wants in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    /// Email address of the account; letter case does not matter.
    #[schema(example = "lanh@haitien.example")]
    email: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
}

/// Opens a session. After 10 failures of an account or 50 of an address within 15 minutes, sign-in
/// is refused until the window has passed.
#[utoipa::path(
    tag = "auth",
    operation_id = "login",
    security(()),
    request_body = LoginRequest,
    responses((status = 200, body = envelope::Data<TokensBody>, headers(
        ("RateLimit-Policy" = String, description = "Failures allowed and their window, in seconds"),
        ("RateLimit" = String, description = "Failures left, and seconds until there is one more"),
    )))
)]
#[post("/auth/login")]
pub(super) async fn login(
    anyone: Anyone,
    client: Client,
    body: Json<LoginRequest>,
) -> Result<HttpResponse, Problem> {
    let identity = anyone.identity();
    let LoginRequest { email, password } = body.value;
    let (result, budget) = blocking(move || {
        let result = identity.login(&email, &password, &client.0);
        Ok((result, identity.login_budget(&email, &client.0.address)?))
    })
    .await?;
    let answer = result.map(|tokens| envelope::ok(TokensBody::from(tokens)));
    limits::told(answer.map_err(Problem::from), budget)
}
