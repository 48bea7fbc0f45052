//! Pools and the store itself: the only way to the database.
//!
//! `SQLite` has one writer and several readers; PostgreSQL has one pool for both, and may have
//! another for reads from a replica.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

use crate::conn::{Conn, Purpose};
use crate::error::{Error, StoreError};
use crate::url::DatabaseUrl;
use crate::watermark::Watermark;

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Where reads and writes go.
    pub url: DatabaseUrl,
    /// Where delivery reads go instead: a replica.
    pub read_url: Option<DatabaseUrl>,
    /// Connections for reading (and, on PostgreSQL, as many for writing).
    pub connections: u32,
    /// Key of the audit chains.
    pub audit_key: [u8; 32],
}

/// Connections in use and at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// Name of the pool.
    pub pool: &'static str,
    /// Open connections.
    pub open: u32,
    /// Of these, at rest.
    pub idle: u32,
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Pool<Manager>,
    reader: Pool<Manager>,
    delivery: Pool<Manager>,
    url: DatabaseUrl,
    pub(crate) audit_key: [u8; 32],
    watermark: Arc<Watermark>,
}

impl Store {
    /// Opens the pools. Connections are made when first needed, so this succeeds while the
    /// database is away.
    pub fn open(options: StoreOptions) -> Self {
        let pool = |url: &DatabaseUrl, purpose, size: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(2))
                .error_handler(Box::new(LogConnectError))
                .build_unchecked(Manager {
                    url: url.clone(),
                    purpose,
                })
        };
        let connections = options.connections.max(1);
        let writers = if matches!(options.url, DatabaseUrl::Sqlite(_)) {
            1
        } else {
            connections
        };
        let reader = pool(&options.url, Purpose::Read, connections);
        Self {
            writer: pool(&options.url, Purpose::Write, writers),
            delivery: options.read_url.as_ref().map_or_else(
                || reader.clone(),
                |url| pool(url, Purpose::Read, connections),
            ),
            reader,
            url: options.url,
            audit_key: options.audit_key,
            watermark: Arc::new(Watermark::default()),
        }
    }

    /// Reads from the primary.
    ///
    /// # Errors
    /// Whatever `read` fails with, and `Busy` or `Away` when there is no connection in time.
    pub fn read<T, E: StoreError>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        with_connection(&self.reader, read)
    }

    /// Reads what is public, from the replica where there is one.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_delivery<T, E: StoreError>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        with_connection(&self.delivery, read)
    }

    /// Where the change log stands, as far as this node knows.
    pub fn watermark(&self) -> &Watermark {
        &self.watermark
    }

    /// Which database.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// How much the pools are used.
    pub fn pool_use(&self) -> [PoolUse; 3] {
        [
            ("writer", &self.writer),
            ("reader", &self.reader),
            ("delivery", &self.delivery),
        ]
        .map(|(name, pool)| {
            let state = pool.state();
            PoolUse {
                pool: name,
                open: state.connections,
                idle: state.idle_connections,
            }
        })
    }
}

pub(crate) fn connection(pool: &Pool<Manager>) -> Result<PooledConnection<Manager>, Error> {
    // r2d2 says only that time ran out: with connections open all are busy, without any it is away.
    pool.get().map_err(|error| {
        if pool.state().connections > 0 {
            Error::Busy
        } else {
            Error::Away(error.to_string())
        }
    })
}

fn with_connection<T, E: StoreError>(
    pool: &Pool<Manager>,
    read: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let mut conn = connection(pool)?;
    let result = read(&mut conn);
    if let Err(error) = &result {
        conn.broken |= error.store().is_some_and(Error::breaks_connection);
    }
    result
}

#[derive(Debug)]
struct LogConnectError;

impl diesel::r2d2::HandleError<Error> for LogConnectError {
    fn handle_error(&self, error: Error) {
        tracing::warn!(%error, "no connection to the database");
    }
}

#[derive(Debug)]
pub(crate) struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        Conn::open(&self.url, self.purpose)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        conn.batch("SELECT 1")
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.broken || std::thread::panicking()
    }
}
