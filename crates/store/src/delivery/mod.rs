//! Reading for the public.
//!
//! Entries come from the projection alone; sites, units and sections are public as they are. Not
//! for anything of the workflow: the tables of drafts may not even be named here, which a test
//! checks.

pub mod documents;
mod ends;
pub mod lists;
mod merged;
pub mod paths;
pub mod sites;
pub mod units;

pub use ends::{Ends, ends_at};

/// Sections of sites, which are public as they are.
pub use crate::sections::of_site as sections;

use diesel::sql_types::{Nullable, SingleValue};

diesel::define_sql_function! {
    /// The first of the two that is there.
    fn coalesce<T: SingleValue>(a: Nullable<T>, b: T) -> T;
}
