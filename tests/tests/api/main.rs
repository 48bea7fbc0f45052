//! Tests of the API over HTTP, on both databases; modules mirror URLs. One binary, because each
//! links everything.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod access;
mod admin;
mod attacks;
mod auth;
mod delivery;
mod desk;
mod editorial;
mod expunge;
mod faults;
mod frozen;
mod fuzz;
mod meta;
mod nodes;
mod query_counts;
mod upkeep;
