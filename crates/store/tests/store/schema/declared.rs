//! Reads the tables in `schema.rs`.

use std::collections::BTreeMap;

use super::{Column, Schema, Table};

const SOURCE: &str = include_str!("../../../src/schema.rs");

/// The tables, with columns and primary keys only.
pub(super) fn tables() -> Schema {
    SOURCE
        .split("table! {\n")
        .skip(1)
        .map(|text| table(text.split("\n}\n").next().unwrap()))
        .collect::<BTreeMap<_, _>>()
}

fn table(text: &str) -> (String, Table) {
    let mut lines = text.lines().map(str::trim);
    let (name, key) = lines.next().unwrap().split_once(" (").unwrap();
    let key = key.strip_suffix(") {").unwrap();
    let columns = lines
        .take_while(|line| *line != "}")
        .map(|line| column(line.strip_suffix(',').unwrap()))
        .collect();
    let table = Table {
        columns,
        primary_key: key.split(", ").map(str::to_owned).collect(),
        ..Table::default()
    };
    (name.to_owned(), table)
}

fn column(line: &str) -> Column {
    let (name, kind) = line.split_once(" -> ").unwrap();
    let inner = kind
        .strip_prefix("Nullable<")
        .and_then(|kind| kind.strip_suffix('>'));
    let kind = match inner.unwrap_or(kind) {
        "Text" => "TEXT",
        "BigInt" => "BIGINT",
        "Integer" => "INTEGER",
        "Bool" => "BOOLEAN",
        "Date" => "DATE",
        "Timestamp" => "TIMESTAMP",
        other => panic!("a type this test does not know: {other}"),
    };
    Column {
        name: name.to_owned(),
        kind: kind.to_owned(),
        nullable: inner.is_some(),
    }
}
