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

    /// The unit that has this code today, on the command line.
    ///
    /// # Errors
    /// `NotFound` when none has.
    pub fn system_unit_today(&self, code: &str) -> Result<Unit, Error> {
        let today = self.context.now().day();
        self.context.store.read(|conn| {
            let mut periods = units::periods(conn, code)?.into_iter();
            periods
                .find(|unit| unit.valid_on(today))
                .ok_or(Error::NotFound)
        })
    }
}
