//! One connection, to either database.
//!
//! Not for pooling. Other modules of this crate run their queries on `conn.any()`.

use std::path::Path;
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::error::{Error, FOREIGN};
use crate::link::Link;
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
    any: AnyConn,
    link: Arc<Link>,
    epoch: u64,
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

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// Opens a connection; the variant is chosen by the URL, so that `SQLite` never swallows a
    /// mistyped PostgreSQL address.
    pub(crate) fn open(
        url: &DatabaseUrl,
        link: &Arc<Link>,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        // Before it is made: a failure meanwhile makes it suspect.
        let epoch = link.epoch();
        let opened = establish(url).and_then(|any| {
            let mut conn = Self {
                any,
                link: Arc::clone(link),
                epoch,
                broken: false,
            };
            conn.prepare(purpose)?;
            Ok(conn)
        });
        link.connected(opened.is_ok());
        opened
    }

    /// A connection that belongs to no pool and whose server nobody watches.
    pub(crate) fn alone(any: AnyConn) -> Self {
        Self {
            any,
            link: Arc::default(),
            epoch: 0,
            broken: false,
        }
    }

    /// Asks the server something if it has failed since this connection was made or last tried.
    pub(crate) fn try_if_suspect(&mut self) -> Result<(), Error> {
        let epoch = self.link.epoch();
        if self.epoch != epoch {
            self.batch("SELECT 1")?;
            self.epoch = epoch;
        }
        Ok(())
    }

    fn prepare(&mut self, purpose: Purpose) -> Result<(), Error> {
        if !self.is_sqlite() {
            self.batch(
                "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
                 SET idle_in_transaction_session_timeout = '30s'; \
                 SET default_transaction_isolation = 'read committed';",
            )?;
            return self.batch(&in_english());
        }
        // The timeout comes first: the pragmas after it may have to wait for a lock themselves.
        self.batch(
            "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        )?;
        self.batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")?;
        match purpose {
            // The file is not mapped into memory: a disk that fails to give a page would end the
            // process by a signal, where a read that fails is an error of one request.
            Purpose::Read => self.batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096;"),
            // Many pages are written again and again; the more often before they are copied back,
            // the fewer copies.
            Purpose::Write => {
                self.batch("PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8192;")
            }
        }
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

fn establish(url: &DatabaseUrl) -> Result<AnyConn, Error> {
    let away = |error: diesel::ConnectionError| Error::Away(error.to_string());
    Ok(match url {
        DatabaseUrl::Sqlite(path) => {
            create_for_owner_only(path);
            AnyConn::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).map_err(away)?)
        }
        DatabaseUrl::Postgres(url) => {
            AnyConn::Pg(PgConnection::establish(&with_timeouts(url)).map_err(away)?)
        }
    })
}

/// Makes the server's messages English, or fails with `Foreign`. What they are is seen from one of
/// them: the name of a locale does not tell, and may be empty.
fn in_english() -> String {
    format!(
        "DO $do$
        DECLARE said text;
        BEGIN
            PERFORM 1 / 0;
        EXCEPTION WHEN division_by_zero THEN
            GET STACKED DIAGNOSTICS said = MESSAGE_TEXT;
            IF said <> 'division by zero' THEN
                BEGIN
                    PERFORM set_config('lc_messages', 'C', false);
                EXCEPTION WHEN insufficient_privilege THEN
                    RAISE EXCEPTION '{FOREIGN}%', quote_ident(current_user);
                END;
            END IF;
        END $do$"
    )
}

/// What the URL does not say about how long to wait for a server that cannot be reached. One that
/// can be and says nothing is noticed by the pulse, not by these.
fn with_timeouts(url: &str) -> String {
    let defaults = [
        ("connect_timeout", "2"),
        ("tcp_user_timeout", "10000"),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "2"),
    ];
    let mut whole = url.to_owned();
    for (name, value) in defaults {
        if !url.contains(&format!("{name}=")) {
            let joint = if whole.contains('?') { "&" } else { "?" };
            whole.extend([joint, name, "=", value]);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::with_timeouts;

    #[derive(QueryableByName)]
    struct Flag {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "compile_options")]
        name: String,
    }

    /// Without `.cargo/config.toml` everything works, more slowly.
    #[test]
    fn sqlite_is_built_as_decided() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let flags: Vec<Flag> = diesel::sql_query("PRAGMA compile_options")
            .load(&mut conn)
            .unwrap();
        let has = |name: &str| flags.iter().any(|flag| flag.name == name);
        assert!(has("ENABLE_QPSG") && has("THREADSAFE=2"));
        assert!(!has("ENABLE_MEMORY_MANAGEMENT") && !has("ENABLE_LOAD_EXTENSION"));
    }

    #[test]
    fn what_the_url_says_stays() {
        let whole = with_timeouts("postgres://h/d?connect_timeout=7&sslmode=require");
        assert!(whole.starts_with("postgres://h/d?connect_timeout=7&sslmode=require&tcp_user"));
        assert_eq!(whole.matches("connect_timeout").count(), 1);
        let whole = with_timeouts("postgres://h/d");
        assert!(whole.starts_with("postgres://h/d?connect_timeout=2&"));
    }
}
