//! What a database holds, in numbers: to see that a refused request has left nothing behind.
//!
//! Every write adds a row, takes one, or raises a version; numbers of all three show it. Not for
//! what the rows say.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use loa_store::DatabaseUrl;

use super::TestDb;

/// Tables that a write may touch, each with what is summed up beside its rows. Failed sign-ins are
/// left out: counting them is what a refusal does.
const TABLES: &[(&str, &str)] = &[
    ("units", "SUM(version)"),
    ("unit_successions", "0"),
    ("sites", "SUM(version)"),
    ("site_hosts", "0"),
    ("site_settings", "SUM(version)"),
    ("sections", "SUM(version)"),
    ("users", "SUM(version)"),
    ("memberships", "SUM(version)"),
    ("membership_sections", "0"),
    ("sessions", "COUNT(ended_at)"),
    ("session_tokens", "COUNT(used_at)"),
    ("password_links", "COUNT(used_at)"),
    ("password_origins", "0"),
    ("access_requests", "COUNT(decided_at)"),
    ("notices", "COUNT(seen_at)"),
    ("entries", "SUM(version)"),
    ("editions", "0"),
    ("edition_authors", "0"),
    ("revisions", "0"),
    ("transitions", "0"),
    ("held_publications", "0"),
    ("paths", "0"),
    ("preview_links", "COUNT(revoked_at)"),
    ("published_entries", "0"),
    ("published_paths", "0"),
    ("published_withdrawals", "0"),
    ("reprojections", "0"),
    ("changes", "0"),
    ("audit", "0"),
    ("idempotency_keys", "0"),
    ("expunctions", "COUNT(decided_at)"),
    ("expunction_items", "0"),
];

/// Rows of each table, and a sum over them.
pub type Tally = BTreeMap<String, (i64, i64)>;

/// A connection of its own that counts.
pub struct Ledger(Kind);

enum Kind {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows_of_it: i64,
    #[diesel(sql_type = BigInt)]
    sum_of_it: i64,
}

impl Ledger {
    /// Opens the ledger of a database.
    ///
    /// # Panics
    /// When there is no connection.
    pub fn of(database: &TestDb) -> Self {
        Self(match database.url() {
            DatabaseUrl::Sqlite(path) => Kind::Sqlite(
                SqliteConnection::establish(&path.to_string_lossy()).expect("a connection"),
            ),
            DatabaseUrl::Postgres(url) => {
                Kind::Postgres(PgConnection::establish(&url).expect("a connection"))
            }
        })
    }

    /// What is there now.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub fn tally(&mut self) -> Tally {
        let parts: Vec<String> = TABLES
            .iter()
            .map(|(table, sum)| {
                format!(
                    "SELECT '{table}' AS name, COUNT(*) AS rows_of_it, \
                     CAST(COALESCE({sum}, 0) AS BIGINT) AS sum_of_it FROM {table}"
                )
            })
            .collect();
        let query = sql_query(parts.join(" UNION ALL "));
        let rows: Vec<Row> = match &mut self.0 {
            Kind::Sqlite(connection) => query.load(connection),
            Kind::Postgres(connection) => query.load(connection),
        }
        .expect("the tables are counted");
        rows.into_iter()
            .map(|row| (row.name, (row.rows_of_it, row.sum_of_it)))
            .collect()
    }
}
