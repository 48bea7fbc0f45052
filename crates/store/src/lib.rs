//! The database: connections, migrations, transactions and one module for each table or topic.
//!
//! Speaks domain, hides SQL: rows never leave this crate. Not for rules about who may do what
//! beyond scoping a query to what an actor may see, and not for HTTP.

mod acts;
mod audit_key;
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
mod reseal;
mod row;
mod schema;
mod scrub;
mod still;
mod store;
mod tx;
mod url;
mod verify;
mod watermark;

pub mod access_requests;
pub mod allowed_hosts;
pub mod anchors;
pub mod audit;
pub mod changes;
pub mod delivery;
pub mod editions;
pub mod entries;
pub mod expunctions;
pub mod facts;
pub mod generations;
pub mod held;
pub mod idempotency;
pub mod leases;
pub mod logins;
pub mod memberships;
pub mod names;
pub mod notices;
pub mod password_links;
pub mod password_origins;
pub mod previews;
pub mod published;
pub mod reprojections;
pub mod retention;
pub mod revisions;
pub mod sections;
pub mod sessions;
pub mod settings;
pub mod sign_in_counters;
pub mod sign_ins;
pub mod sites;
pub mod slugs;
pub mod transitions;
pub mod units;
pub mod users;

pub use audit_key::AuditKey;
pub use call::Call;
pub use conn::Conn;
pub use copy::{CopyError, copy_sqlite, settle_sqlite};
pub use error::{Error, Refusal, StoreError};
pub use follow::Follower;
pub use keyset::Order;
pub use migrate::{MigrationStatus, Migrations, system_known_migrations};
pub use pool::PoolUse;
pub use postgres_url::PostgresUrl;
pub use reseal::Sealed;
pub use store::{Store, StoreOptions};
pub use tx::{Tx, Written};
pub use url::{DatabaseUrl, InvalidUrl};
pub use watermark::Watermark;
