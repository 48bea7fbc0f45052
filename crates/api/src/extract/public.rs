//! What a handler of a public route gets.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use loa_app::{Delivery, Editorial, Identity};

use super::identified::caller;
use super::{nothing_stray, shared};
use crate::delivery::Cache;
use crate::problem::Problem;
use crate::state::{SecurityContact, Shared};

/// Anyone may read. A token that is no good is refused here too: whoever sends one believes to be
/// signed in. That holds for every public route but those of [`Anyone`].
pub(crate) struct Public {
    pub(crate) delivery: Delivery,
    /// Answers kept ready.
    pub(crate) cache: Cache,
    /// Whether a good token came along: such answers are never stored by caches.
    pub(crate) signed_in: bool,
    shared: Data<Shared>,
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
        nothing_stray(request)?;
        let shared = shared(request)?;
        Ok(Self {
            delivery: shared.app.delivery(),
            cache: shared.cache.clone(),
            shared,
            signed_in,
        })
    }

    /// The public keys of signing in.
    pub(crate) fn identity(&self) -> Identity {
        self.shared.app.identity()
    }

    /// Whom to tell of a weakness, as long as that is up to date.
    pub(crate) fn security_contact(&self) -> Option<&SecurityContact> {
        let now = self.shared.app.now();
        let own = self.shared.options.security.as_ref();
        own.filter(|own| now < own.expires)
    }

    /// What preview links show; everything else there asks for somebody who acts.
    pub(crate) fn previews(&self) -> Editorial {
        self.shared.app.editorial()
    }
}

/// Anyone, whatever `Authorization` says: it is not looked at. Only for signing in, refreshing and
/// setting a password, where clients go *because* their token is no good and which would lock them
/// out if they send it along, and for liveness and readiness, which are no matter of tokens.
pub(crate) struct Anyone {
    shared: Data<Shared>,
}

impl Anyone {
    /// Signing in and out.
    pub(crate) fn identity(&self) -> Identity {
        self.shared.app.identity()
    }

    /// Whether this node is about to stop.
    pub(crate) fn is_draining(&self) -> bool {
        self.shared.is_draining()
    }

    /// What anyone may read.
    pub(crate) fn delivery(&self) -> Delivery {
        self.shared.app.delivery()
    }
}

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shared = nothing_stray(request).and_then(|()| shared(request));
        std::future::ready(shared.map(|shared| Self { shared }))
    }
}
