//! What a handler of a public route gets.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_core::future::LocalBoxFuture;
use loa_app::Delivery;

use super::{bearer, no_stray_query, shared};
use crate::blocking::blocking;
use crate::problem::Problem;
use crate::state::Shared;

/// Anyone may read. A token that is no good is refused here too: whoever sends one believes to be
/// signed in. That holds for every public route but those of [`Anyone`].
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
        let query = no_stray_query(request);
        Box::pin(async move {
            let (shared, token) = parts?;
            let signed_in = token.is_some();
            if let Some(token) = token {
                let identity = shared.app.identity();
                blocking(move || identity.authenticate(&token)).await?;
            }
            query?;
            Ok(Self {
                delivery: shared.app.delivery(),
                shared,
                signed_in,
            })
        })
    }
}

/// Anyone, whatever `Authorization` says: it is not looked at. Only for signing in, refreshing and
/// setting a password, where clients go *because* their token is no good and which would lock them
/// out if they send it along, and for liveness and readiness, which are no matter of tokens.
pub(crate) struct Anyone {
    pub(crate) shared: Data<Shared>,
}

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shared = no_stray_query(request).and_then(|()| shared(request));
        std::future::ready(shared.map(|shared| Self { shared }))
    }
}
