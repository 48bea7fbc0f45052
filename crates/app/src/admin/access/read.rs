//! What waits for a second administrator, for those who may know of it.

use loa_domain::actor::Actor;
use loa_domain::ids::AccessRequestId;
use loa_domain::paging::{Page, PageAsk};
use loa_store::access_requests;
use loa_store::users::PeopleInReach;

use super::view::{AccessRequestView, view, views};
use super::visible;
use crate::Error;
use crate::admin::Admin;
use crate::admin::users::in_reach;

impl Admin {
    /// What waits about people and places in the actor's reach, and what they asked for themselves,
    /// newest first.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_access(
        &self,
        actor: &Actor,
        ask: &PageAsk,
    ) -> Result<Page<AccessRequestView>, Error> {
        self.list_in(&in_reach(actor), ask)
    }

    /// Everything that waits, on the command line.
    ///
    /// # Errors
    /// Of the database.
    pub fn system_list_access(&self, ask: &PageAsk) -> Result<Page<AccessRequestView>, Error> {
        self.list_in(&PeopleInReach::All, ask)
    }

    fn list_in(
        &self,
        reach: &PeopleInReach,
        ask: &PageAsk,
    ) -> Result<Page<AccessRequestView>, Error> {
        let now = self.context.now();
        self.context.store.read(|conn| {
            let page = access_requests::list(conn, reach, now, ask)?;
            let mut shown = views(conn, &page.items, now)?.into_iter();
            page.try_map(|_| shown.next().ok_or(Error::NotFound))
        })
    }

    /// A request, decided or not.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_access(
        &self,
        actor: &Actor,
        id: AccessRequestId,
    ) -> Result<AccessRequestView, Error> {
        let now = self.context.now();
        self.context.store.read(|conn| {
            let request = visible(conn, actor, id)?;
            view(conn, request, now)
        })
    }
}
