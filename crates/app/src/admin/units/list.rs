//! Units, by name.

use loa_domain::paging::{Page, PageAsk};
use loa_domain::unit::Unit;
use loa_store::units::{self, UnitFilter};

use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// Units of every period.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_units(
        &self,
        filter: &UnitFilter,
        descending: bool,
        ask: &PageAsk,
    ) -> Result<Page<Unit>, Error> {
        self.context
            .store
            .read(|conn| units::list(conn, filter, descending, ask).map_err(Error::from))
    }
}
