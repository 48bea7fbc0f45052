//! A copy of a SQLite database as SQL for `psql`: the same rows in both databases, and a million
//! entries in minutes, which row by row over a connection they would not be.
//!
//! For an empty, migrated PostgreSQL and a superuser: constraints are not checked again.

use std::io::{BufWriter, Write, stdout};

use diesel::connection::DefaultLoadingMode;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::out::Outcome;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const TABLES: &str = "SELECT name AS line FROM sqlite_master WHERE type = 'table' \
                      AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__diesel_%' ORDER BY name";

/// Writes everything to standard output.
///
/// # Errors
/// Of the database; when nobody reads on.
pub(crate) fn dump(conn: &mut SqliteConnection) -> Outcome<()> {
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    let tables = lines(conn, TABLES)?;
    writeln!(
        out,
        "\\set ON_ERROR_STOP on\nSET session_replication_role = replica;"
    )?;
    writeln!(
        out,
        "SET statement_timeout = 0;\nBEGIN;\nTRUNCATE {};",
        tables.join(", ")
    )?;
    for table in &tables {
        copy(conn, table, &mut out)?;
    }
    writeln!(out, "COMMIT;\nVACUUM ANALYZE;\nCHECKPOINT;")?;
    Ok(out.flush()?)
}

fn copy(conn: &mut SqliteConnection, table: &str, out: &mut impl Write) -> Outcome<()> {
    let columns = format!("SELECT name AS line FROM pragma_table_info('{table}') ORDER BY cid");
    let columns = lines(conn, &columns)?;
    writeln!(out, "COPY {table} ({}) FROM STDIN;", columns.join(", "))?;
    let values: Vec<String> = columns.iter().map(|column| escaped(column)).collect();
    let query = format!(
        "SELECT {} AS line FROM {table}",
        values.join(" || char(9) || ")
    );
    for line in sql_query(query).load_iter::<Line, DefaultLoadingMode>(conn)? {
        out.write_all(line?.line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(writeln!(out, "\\.")?)
}

/// A value as COPY takes it.
fn escaped(column: &str) -> String {
    let escapes = [
        ("'\\'", "'\\\\'"),
        ("char(9)", "'\\t'"),
        ("char(10)", "'\\n'"),
        ("char(13)", "'\\r'"),
    ];
    let value = escapes
        .iter()
        .fold(format!("CAST({column} AS TEXT)"), |value, (from, to)| {
            format!("replace({value}, {from}, {to})")
        });
    format!("coalesce({value}, '\\N')")
}

fn lines(conn: &mut SqliteConnection, query: &str) -> Outcome<Vec<String>> {
    let lines: Vec<Line> = sql_query(query).load(conn)?;
    Ok(lines.into_iter().map(|line| line.line).collect())
}
