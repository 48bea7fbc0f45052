//! The sign-in history, for those who may read the audit trail.

use std::collections::HashMap;

use loa_domain::actor::Actor;
use loa_domain::ids::UserId;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::sign_in::{SignIn, SignInFilter};
use loa_store::names;
use loa_store::sign_ins::{self, Whose};

use super::Admin;
use super::users::in_reach;
use crate::Error;

/// A row of the history with the name of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInView {
    /// The row.
    pub sign_in: SignIn,
    /// The person's name; none where there is no account.
    pub name: Option<String>,
}

impl Admin {
    /// Tries to sign in of the people in the actor's reach, newest first; for who reads the whole platform
    /// also those that belong to no account.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_sign_ins(
        &self,
        actor: &Actor,
        filter: &SignInFilter,
        ask: &PageAsk,
    ) -> Result<Page<SignInView>, Error> {
        let whose = Whose::Of(in_reach(actor));
        self.context.store.read(|conn| {
            let page = sign_ins::list(conn, &whose, filter, ask)?;
            let people: Vec<UserId> = page.items.iter().filter_map(|row| row.user).collect();
            let names: HashMap<UserId, String> = names::of(conn, &people)?;
            page.try_map(|sign_in| {
                Ok(SignInView {
                    name: sign_in.user.and_then(|id| names.get(&id).cloned()),
                    sign_in,
                })
            })
        })
    }
}
