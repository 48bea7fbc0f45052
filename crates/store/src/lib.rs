//! The database: connections, migrations, transactions and one module for each table or topic.
//!
//! Speaks domain, hides SQL: rows never leave this crate. Not for rules about who may do what
//! beyond scoping a query to what an actor may see, and not for HTTP.

mod conn;
mod error;
mod follow;
mod keyset;
mod migrate;
mod pool;
mod row;
mod schema;
mod tx;
mod url;
mod watermark;

pub mod audit;
pub mod changes;
pub mod idempotency;

pub use conn::Conn;
pub use error::{Error, StoreError};
pub use migrate::{MigrationStatus, Migrations};
pub use pool::{PoolUse, Store, StoreOptions};
pub use tx::{Tx, Written};
pub use url::{DatabaseUrl, InvalidUrl};
pub use watermark::Watermark;
