//! From a request to typed values. Whatever is not understood is refused, never ignored.

mod authorized;
mod client;
mod conditions;
mod declared;
mod identified;
mod json;
mod path;
mod public;
mod query;
mod stray;

pub(crate) use authorized::{Authorized, Permission, permissions};
pub(crate) use client::{Client, Origin, address_of};
pub(crate) use conditions::{Conditions, Keyed};
pub(crate) use identified::{caller, identified_user, identify};
pub(crate) use json::{Json, parse_with};
pub(crate) use path::Ids;
pub(crate) use public::{Anyone, Public};
pub(crate) use query::Query;
use stray::nothing_stray;

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::problem::{Code, Problem};
use crate::state::Shared;

/// The shared state; only extractors may ask for it.
fn shared(request: &HttpRequest) -> Result<Data<Shared>, Problem> {
    request
        .app_data::<Data<Shared>>()
        .cloned()
        .ok_or_else(|| Problem::new(Code::Internal))
}

/// The bearer token of a request.
///
/// # Errors
/// A header that is there and holds no bearer token is refused, on public routes too.
fn bearer(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut headers = request
        .headers()
        .get_all(actix_web::http::header::AUTHORIZATION);
    let Some(value) = headers.next() else {
        return Ok(None);
    };
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
        .map(|(_, token)| token.trim().to_owned());
    match (token, headers.next()) {
        (Some(token), None) => Ok(Some(token)),
        _ => Err(Problem::new(Code::TokenInvalid)),
    }
}
