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
    /// Gets the next pair, once.
    refresh_token: String,
}

impl From<Tokens> for TokensBody {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
        }
    }
}
