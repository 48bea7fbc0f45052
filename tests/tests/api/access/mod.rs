//! Who gets in and who does not: the table of rights, and the walk over every operation of the API
//! document, so that a new one is tested before anybody thinks of it.

pub(crate) mod cells;
mod escalation;
mod matrix;
pub(crate) mod operations;
pub(crate) mod table;
