//! What a handler of a signed-in route gets: the caller, with at least one right the route is
//! about, held somewhere. Whether it is held for the object at hand is decided beside the work.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_core::future::LocalBoxFuture;
use loa_app::{Admin, Editorial, Error, Identity};
use loa_domain::actor::Actor;
use loa_domain::right::Right;

use super::identified::caller;
use super::{nothing_stray, shared, stray};
use crate::blocking::blocking;
use crate::problem::{Code, Problem};
use crate::state::Shared;

/// What a route is about.
pub(crate) trait Permission: 'static {
    /// Any of these, held anywhere; empty for whoever is signed in.
    const ANY_OF: &'static [Right];
}

/// A caller with the permission. Nothing but the extractor makes one.
pub(crate) struct Authorized<P: Permission> {
    actor: Arc<Actor>,
    shared: Data<Shared>,
    permission: PhantomData<P>,
}

impl<P: Permission> Authorized<P> {
    /// Who is calling.
    pub(crate) fn actor(&self) -> Arc<Actor> {
        Arc::clone(&self.actor)
    }

    /// The work of editorial boards.
    pub(crate) fn editorial(&self) -> Editorial {
        self.shared.app.editorial()
    }

    /// Units, sites and people.
    pub(crate) fn admin(&self) -> Admin {
        self.shared.app.admin()
    }

    /// The caller's own sessions and password.
    pub(crate) fn identity(&self) -> Identity {
        self.shared.app.identity()
    }

    /// Runs work that takes the processor when it is the caller's turn, on a thread that may wait.
    ///
    /// # Errors
    /// When the turn does not come in time, and the work's own.
    pub(crate) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.shared.places.take(self.actor.user).await?;
        blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
    }

    /// Keys for tags and cursors.
    pub(crate) fn secrets(&self) -> &loa_app::Secrets {
        self.shared.app.secrets()
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Self::of(request);
        let body = stray::unannounced(request, payload);
        Box::pin(async move {
            let caller = caller?;
            if let Some(body) = body {
                stray::must_be_empty(body, caller.shared.options.body_timeout).await?;
            }
            Ok(caller)
        })
    }
}

impl<P: Permission> Authorized<P> {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let actor = caller(request)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        let shared = shared(request)?;
        if request.method() != Method::GET {
            let site = request.match_info().get("site");
            shared.writes.begin(actor.user, site, shared.app.now())?;
        }
        let held = actor.rights_anywhere();
        if !P::ANY_OF.is_empty() && !P::ANY_OF.iter().any(|right| held.has(*right)) {
            return Err(Problem::new(Code::Forbidden));
        }
        nothing_stray(request)?;
        Ok(Self {
            actor,
            shared,
            permission: PhantomData,
        })
    }
}

/// The permissions of routes.
pub(crate) mod permissions {
    use super::{Permission, Right};

    macro_rules! permissions {
        ($($(#[$doc:meta])* $name:ident = [$($right:ident),*];)+) => {$(
            $(#[$doc])*
            pub(crate) struct $name;
            impl Permission for $name {
                const ANY_OF: &'static [Right] = &[$(Right::$right),*];
            }
        )+};
    }

    permissions! {
        /// Whoever is signed in.
        SignedIn = [];
        /// Reading entries and their history.
        ReadEntries = [ReadEntries];
        /// Writing entries.
        WriteEntries = [Create, SaveOwn, SaveAny];
        /// Doing something of the workflow; which right it needs is the table's to say.
        ActOnEntries = [ReadEntries];
        /// Preview links.
        Preview = [Preview];
        /// Units.
        ManageUnits = [ManageUnits];
        /// Making sites.
        ManageSites = [ManageSites];
        /// Reading a site's sections, settings and people.
        ReadSite = [ReadSite];
        /// A site's settings.
        ManageSettings = [ManageSettings];
        /// A site's sections.
        ManageSections = [ManageSections];
        /// People.
        ManagePeople = [ManagePeople];
        /// The audit trail.
        ReadAudit = [ReadAudit];
    }
}
