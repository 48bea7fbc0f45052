//! Sites, by title.

use loa_domain::actor::Actor;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::right::Right;
use loa_store::sites;

use super::{SiteView, views};
use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// The sites whose settings the actor may read.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_sites(&self, actor: &Actor, ask: &PageAsk) -> Result<Page<SiteView>, Error> {
        let visible = actor.sites_with(Right::ReadSite);
        self.context.store.read(|conn| {
            let page = sites::list(conn, &visible, ask)?;
            Ok(Page {
                items: views(conn, page.items)?,
                next: page.next,
                prev: page.prev,
                total: page.total,
            })
        })
    }
}
