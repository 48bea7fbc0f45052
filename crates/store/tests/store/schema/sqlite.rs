//! What `SQLite` says of its tables.

use super::{Column, ForeignKey, Index, Schema, parts, words};
use crate::raw::Raw;

const COLUMNS: &str = "
    SELECT m.name || '|' || p.name || '|' || p.type || '|' || p.\"notnull\" || '|' || p.pk AS line
    FROM sqlite_master m, pragma_table_info(m.name) p
    WHERE m.type = 'table' ORDER BY m.name, p.cid";
const INDEXES: &str = "
    SELECT m.tbl_name || '|' || m.name || '|'
           || (SELECT l.\"unique\" FROM pragma_index_list(m.tbl_name) l WHERE l.name = m.name) || '|'
           || (SELECT group_concat(i.name) FROM pragma_index_info(m.name) i) || '|' || m.sql AS line
    FROM sqlite_master m WHERE m.type = 'index' AND m.sql IS NOT NULL";
const FOREIGN_KEYS: &str = "
    SELECT m.name || '|' || group_concat(f.\"from\") || '|' || f.\"table\" || '|'
           || group_concat(f.\"to\") || '|' || f.on_delete AS line
    FROM sqlite_master m, pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' GROUP BY m.name, f.id";
const SOURCES: &str = "SELECT name || '|' || sql AS line FROM sqlite_master WHERE type = 'table'";

pub(super) fn schema(raw: &mut Raw) -> Schema {
    let mut schema = Schema::new();
    let mut keys: Vec<(String, u32, String)> = Vec::new();
    for line in raw.lines(COLUMNS) {
        let [table, name, kind, not_null, key] = parts(&line);
        let place: u32 = key.parse().unwrap();
        if place > 0 {
            keys.push((table.to_owned(), place, name.to_owned()));
        }
        schema
            .entry(table.to_owned())
            .or_default()
            .columns
            .push(Column {
                name: name.to_owned(),
                kind: kind.to_owned(),
                nullable: not_null == "0",
            });
    }
    keys.sort();
    for (table, _, name) in keys {
        schema.entry(table).or_default().primary_key.push(name);
    }
    for line in raw.lines(INDEXES) {
        let [table, name, unique, columns, sql] = parts(&line);
        let index = Index {
            columns: words(columns),
            unique: unique == "1",
            predicate: sql.split_once("WHERE ").map(|(_, it)| it.to_owned()),
        };
        let table = schema.get_mut(table).unwrap();
        table.indexes.insert(name.to_owned(), index);
    }
    let sources = raw.lines(SOURCES);
    for line in raw.lines(FOREIGN_KEYS) {
        let [table, columns, other, target, on_delete] = parts(&line);
        let source = sources
            .iter()
            .find(|it| it.starts_with(&format!("{table}|")));
        let key = ForeignKey {
            columns: words(columns),
            table: other.to_owned(),
            target: words(target),
            on_delete: on_delete.to_owned(),
            deferred: is_deferred(source.unwrap(), columns),
        };
        schema.get_mut(table).unwrap().foreign_keys.insert(key);
    }
    for line in &sources {
        let [table, source] = parts(line);
        schema.get_mut(table).unwrap().checks.extend(checks(source));
    }
    schema
}

/// No pragma tells.
fn is_deferred(source: &str, column: &str) -> bool {
    source.lines().any(|line| {
        line.trim_start().starts_with(&format!("{column} "))
            && line.contains("DEFERRABLE INITIALLY DEFERRED")
    })
}

/// The conditions of a table, as written. None of ours holds a bracket in a text.
fn checks(source: &str) -> Vec<String> {
    source
        .split("CHECK (")
        .skip(1)
        .map(|rest| {
            let mut depth = 1;
            rest.chars()
                .take_while(|letter| {
                    depth += match letter {
                        '(' => 1,
                        ')' => -1,
                        _ => 0,
                    };
                    depth > 0
                })
                .collect()
        })
        .collect()
}
