//! The schema: the same on both databases, and as `schema.rs` says.

mod declared;
mod postgres;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};

use loa_testkit::Backend;

use crate::database::Database;
use crate::raw::Raw;

/// Tables by name.
pub(crate) type Schema = BTreeMap<String, Table>;

/// What a database says of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    columns: Vec<Column>,
    primary_key: Vec<String>,
    /// Those with a name of their own.
    indexes: BTreeMap<String, Index>,
    foreign_keys: BTreeSet<ForeignKey>,
    checks: BTreeSet<String>,
}

impl Table {
    /// Names of its columns, in their order.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    /// As `SQLite` was told.
    kind: String,
    nullable: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    predicate: Option<String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ForeignKey {
    columns: Vec<String>,
    table: String,
    target: Vec<String>,
    on_delete: String,
    deferred: bool,
}

/// The schema as the database itself has it; without the table of migrations.
pub(crate) fn of(raw: &mut Raw) -> Schema {
    let mut schema = if matches!(raw, Raw::Sqlite(_)) {
        sqlite::schema(raw)
    } else {
        postgres::schema(raw)
    };
    schema.remove("__diesel_schema_migrations");
    schema
}

fn words(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

/// The parts of a line.
fn parts<const N: usize>(line: &str) -> [&str; N] {
    let parts: Vec<&str> = line.splitn(N, '|').collect();
    parts.try_into().unwrap()
}

/// Runs a test on the schema of each kind of database.
fn each(test: impl Fn(&Schema, &mut Raw)) {
    crate::database::each(|database| {
        let mut raw = database.raw();
        test(&of(&mut raw), &mut raw);
    });
}

#[test]
fn the_tables_are_those_the_code_declares() {
    each(|schema, raw| {
        let declared = declared::tables();
        assert!(declared.len() > 25);
        assert_eq!(
            schema.keys().collect::<Vec<_>>(),
            declared.keys().collect::<Vec<_>>()
        );
        for (name, wanted) in &declared {
            let found = &schema[name];
            assert_eq!(found.columns, wanted.columns, "{name}");
            assert_eq!(found.primary_key, wanted.primary_key, "{name}");
            let columns: Vec<&str> = wanted.columns.iter().map(|c| c.name.as_str()).collect();
            let count = format!(
                "SELECT '' || count(*) AS line FROM (SELECT {} FROM {name}) AS every",
                columns.join(", ")
            );
            assert_eq!(raw.lines(&count).len(), 1);
        }
    });
}

#[test]
fn both_databases_have_the_same_schema() {
    let sqlite = Database::new(Backend::Sqlite).unwrap();
    let Some(postgres) = Database::new(Backend::Postgres) else {
        return;
    };
    let mut raw = postgres.raw();
    let mut wanted = of(&mut sqlite.raw());
    for (name, table) in &mut wanted {
        postgres::normalise(&mut raw, name, table);
    }
    let found = of(&mut raw);
    for (name, table) in &wanted {
        assert_eq!(found.get(name), Some(table), "{name}");
    }
    let checks: usize = found.values().map(|table| table.checks.len()).sum();
    let partial = found
        .values()
        .flat_map(|table| table.indexes.values())
        .filter(|index| index.predicate.is_some())
        .count();
    assert!(checks > 20 && partial >= 5, "{checks} {partial}");
}

#[test]
fn text_is_compared_by_bytes() {
    let Some(postgres) = Database::new(Backend::Postgres) else {
        return;
    };
    let other = "SELECT c.relname || '.' || a.attname AS line
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') AND a.attnum > 0
              AND c.relname NOT LIKE '\\_\\_diesel%' AND o.collname <> 'C'";
    assert_eq!(postgres.raw().lines(other), Vec::<String>::new());
    let sqlite = Database::new(Backend::Sqlite).unwrap();
    let other = "SELECT m.name || '.' || x.name AS line
        FROM sqlite_master m, pragma_index_xinfo(m.name) x WHERE m.type = 'index' AND x.coll <> 'BINARY'";
    assert_eq!(sqlite.raw().lines(other), Vec::<String>::new());
}

#[test]
fn foreign_keys_are_indexed_and_say_what_a_deletion_does() {
    each(|schema, _| {
        let mut count = 0;
        for (name, table) in schema {
            for key in &table.foreign_keys {
                let whole = table.indexes.values();
                let whole = whole.filter(|index| index.predicate.is_none());
                let mut indexes = whole
                    .map(|index| &index.columns)
                    .chain([&table.primary_key]);
                assert!(
                    indexes.any(|columns| columns.starts_with(&key.columns)),
                    "{name}: no index for {key:?}"
                );
                assert!(
                    key.deferred || key.on_delete != "NO ACTION",
                    "{name}: {key:?}"
                );
                assert_eq!(
                    schema[&key.table].primary_key, key.target,
                    "{name}: {key:?}"
                );
                count += 1;
            }
        }
        assert!(count > 40, "{count}");
    });
}

#[test]
fn what_belongs_to_a_site_says_to_which() {
    each(|schema, _| {
        let nullable: Vec<&str> = schema
            .iter()
            .filter(|(_, table)| {
                let site = table.columns.iter().find(|column| column.name == "site_id");
                site.is_some_and(|column| column.nullable)
            })
            .map(|(name, _)| name.as_str())
            .collect();
        // The log tells of units too, and some hold a role at a unit, or ask for one.
        let known = ["access_requests", "changes", "memberships", "notices"];
        assert_eq!(nullable, known);
    });
}
