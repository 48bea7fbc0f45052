//! SQL behind the application's back: to damage what it has stored, to hold a lock, and to see
//! tables whole.
//!
//! Not for preparing data: use cases and `world` do that.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use loa_store::DatabaseUrl;

/// A connection of the test's own.
pub enum Sql {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Sql {
    /// Connects.
    ///
    /// # Panics
    /// When there is no such database.
    #[must_use]
    pub fn connect(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let conn = SqliteConnection::establish(&path.to_string_lossy());
                let mut sql = Self::Sqlite(conn.expect("the file"));
                sql.execute("PRAGMA busy_timeout = 10000");
                sql
            }
            DatabaseUrl::Postgres(url) => {
                Self::Postgres(PgConnection::establish(url).expect("the server"))
            }
        }
    }

    /// Runs statements; the database's rules hold for them too.
    ///
    /// # Panics
    /// When they fail.
    #[track_caller]
    pub fn execute(&mut self, statements: &str) {
        let result = match self {
            Self::Sqlite(conn) => conn.batch_execute(statements),
            Self::Postgres(conn) => conn.batch_execute(statements),
        };
        result.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// All rows of a table as text, in a fixed order.
    ///
    /// # Panics
    /// When there is no such table.
    #[track_caller]
    pub fn dump(&mut self, table: &str) -> Vec<String> {
        let columns = match self {
            Self::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
            Self::Postgres(_) => format!(
                "SELECT column_name::text AS line FROM information_schema.columns \
                 WHERE table_name = '{table}'"
            ),
        };
        let columns = self.lines(&columns);
        assert!(!columns.is_empty(), "there is no table {table}");
        let cells: Vec<String> = columns
            .iter()
            .map(|column| format!("'{column}=' || coalesce(CAST({column} AS TEXT), 'NULL')"))
            .collect();
        self.lines(&format!(
            "SELECT {} AS line FROM {table}",
            cells.join(" || ' ' || ")
        ))
    }

    /// Names of all tables.
    ///
    /// # Panics
    /// When the database is away.
    #[must_use]
    #[track_caller]
    pub fn tables(&mut self) -> Vec<String> {
        let query = match self {
            Self::Sqlite(_) => "SELECT name AS line FROM sqlite_master WHERE type = 'table'",
            Self::Postgres(_) => {
                "SELECT table_name::text AS line FROM information_schema.tables \
                 WHERE table_schema = 'public'"
            }
        };
        self.lines(query)
    }

    /// The lines of a query of one column of text called `line`, in a fixed order.
    ///
    /// # Panics
    /// When it fails.
    #[track_caller]
    pub fn lines(&mut self, query: &str) -> Vec<String> {
        let lines: Result<Vec<Line>, _> = match self {
            Self::Sqlite(conn) => sql_query(query).load(conn),
            Self::Postgres(conn) => sql_query(query).load(conn),
        };
        let lines = lines.unwrap_or_else(|error| panic!("{query}: {error}"));
        let mut lines: Vec<String> = lines.into_iter().map(|line| line.line).collect();
        lines.sort();
        lines
    }
}
