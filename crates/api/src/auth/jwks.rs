//! `GET /.well-known/jwks.json`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_app::identity::PublicKey;
use serde::Serialize;

use crate::envelope;
use crate::extract::Public;

/// Keys that verify access tokens (RFC 7517), without an envelope.
#[derive(Serialize, utoipa::ToSchema)]
struct Jwks {
    /// The keys, oldest first.
    keys: Vec<Jwk>,
}

/// An Ed25519 key (RFC 8037).
#[derive(Serialize, utoipa::ToSchema)]
struct Jwk {
    /// Key type.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// Curve.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// Use.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: &'static str,
    /// Algorithm.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// Id, as in the header of tokens.
    kid: String,
    /// The public key, base64url.
    x: String,
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            usage: "sig",
            alg: "EdDSA",
            kid: key.id,
            x: key.x,
        }
    }
}

/// Gives the public keys, for whoever checks access tokens without asking here.
#[utoipa::path(
    tag = "auth",
    operation_id = "get_jwks",
    security(()),
    responses((status = 200, body = Jwks))
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn get_jwks(public: Public) -> HttpResponse {
    let keys = public.identity().jwks();
    let keys = keys.into_iter().map(Into::into).collect();
    envelope::private(StatusCode::OK).json(Jwks { keys })
}
