//! One unit.

use loa_domain::ids::UnitId;
use loa_domain::unit::Unit;
use loa_store::units;

use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// One period of a unit.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_unit(&self, id: UnitId) -> Result<Unit, Error> {
        self.context
            .store
            .read(|conn| units::get(conn, id)?.ok_or(Error::NotFound))
    }
}
