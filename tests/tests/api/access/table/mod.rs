//! The table of rights: every signed-in operation, every kind of caller.
//!
//! Columns, in the order of `CALLERS`: contributor, editor, chief, publisher, admin, auditor
//! (all of `hai-tien`), platform administrator, stranger (chief of another site), stranger-admin.

mod account;
mod actions;
mod administration;
mod reading;
mod writing;

use super::cells::Row;

pub(super) use account::ACCOUNT;
pub(super) use actions::ACTIONS;
pub(super) use administration::ADMINISTRATION;
pub(super) use reading::READING;
pub(super) use writing::WRITING;

/// Every row.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    [READING, WRITING, ACTIONS, ADMINISTRATION, ACCOUNT]
        .into_iter()
        .flatten()
}
