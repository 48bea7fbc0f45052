//! People, by given name.

use loa_domain::actor::Actor;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::people::User;
use loa_store::users::{self, PeopleInReach};

use super::in_reach;
use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// People in the actor's reach.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_users(&self, actor: &Actor, ask: &PageAsk) -> Result<Page<User>, Error> {
        let reach = in_reach(actor);
        self.context
            .store
            .read(|conn| users::list(conn, &reach, ask).map_err(Error::from))
    }

    /// Everybody, on the command line.
    ///
    /// # Errors
    /// Of the database.
    pub fn system_list_users(&self, ask: &PageAsk) -> Result<Page<User>, Error> {
        self.context
            .store
            .read(|conn| users::list(conn, &PeopleInReach::All, ask).map_err(Error::from))
    }
}
