//! Looking into the database beside the server: what is there to ask for, and what has to come.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use loa_store::DatabaseUrl;

use crate::out::Outcome;

/// A connection of the tool's own.
pub(crate) enum Database {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

/// Site, slug and document of a published entry.
#[derive(QueryableByName)]
pub(crate) struct Document {
    #[diesel(sql_type = Text)]
    pub(crate) site: String,
    #[diesel(sql_type = Text)]
    pub(crate) slug: String,
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "document")]
    pub(crate) text: String,
}

#[derive(QueryableByName)]
struct Texts {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A key of a list: the value it is sorted by, and the id.
#[derive(QueryableByName)]
pub(crate) struct Place {
    #[diesel(sql_type = Text)]
    pub(crate) key: String,
    #[diesel(sql_type = Text)]
    pub(crate) id: String,
}

impl Database {
    /// Connects.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn connect(url: &DatabaseUrl) -> Outcome<Self> {
        Ok(match url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute("PRAGMA busy_timeout = 10000")?;
                Self::Sqlite(conn)
            }
            DatabaseUrl::Postgres(url) => Self::Postgres(PgConnection::establish(url)?),
        })
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    fn load<R>(&mut self, query: &str) -> Outcome<Vec<R>>
    where
        R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        Ok(match self {
            Self::Sqlite(conn) => sql_query(query).load(conn)?,
            Self::Postgres(conn) => sql_query(query).load(conn)?,
        })
    }

    /// The addresses of all published articles, in the order of their ids.
    ///
    /// # Errors
    /// Of the database.
    pub(crate) fn addresses(&mut self) -> Outcome<Vec<String>> {
        let rows: Vec<Texts> = self.load(
            "SELECT '/api/v1/sites/' || s.slug || '/articles/' || p.slug AS text \
             FROM published_entries p JOIN sites s ON s.id = p.site_id ORDER BY p.entry_id",
        )?;
        Ok(rows.into_iter().map(|row| row.text).collect())
    }

    /// The slugs of all sites that have published something.
    ///
    /// # Errors
    /// Of the database.
    pub(crate) fn sites(&mut self) -> Outcome<Vec<String>> {
        let rows: Vec<Texts> = self.load(
            "SELECT slug AS text FROM sites s WHERE EXISTS \
             (SELECT 1 FROM published_entries p WHERE p.site_id = s.id) ORDER BY slug",
        )?;
        Ok(rows.into_iter().map(|row| row.text).collect())
    }

    /// Every `each`-th published entry.
    ///
    /// # Errors
    /// Of the database.
    pub(crate) fn sample(&mut self, each: usize) -> Outcome<Vec<Document>> {
        self.load(&format!(
            "SELECT site, slug, document FROM (SELECT s.slug AS site, p.slug AS slug, p.document \
             AS document, row_number() OVER (ORDER BY p.entry_id) AS n FROM published_entries p \
             JOIN sites s ON s.id = p.site_id) AS numbered WHERE n % {} = 0",
            each.max(1)
        ))
    }

    /// Moves everything out of the write-ahead log of a file.
    ///
    /// # Errors
    /// Of the database.
    pub(crate) fn empty_wal(&mut self) -> Outcome<()> {
        if let Self::Sqlite(conn) = self {
            conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        Ok(())
    }

    /// How many rows a query over `from` finds.
    ///
    /// # Errors
    /// Of the database.
    pub(crate) fn count(&mut self, from: &str) -> Outcome<i64> {
        let rows: Vec<Number> = self.load(&format!("SELECT COUNT(*) AS number FROM {from}"))?;
        Ok(rows.first().map_or(0, |row| row.number))
    }

    /// The key that stands at a place of a list, counted from zero.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn place(
        &mut self,
        from: &str,
        (column, id, direction): (&str, &str, &str),
        at: i64,
    ) -> Outcome<Place> {
        let key = match (column.ends_with("_at"), &self) {
            (false, _) => column.to_owned(),
            // Microseconds since 1970, as a cursor holds them.
            (true, Self::Postgres(_)) => {
                format!("CAST(CAST(extract(epoch FROM {column}) * 1000000 AS BIGINT) AS TEXT)")
            }
            (true, Self::Sqlite(_)) => format!(
                "CAST(CAST(strftime('%s', {column}) AS INTEGER) * 1000000 + \
                 CAST(substr(substr({column}, 21) || '000000', 1, 6) AS INTEGER) AS TEXT)"
            ),
        };
        let query = format!(
            "SELECT {key} AS key, {id} AS id FROM {from} \
             ORDER BY {column} {direction}, {id} {direction} LIMIT 1 OFFSET {at}"
        );
        let rows: Vec<Place> = self.load(&query)?;
        rows.into_iter()
            .next()
            .ok_or_else(|| format!("nothing at place {at} of {from}").into())
    }
}
