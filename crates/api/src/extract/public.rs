//! What a handler of a public route gets: the reading part of the application.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_core::future::LocalBoxFuture;
use loa_app::Delivery;

use super::{bearer, shared};
use crate::blocking::blocking;
use crate::problem::Problem;
use crate::state::Shared;

/// Anyone may read. A token that is no good is refused here too: whoever sends one believes to be
/// signed in.
pub(crate) struct Public {
    pub(crate) delivery: Delivery,
    pub(crate) shared: Data<Shared>,
    /// Whether a good token came along: such answers are never stored by caches.
    pub(crate) signed_in: bool,
}

impl FromRequest for Public {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = shared(request).and_then(|shared| Ok((shared, bearer(request)?)));
        Box::pin(async move {
            let (shared, token) = parts?;
            let signed_in = token.is_some();
            if let Some(token) = token {
                let identity = shared.app.identity();
                blocking(move || identity.authenticate(&token)).await?;
            }
            Ok(Self {
                delivery: shared.app.delivery(),
                shared,
                signed_in,
            })
        })
    }
}

/// Signing in, and reading a preview: no account is needed, and the token in the request's body or
/// path is what counts.
pub(crate) struct Anyone {
    pub(crate) shared: Data<Shared>,
}

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(shared(request).map(|shared| Self { shared }))
    }
}
