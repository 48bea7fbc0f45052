//! One's own sign-in history.

use loa_domain::actor::Actor;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::sign_in::SignInFilter;
use loa_store::sign_ins::{self, Whose};

use super::Identity;
use crate::Error;
use crate::admin::SignInView;

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
    ) -> Result<Page<SignInView>, Error> {
        let whose = Whose::Own(actor.user);
        let page = self
            .context
            .store
            .read(|conn| sign_ins::list(conn, &whose, filter, ask))?;
        page.try_map(|sign_in| {
            Ok(SignInView {
                sign_in,
                name: Some(actor.name.clone()),
            })
        })
    }
}
