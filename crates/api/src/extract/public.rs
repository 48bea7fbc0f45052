//! What a handler of a public route gets.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use loa_app::Delivery;

use super::identified::caller;
use super::{no_stray_query, shared};
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
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request))
    }
}

impl Public {
    /// The visitor of a request.
    pub(crate) fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let signed_in = caller(request)?.is_some();
        no_stray_query(request)?;
        let shared = shared(request)?;
        Ok(Self {
            delivery: shared.app.delivery(),
            shared,
            signed_in,
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
