//! The pair of tokens that signing in and refreshing give.

use loa_app::identity::Tokens;
use serde::Serialize;

/// What somebody who signed in works with.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct TokensBody {
    /// Goes into `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long the access token is good, in seconds.
    #[schema(example = 600)]
    expires_in: u32,
    /// Gets the next pair. For 30 seconds it gives the same refresh token again, as long as that was not
    /// used; after that, whoever uses it again ends the session.
    refresh_token: String,
    /// To be kept on this device and sent with its next sign-in: then failures of others do not lock it
    /// out. Good for 90 days or until the password changes; it opens nothing. Only after signing in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    device_token: Option<String>,
}

impl From<Tokens> for TokensBody {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            device_token: tokens.device_token,
        }
    }
}
