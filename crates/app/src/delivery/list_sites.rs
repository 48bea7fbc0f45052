//! The sites of this installation.

use loa_domain::paging::{Page, PageAsk};
use loa_store::delivery::sites::{self, PublicSite, SiteFilter};
use loa_store::{Order, changes};

use super::Delivery;
use super::answer::Answer;
use super::resolve::bare;
use crate::Error;

impl Delivery {
    /// A page of sites by title.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_sites(
        &self,
        mut filter: SiteFilter,
        order: Order,
        page: &PageAsk,
    ) -> Result<Answer<Page<PublicSite>>, Error> {
        filter.host = filter.host.as_deref().map(bare);
        self.context.store.read_delivery(|conn| {
            let stamp = changes::last(conn)?;
            let found = sites::list(conn, &filter, order, page)?;
            Ok(Answer::of_all(stamp, found, None))
        })
    }
}
