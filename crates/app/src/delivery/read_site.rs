//! A site with everything readers are told of it.

use loa_store::changes;
use loa_store::delivery::sites::{self, PublicSite};

use super::Delivery;
use super::answer::Answer;
use crate::Error;

impl Delivery {
    /// A site. What it shows of its unit and of other sites changes with them, so any change counts.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn read_site(&self, slug: &str) -> Result<Answer<PublicSite>, Error> {
        self.context.store.read_delivery(|conn| {
            let stamp = changes::last(conn)?;
            let site = sites::get(conn, slug)?.ok_or(Error::NotFound)?;
            Ok(Answer::of_all(stamp, site, None))
        })
    }
}
