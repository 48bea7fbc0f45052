//! Signing out.

use loa_domain::actor::Actor;

use super::{Identity, session_of};
use crate::Error;

impl Identity {
    /// Ends the session the actor is in.
    ///
    /// # Errors
    /// Of the database.
    pub fn logout(&self, actor: &Actor) -> Result<(), Error> {
        match self.end_session(actor, session_of(actor)?) {
            // Somebody else ended it meanwhile, which is what was wanted.
            Err(Error::NotFound) => Ok(()),
            other => other,
        }
    }
}
