//! One connection, to either database.
//!
//! Not for pooling. Other modules of this crate run their queries on `conn.any()`.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::error::Error;
use crate::url::DatabaseUrl;

/// The two databases behind one set of queries.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// What a connection is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

/// A connection. Queries are functions of this crate's modules that take one.
pub struct Conn {
    pub(crate) any: AnyConn,
    pub(crate) broken: bool,
}

impl Conn {
    pub(crate) fn any(&mut self) -> &mut AnyConn {
        &mut self.any
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.any, AnyConn::Sqlite(_))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.any.batch_execute(sql)?)
    }

    /// Opens a connection; the variant is chosen by the URL, so that `SQLite` never swallows a
    /// mistyped PostgreSQL address.
    pub(crate) fn open(url: &DatabaseUrl, purpose: Purpose) -> Result<Self, Error> {
        let away = |error: diesel::ConnectionError| Error::Away(error.to_string());
        let any = match url {
            DatabaseUrl::Sqlite(path) => {
                create_for_owner_only(path);
                AnyConn::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).map_err(away)?)
            }
            DatabaseUrl::Postgres(url) => {
                AnyConn::Pg(PgConnection::establish(&with_connect_timeout(url)).map_err(away)?)
            }
        };
        let mut conn = Self { any, broken: false };
        conn.prepare(purpose)?;
        Ok(conn)
    }

    fn prepare(&mut self, purpose: Purpose) -> Result<(), Error> {
        if !self.is_sqlite() {
            return self.batch(
                "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
                 SET idle_in_transaction_session_timeout = '30s'; \
                 SET default_transaction_isolation = 'read committed';",
            );
        }
        // The timeout comes first: the pragmas after it may have to wait for a lock themselves.
        self.batch(
            "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        )?;
        self.batch(
            "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;",
        )?;
        if purpose == Purpose::Read {
            self.batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;")?;
        }
        Ok(())
    }
}

/// Creates the file of a new database with rights for its owner alone: it holds drafts and password
/// hashes, and `SQLite` gives its companion files the rights of the database. What goes wrong here,
/// goes wrong again when the connection opens, and is told there.
fn create_for_owner_only(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

fn with_connect_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}connect_timeout=2")
}
