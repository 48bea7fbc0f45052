//! Use cases, one file a verb: authorise, plan, write in one transaction.
//!
//! Four handles, by who may hold them: [`Delivery`] for anyone, [`Identity`] for signing in,
//! [`Editorial`] and [`Admin`] for signed-in people, each call with its [`Actor`]. Nothing here
//! knows HTTP or SQL, and nothing that leaves the process happens inside a transaction.
//!
//! [`Actor`]: loa_domain::actor::Actor

pub mod admin;
mod clock;
pub mod delivery;
pub mod editorial;
mod error;
mod forget;
mod idempotency;
pub mod identity;
mod ids;
mod lease;
mod precondition;
pub mod projection;
mod restored;
mod retention;
mod secrets;
mod sign_in_book;
mod write;

use std::sync::Arc;

pub use admin::Admin;
pub use clock::{Clock, ManualClock, SystemClock};
pub use delivery::Delivery;
pub use editorial::Editorial;
pub use error::{Error, Weakness};
pub use idempotency::Idempotency;
pub use identity::Identity;
pub use ids::fresh as fresh_id;
pub use lease::Lease;
/// The API sees the store's values through this crate alone.
pub use loa_store::units::UnitFilter;
pub use loa_store::{Call, Error as StoreFailure, PoolUse};
pub use precondition::IfMatch;
pub use restored::{AfterRestore, system_after_restore};
pub use retention::{Sweep, Swept};
pub use secrets::{InvalidSecret, Secrets};

use loa_domain::time::Moment;
use loa_store::Store;

/// What every use case works with.
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) secrets: Secrets,
    pub(crate) keys: identity::TokenKeys,
    pub(crate) passwords: identity::Passwords,
    pub(crate) sign_ins: sign_in_book::SignInBook,
    pub(crate) login_limits: identity::LoginLimits,
}

impl Context {
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }
}

/// The application.
#[derive(Clone)]
pub struct App {
    context: Arc<Context>,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        secrets: Secrets,
        keys: identity::TokenKeys,
    ) -> Self {
        Self {
            context: Arc::new(Context {
                store,
                clock,
                secrets,
                keys,
                passwords: identity::Passwords::default(),
                sign_ins: sign_in_book::SignInBook::default(),
                login_limits: identity::LoginLimits::default(),
            }),
        }
    }

    /// The same application with other limits for failed sign-ins.
    #[must_use]
    pub fn with_login_limits(&self, login_limits: identity::LoginLimits) -> Self {
        let context = &self.context;
        Self {
            context: Arc::new(Context {
                store: context.store.clone(),
                clock: Arc::clone(&context.clock),
                secrets: context.secrets.clone(),
                keys: context.keys.clone(),
                passwords: identity::Passwords::default(),
                sign_ins: sign_in_book::SignInBook::default(),
                login_limits,
            }),
        }
    }

    /// The same application by another clock: for putting content of past days in.
    #[must_use]
    pub fn by_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let context = &self.context;
        Self::new(
            context.store.clone(),
            clock,
            context.secrets.clone(),
            context.keys.clone(),
        )
        .with_login_limits(context.login_limits)
    }

    /// What anyone may read.
    pub fn delivery(&self) -> Delivery {
        Delivery::new(Arc::clone(&self.context))
    }

    /// Signing in and out.
    pub fn identity(&self) -> Identity {
        Identity::new(Arc::clone(&self.context))
    }

    /// The work of editorial boards.
    pub fn editorial(&self) -> Editorial {
        Editorial::new(Arc::clone(&self.context))
    }

    /// Units, sites, sections and people.
    pub fn admin(&self) -> Admin {
        Admin::new(Arc::clone(&self.context))
    }

    /// Keys for sealing cursors and tags.
    pub fn secrets(&self) -> &Secrets {
        &self.context.secrets
    }

    /// Keys that sign access tokens, to be replaced while requests run.
    pub fn token_keys(&self) -> &identity::TokenKeys {
        &self.context.keys
    }

    /// The time.
    pub fn now(&self) -> Moment {
        self.context.now()
    }

    /// The database, for wiring and maintenance.
    pub fn store(&self) -> &Store {
        &self.context.store
    }
}
