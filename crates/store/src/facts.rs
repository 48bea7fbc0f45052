//! What a database holds, in numbers: enough to tell whether a copy of it is whole.
//!
//! Tables are found in the catalogue, so that a database of an older release can be told too. Not
//! for what the rows say.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use loa_domain::audit::AuditHead;

use crate::anchors;
use crate::changes;
use crate::conn::{Conn, Purpose};
use crate::error::Error;
use crate::schema::changes as log;
use crate::url::DatabaseUrl;

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Versions of the migrations that have run, oldest first.
    pub migrations: Vec<String>,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// Last number of the change log.
    pub last_change: i64,
    /// Where every audit chain stands.
    pub audit_heads: Vec<AuditHead>,
}

/// Reads them.
///
/// # Errors
/// Of the database; also when it is none of Loa's.
pub fn system_facts(conn: &mut Conn) -> Result<Facts, Error> {
    let tables = conn.system_lines(if conn.is_sqlite() {
        "SELECT name AS line FROM sqlite_master \
         WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    } else {
        "SELECT tablename::text AS line FROM pg_tables \
         WHERE schemaname = current_schema() ORDER BY tablename"
    })?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        let query = format!("SELECT CAST(count(*) AS TEXT) AS line FROM \"{quoted}\"");
        if let Some(Ok(count)) = conn.system_line(&query)?.map(|count| count.parse()) {
            rows.insert(table, count);
        }
    }
    Ok(Facts {
        migrations: conn.system_lines(
            "SELECT CAST(version AS TEXT) AS line FROM __diesel_schema_migrations ORDER BY version",
        )?,
        rows,
        last_change: changes::last(conn)?,
        audit_heads: anchors::system_heads(conn)?,
    })
}

/// The first number that the change log lacks, or has too many; none when it runs from one to its
/// last number.
///
/// # Errors
/// Of the database.
pub fn system_log_gap(conn: &mut Conn) -> Result<Option<i64>, Error> {
    let last = changes::last(conn)?;
    let mut before = 0;
    loop {
        let page: Vec<i64> = log::table
            .filter(log::seq.gt(before))
            .order(log::seq)
            .limit(10_000)
            .select(log::seq)
            .load(conn.any())?;
        if page.is_empty() {
            return Ok((before != last).then_some(before + 1));
        }
        for seq in page {
            if seq != before + 1 || seq > last {
                return Ok(Some(before + 1));
            }
            before = seq;
        }
    }
}

/// What `SQLite` finds wrong with a file, its references included; none for a whole one, and for
/// PostgreSQL, which has no such check.
///
/// # Errors
/// When it cannot be read at all.
pub fn system_damage(conn: &mut Conn) -> Result<Option<String>, Error> {
    if !conn.is_sqlite() {
        return Ok(None);
    }
    let found =
        conn.system_line("SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 1")?;
    if let Some(found) = found.filter(|found| found != "ok") {
        return Ok(Some(found));
    }
    conn.system_line(
        "SELECT 'a row of ' || \"table\" || ' refers to one of ' || parent || ' that is not there' \
         AS line FROM pragma_foreign_key_check LIMIT 1",
    )
}

/// Whether there is nothing yet: no file, or no table.
///
/// # Errors
/// When the server is away.
pub fn system_is_empty(url: &DatabaseUrl) -> Result<bool, Error> {
    if let DatabaseUrl::Sqlite(path) = url {
        // A WAL without its database would be taken for that of the one to come.
        return Ok(["", "-wal", "-shm", "-journal"].iter().all(|ending| {
            let mut name = path.clone().into_os_string();
            name.push(ending);
            std::fs::symlink_metadata(name).is_err()
        }));
    }
    let mut conn = Conn::open(url, &Arc::default(), Purpose::Read)?;
    Ok(conn.system_lines(PG_TABLES)?.is_empty())
}

/// Drops every table: for a database that was empty a moment ago and that a copy was put into that
/// is no good. PostgreSQL only; an `SQLite` file is removed.
///
/// # Errors
/// Of the database.
pub fn system_drop_tables(url: &DatabaseUrl) -> Result<(), Error> {
    let mut conn = Conn::open(url, &Arc::default(), Purpose::Write)?;
    let tables = conn.system_lines(PG_TABLES)?;
    if tables.is_empty() {
        return Ok(());
    }
    conn.batch(&format!("DROP TABLE {} CASCADE", tables.join(", ")))
}

const PG_TABLES: &str = "SELECT format('%I.%I', schemaname, tablename) AS line FROM pg_tables \
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
