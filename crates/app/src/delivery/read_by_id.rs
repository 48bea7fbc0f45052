//! An entry of whatever type by its id.

use loa_domain::ids::EntryId;
use loa_store::delivery::documents;

use super::Delivery;
use super::answer::Answer;
use super::reading::{self, Reading, Terms};
use crate::Error;

impl Delivery {
    /// An entry by its id.
    ///
    /// # Errors
    /// `NotFound`; `Gone` when it was public and is no more.
    pub fn read_by_id(&self, site: &str, entry: EntryId) -> Result<Answer<Reading>, Error> {
        let now = self.context.now();
        self.context.store.read_delivery(|conn| {
            let site = reading::site(conn, site)?;
            let found = documents::by_id(conn, site.id, entry)?;
            reading::answer(conn, site, found, now, Terms::Api)
        })
    }
}
