//! What the rows of a database are, to see whether a migration keeps them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use loa_domain::canonical;

use crate::raw::Raw;
use crate::schema::Schema;

/// Number of rows and a checksum of their values, by table.
pub(crate) type Contents = BTreeMap<String, (usize, String)>;

/// The rows of all tables of `schema`, in the columns it names: what a later migration adds to a table
/// does not count.
pub(crate) fn of(raw: &mut Raw, schema: &Schema) -> Contents {
    let text = |column: &str| match raw {
        Raw::Sqlite(_) => format!("quote({column})"),
        Raw::Postgres(_) => format!("coalesce(quote_literal({column}), 'NULL')"),
    };
    let queries: Vec<(String, String)> = schema
        .iter()
        .map(|(name, table)| {
            let values: Vec<String> = table.columns().map(text).collect();
            let line = values.join(" || ',' || ");
            (name.clone(), format!("SELECT {line} AS line FROM {name}"))
        })
        .collect();
    queries
        .into_iter()
        .map(|(name, query)| {
            let mut lines = raw.lines(&query);
            lines.sort_unstable();
            (name, (lines.len(), canonical::sha256(&lines.join("\n"))))
        })
        .collect()
}

/// Where `after` is not `before`, in tables that no migration names; one line each.
pub(crate) fn lost(before: &Contents, after: &Contents, named: &BTreeSet<String>) -> String {
    let mut told = String::new();
    for (table, (rows, checksum)) in before {
        if named.contains(table) {
            continue;
        }
        let now = match after.get(table) {
            Some((now, other)) if now == rows && other == checksum => continue,
            Some((now, _)) => format!("{now}, or changed"),
            None => "no table".to_owned(),
        };
        writeln!(told, "{table}: {rows} rows, now {now}").unwrap();
    }
    told
}

/// The tables whose rows the migrations with these versions change on purpose. Their `up.sql` says so
/// in a line `-- Changes rows of: memberships, sessions`.
pub(crate) fn named_as_changed(versions: &[String]) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut named = BTreeSet::new();
    for database in ["sqlite", "postgres"] {
        for migration in std::fs::read_dir(folder.join(database)).unwrap() {
            let path = migration.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let version = name.split('_').next().unwrap().replace('-', "");
            if !versions.contains(&version) {
                continue;
            }
            let sql = std::fs::read_to_string(path.join("up.sql")).unwrap();
            let lines = sql
                .lines()
                .filter_map(|line| line.strip_prefix("-- Changes rows of: "));
            named.extend(lines.flat_map(|line| line.split(", ")).map(str::to_owned));
        }
    }
    named
}
