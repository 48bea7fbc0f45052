//! Ending one of one's own sessions.

use loa_domain::actor::Actor;
use loa_domain::ids::SessionId;
use loa_store::{Written, sessions};

use super::{Identity, about_session};
use crate::Error;

impl Identity {
    /// Ends a session of the actor's own; its tokens are good for nothing from now on.
    ///
    /// # Errors
    /// `NotFound` when the actor has no such live session.
    pub fn end_session(&self, actor: &Actor, id: SessionId) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            if !sessions::end(tx, actor.user, id, now)? {
                return Err(Error::NotFound);
            }
            let record = about_session(Some(actor.user), "session.end", actor.user, id);
            Ok(Written::audited((), record))
        })
    }
}
