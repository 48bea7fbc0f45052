//! Signing in and out: passwords, tokens, sessions and one-time links.
//!
//! Not for giving people roles: that is administration.

mod token_keys;

use std::sync::Arc;

pub use token_keys::{InvalidKeys, TokenKeys};

use crate::Context;

/// Signing in and out.
#[derive(Clone)]
pub struct Identity {
    context: Arc<Context>,
}

impl Identity {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

impl Identity {
    /// Who a token belongs to.
    ///
    /// # Errors
    /// `TokenInvalid`.
    pub fn authenticate(&self, _token: &str) -> Result<loa_domain::actor::Actor, crate::Error> {
        Err(crate::Error::TokenInvalid)
    }
}
