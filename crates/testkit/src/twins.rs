//! Copies of one entry, made behind the application's back: hundreds of them in little time.
//!
//! Not for content of which the history matters: a copy has none.

use std::fmt::Write;

use crate::databases::Sql;

/// Makes copies of an entry whose first edition is on its way. The copy number `n` (from 1) has the
/// slug of the original with `-n` behind it.
///
/// # Panics
/// When there is no such entry.
pub fn of_open(sql: &mut Sql, entry: &str, slug: &str, count: u32) {
    let mut statements = String::new();
    for n in 1..=count {
        let id = |space: u32| format!("019a{space:04x}-0000-7000-8000-{n:012x}");
        let (twin, edition, revision, group) = (id(1), id(2), id(3), id(4));
        let own = format!("entry_id = '{entry}'");
        for (table, which, changes) in [
            (
                "entries",
                format!("id = '{entry}'"),
                format!(
                    "id = '{twin}', translation_group_id = '{group}', open_edition_id = '{edition}'"
                ),
            ),
            (
                "editions",
                own.clone(),
                format!("id = '{edition}', entry_id = '{twin}', revision_id = '{revision}'"),
            ),
            (
                "edition_authors",
                own.clone(),
                format!("edition_id = '{edition}', entry_id = '{twin}'"),
            ),
            (
                "revisions",
                own.clone(),
                format!(
                    "id = '{revision}', entry_id = '{twin}', edition_id = '{edition}', snapshot = \
                     replace(snapshot, '\"slug\":\"{slug}\"', '\"slug\":\"{slug}-{n}\"')"
                ),
            ),
            (
                "paths",
                own,
                format!("entry_id = '{twin}', slug = '{slug}-{n}'"),
            ),
        ] {
            write!(
                statements,
                "CREATE TEMP TABLE twin AS SELECT * FROM {table} WHERE {which}; \
                 UPDATE twin SET {changes}; INSERT INTO {table} SELECT * FROM twin; \
                 DROP TABLE twin;"
            )
            .expect("a text grows");
        }
    }
    sql.execute(&format!("BEGIN; {statements} COMMIT;"));
}
