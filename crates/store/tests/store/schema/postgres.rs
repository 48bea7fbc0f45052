//! What PostgreSQL says of its tables, and how it would say what `SQLite` says.

use super::{Column, ForeignKey, Index, Schema, Table, parts, words};
use crate::raw::Raw;

const COLUMNS: &str = "
    SELECT c.relname || '|' || a.attname || '|' || a.attnotnull || '|'
           || format_type(a.atttypid, a.atttypmod) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum";
const INDEXES: &str = "
    SELECT t.relname || '|' || i.relname || '|' || x.indisprimary || '|' || x.indisunique || '|'
           || (SELECT string_agg(a.attname, ',' ORDER BY k.place)
               FROM unnest(x.indkey) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || '|'
           || coalesce(pg_get_expr(x.indpred, x.indrelid), '') AS line
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE t.relnamespace = 'public'::regnamespace";
const FOREIGN_KEYS: &str = "
    SELECT c.conrelid::regclass || '|'
           || (SELECT string_agg(a.attname, ',' ORDER BY k.place)
               FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) || '|'
           || c.confrelid::regclass || '|'
           || (SELECT string_agg(a.attname, ',' ORDER BY k.place)
               FROM unnest(c.confkey) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number) || '|'
           || c.confdeltype::text || '|' || (c.condeferrable AND c.condeferred) AS line
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace";
const CHECKS: &str = "
    SELECT conrelid::regclass || '|' || pg_get_constraintdef(oid) AS line
    FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace";

pub(super) fn schema(raw: &mut Raw) -> Schema {
    let mut schema = Schema::new();
    for line in raw.lines(COLUMNS) {
        let [table, name, not_null, kind] = parts(&line);
        schema
            .entry(table.to_owned())
            .or_default()
            .columns
            .push(Column {
                name: name.to_owned(),
                kind: match kind {
                    "timestamp without time zone" => "TIMESTAMP".to_owned(),
                    other => other.to_uppercase(),
                },
                nullable: not_null == "false",
            });
    }
    for line in raw.lines(INDEXES) {
        let [table, name, primary, unique, columns, predicate] = parts(&line);
        let table = schema.get_mut(table).unwrap();
        if primary == "true" {
            table.primary_key = words(columns);
            continue;
        }
        let index = Index {
            columns: words(columns),
            unique: unique == "true",
            predicate: (!predicate.is_empty()).then(|| predicate.to_owned()),
        };
        table.indexes.insert(name.to_owned(), index);
    }
    for line in raw.lines(FOREIGN_KEYS) {
        let [table, columns, other, target, on_delete, deferred] = parts(&line);
        let key = ForeignKey {
            columns: words(columns),
            table: other.to_owned(),
            target: words(target),
            on_delete: match on_delete {
                "a" => "NO ACTION",
                "r" => "RESTRICT",
                "c" => "CASCADE",
                other => panic!("no key of ours does this: {other}"),
            }
            .to_owned(),
            deferred: deferred == "true",
        };
        schema.get_mut(table).unwrap().foreign_keys.insert(key);
    }
    for line in raw.lines(CHECKS) {
        let [table, check] = parts(&line);
        schema
            .get_mut(table)
            .unwrap()
            .checks
            .insert(check.to_owned());
    }
    schema
}

/// Brings the conditions of a table into the form PostgreSQL gives them, by giving them to it.
pub(super) fn normalise(raw: &mut Raw, name: &str, table: &mut Table) {
    raw.run(&format!("CREATE TEMP TABLE shadow (LIKE public.{name})"));
    for check in std::mem::take(&mut table.checks) {
        raw.run(&format!("ALTER TABLE shadow ADD CHECK ({check})"));
    }
    let checks = "SELECT pg_get_constraintdef(oid) AS line FROM pg_constraint
                  WHERE contype = 'c' AND conrelid = 'shadow'::regclass";
    table.checks = raw.lines(checks).into_iter().collect();
    let partial = table.indexes.values_mut();
    for predicate in partial.filter_map(|index| index.predicate.as_mut()) {
        let column = &table.columns[0].name;
        raw.run(&format!(
            "CREATE INDEX shadow_index ON shadow ({column}) WHERE {predicate}"
        ));
        let said = raw.lines(
            "SELECT pg_get_expr(indpred, indrelid) AS line FROM pg_index
             WHERE indexrelid = 'shadow_index'::regclass",
        );
        *predicate = said.concat();
        raw.run("DROP INDEX shadow_index");
    }
    raw.run("DROP TABLE shadow");
}
