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
    /// What an earlier sign-in on this device gave. One that is no good any more is as none.
    #[serde(default)]
    device_token: Option<String>,
}

/// Opens a session. After 5 failures of an account from one network (the settings may say another
/// number), sign-in of that account is refused from that network, for longer each time. Failures are
/// also counted by network alone, and by account over all networks it has not signed in from. A device
/// that sends its token has a counter of its own and shares none of these.
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
    let LoginRequest {
        email,
        password,
        device_token,
    } = body.value;
    let (result, budget) = blocking(move || {
        let device = device_token.as_deref();
        let result = identity.login(&email, &password, device, &client.0);
        let budget = identity.login_budget(&email, device, &client.0)?;
        Ok((result, budget))
    })
    .await?;
    let answer = result.map(|tokens| envelope::ok(TokensBody::from(tokens)));
    limits::told(answer.map_err(Problem::from), budget)
}
