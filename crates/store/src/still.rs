//! Connections that see a database stand still: a moment of one that is in use, or a file that
//! nobody writes to.
//!
//! For looking at everything at once, as backups do, which takes longer than any request may. Not of
//! a pool, and never for writing.

use std::path::Path;
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::conn::{AnyConn, Conn, Purpose};
use crate::error::Error;
use crate::tx;
use crate::url::DatabaseUrl;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Conn {
    /// Sees the database as it is now until it is dropped, however long that is. Writers do not
    /// wait for it.
    ///
    /// # Errors
    /// When the database is away. A missing `SQLite` file is not made.
    pub fn system_snapshot(url: &DatabaseUrl) -> Result<Self, Error> {
        if let DatabaseUrl::Sqlite(path) = url
            && !path.exists()
        {
            return Err(Error::Away(format!("no database at {}", path.display())));
        }
        let mut conn = Conn::open(url, &Arc::default(), Purpose::Read)?;
        if !conn.is_sqlite() {
            conn.batch(
                "SET statement_timeout = 0; SET lock_timeout = 0; \
                 SET idle_in_transaction_session_timeout = 0;",
            )?;
        }
        tx::begin_snapshot(&mut conn)?;
        // On both databases the moment is that of the first query.
        conn.system_line("SELECT '' AS line")?;
        if conn.is_sqlite() {
            conn.system_line("SELECT CAST(count(*) AS TEXT) AS line FROM sqlite_master")?;
        }
        Ok(conn)
    }

    /// Opens an `SQLite` file that nobody writes to. Neither the file nor its folder is changed, so
    /// both may be read-only; a WAL beside it is not looked at.
    ///
    /// # Errors
    /// When it is no database.
    pub fn system_file(path: &Path) -> Result<Self, Error> {
        let url = format!("file:{}?immutable=1&mode=ro", encoded(path));
        let away = |error: diesel::ConnectionError| Error::Away(error.to_string());
        let mut file = SqliteConnection::establish(&url).map_err(away)?;
        file.batch_execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;")?;
        Ok(Self::alone(AnyConn::Sqlite(file)))
    }

    /// The first column of the first row, if there is one; it has to be called `line` and be text.
    pub(crate) fn system_line(&mut self, query: &str) -> Result<Option<String>, Error> {
        Ok(self.system_lines(query)?.into_iter().next())
    }

    /// The column `line` of a query that holds nothing from outside.
    pub(crate) fn system_lines(&mut self, query: &str) -> Result<Vec<String>, Error> {
        let lines: Vec<Line> = match self.any() {
            AnyConn::Sqlite(c) => sql_query(query).load(c),
            AnyConn::Pg(c) => sql_query(query).load(c),
        }?;
        Ok(lines.into_iter().map(|line| line.line).collect())
    }

    /// A name by which another connection, of `pg_dump` for one, can see the same moment as this
    /// one as long as this one lives. PostgreSQL only.
    ///
    /// # Errors
    /// Of the database.
    pub fn system_export_snapshot(&mut self) -> Result<String, Error> {
        let name = self.system_line("SELECT pg_export_snapshot() AS line")?;
        name.ok_or_else(|| Error::Away("no name for the snapshot".to_owned()))
    }

    /// The first number of the server's version. PostgreSQL only.
    ///
    /// # Errors
    /// Of the database.
    pub fn system_server_major(&mut self) -> Result<u32, Error> {
        let version = self.system_line("SELECT current_setting('server_version_num') AS line")?;
        version
            .and_then(|version| version.parse::<u32>().ok())
            .map(|version| version / 10_000)
            .ok_or_else(|| Error::Away("the server does not tell its version".to_owned()))
    }
}

/// A path as part of a `file:` address.
fn encoded(path: &Path) -> String {
    path.to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' | '?' | '#' => format!("%{:02X}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_has_a_meaning_in_an_address_is_encoded() {
        let path = std::path::Path::new("/a b/50%/what?#1/sao lưu.db");
        assert_eq!(encoded(path), "/a b/50%25/what%3F%231/sao lưu.db");
    }
}
