//! What the tests are made of: the application behind a real server, on throw-away databases, and a
//! client that holds every answer against the contract.
//!
//! Not for production code; nothing ships with it. Its helpers panic, as tests do.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper that cannot go on says so by panicking, like the test it serves"
)]

mod app;
mod client;
mod cluster;
mod contract;
mod databases;
mod environment;
mod hygiene;
pub mod raw;
pub mod statements;
pub mod twins;
pub mod world;

pub use app::{Builder, SECRET, SIGNING_KEY, TestApp, app_at};
pub use client::{Answer, Client, Request};
pub use cluster::Cluster;
pub use databases::{Backend, Ledger, Release, Sql, Tally, TestDb};
pub use environment::{has_program, kill_rounds, kill_seed, outage};
