//! One's own sign-in history.

use loa_domain::actor::Actor;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::sign_in::{SignIn, SignInFilter};
use loa_store::sign_ins::{self, Whose};

use super::Identity;
use crate::Error;

impl Identity {
    /// Tries to sign in to the actor's own account, newest first.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_sign_ins(
        &self,
        actor: &Actor,
        filter: &SignInFilter,
        ask: &PageAsk,
    ) -> Result<Page<SignIn>, Error> {
        let whose = Whose::Own(actor.user);
        self.context
            .store
            .read(|conn| sign_ins::list(conn, &whose, filter, ask).map_err(Error::from))
    }
}
