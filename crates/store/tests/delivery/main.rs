//! The public's reading side of the store, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod database;
mod documents;
mod names;
mod pages;
mod plans;
mod seed;
mod sites;
mod statements;
