//! Tests of the API over HTTP, on both databases; modules mirror URLs. One binary, because each
//! links everything.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod desk;
mod editorial;
mod meta;
mod nodes;
