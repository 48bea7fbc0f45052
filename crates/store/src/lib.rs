//! The database: connections, migrations, transactions and one module for each table or topic.
//!
//! Speaks domain, hides SQL: rows never leave this crate. Not for rules about who may do what
//! beyond scoping a query to what an actor may see, and not for HTTP.

mod call;
mod conn;
mod copy;
mod error;
mod follow;
mod keyset;
mod link;
mod migrate;
mod pool;
mod postgres_url;
mod row;
mod schema;
mod scrub;
mod still;
mod store;
mod tx;
mod url;
mod watermark;

pub mod anchors;
pub mod audit;
pub mod changes;
pub mod delivery;
pub mod editions;
pub mod entries;
pub mod expunctions;
pub mod facts;
pub mod held;
pub mod idempotency;
pub mod leases;
pub mod logins;
pub mod memberships;
pub mod names;
pub mod password_links;
pub mod previews;
pub mod published;
pub mod reprojections;
pub mod retention;
pub mod revisions;
pub mod sections;
pub mod sessions;
pub mod settings;
pub mod sites;
pub mod slugs;
pub mod transitions;
pub mod units;
pub mod users;

pub use call::Call;
pub use conn::Conn;
pub use copy::{CopyError, copy_sqlite, settle_sqlite};
pub use error::{Error, StoreError};
pub use follow::Follower;
pub use keyset::Order;
pub use migrate::{MigrationStatus, Migrations, system_known_migrations};
pub use pool::PoolUse;
pub use postgres_url::PostgresUrl;
pub use store::{Store, StoreOptions};
pub use tx::{Tx, Written};
pub use url::{DatabaseUrl, InvalidUrl};
pub use watermark::Watermark;
