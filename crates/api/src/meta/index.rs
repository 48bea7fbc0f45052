//! `/`: where things are.

use actix_web::{HttpResponse, get};
use serde::Serialize;

use crate::envelope;
use crate::extract::Public;

/// Where things are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Index {
    /// What this is.
    name: &'static str,
    /// Version of the server.
    version: &'static str,
    /// The page to read the contract.
    docs: &'static str,
    /// The contract.
    openapi: &'static str,
    /// Sites, where reading starts.
    sites: &'static str,
    /// Where signing in starts.
    login: &'static str,
    /// What problem codes mean.
    problems: &'static str,
}

/// Where things are.
#[utoipa::path(tag = "meta", operation_id = "get_index", security(()), responses((status = 200, body = envelope::Data<Index>)))]
#[get("/")]
pub(crate) async fn get_index(_public: Public) -> HttpResponse {
    envelope::ok(Index {
        name: "Loa",
        version: env!("CARGO_PKG_VERSION"),
        docs: "/docs/",
        openapi: "/api/v1/openapi.json",
        sites: "/api/v1/sites",
        login: "/api/v1/auth/login",
        problems: "/problems",
    })
}
