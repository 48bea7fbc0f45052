//! The public's reading side.

mod counts;
mod documents;
mod names;
pub(crate) mod pages;
mod plans;
mod sites;
