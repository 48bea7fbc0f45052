//! The store on both databases: schema, migrations, the write path, what happens when a database is
//! busy, away or damaged, and how queries are carried out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod contents;
mod copy;
mod corrupt;
mod database;
mod delivery;
mod desk;
mod frozen;
mod language;
mod migrations;
mod office;
mod plan;
mod raw;
mod replica;
mod schema;
mod seed;
mod writing;
