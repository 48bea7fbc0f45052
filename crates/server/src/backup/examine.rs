//! Whether a copy of a database is what its manifest says, and whole in itself.
//!
//! Not for files and hashes, and not for where the copy is.

use std::collections::BTreeSet;

use loa_app::Secrets;
use loa_app::editorial::{Compared, system_compare};
use loa_store::facts::{Facts, system_damage, system_facts, system_log_gap};
use loa_store::{Conn, audit, system_known_migrations};

use super::manifest::Manifest;
use crate::commands::audit::broken;
use crate::failure::Failure;
use crate::out;

/// What a whole copy holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sound {
    /// Records of all audit chains.
    records: u64,
    /// Published documents.
    documents: Compared,
}

impl std::fmt::Display for Sound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Compared { same, waiting } = self.documents;
        write!(
            f,
            "{} audit records, every chain whole; {same} published documents as rendering gives \
             them",
            self.records
        )?;
        if waiting > 0 {
            write!(f, ", {waiting} that wait to be rendered again")?;
        }
        Ok(())
    }
}

/// What can be told of a database of any release: `SQLite`'s own checks, and every number of the
/// manifest. Gives whether it is of an older release, and has to be migrated to be looked at closer.
///
/// # Errors
/// Names the first thing that is wrong.
pub(super) fn outside(conn: &mut Conn, manifest: &Manifest) -> Result<bool, Failure> {
    if let Some(damage) = system_damage(conn)? {
        return Err(Failure::failed(format!(
            "the database is damaged: {damage}"
        )));
    }
    let (said, found) = (manifest.facts(), system_facts(conn)?);
    let known = system_known_migrations(conn)?;
    if let Some(unknown) = found.migrations.iter().find(|one| !known.contains(one)) {
        return Err(Failure::failed(format!(
            "the database is of a newer release (migration {unknown})"
        )));
    }
    if let Some(difference) = difference(&said, &found) {
        return Err(Failure::failed(format!(
            "the database is not what the manifest says: {difference}"
        )));
    }
    if let Some(number) = system_log_gap(conn)? {
        return Err(Failure::failed(format!(
            "the change log is broken at number {number}"
        )));
    }
    Ok(known.iter().any(|one| !found.migrations.contains(one)))
}

/// What has to be computed: every audit chain and every published document. The schema is that of
/// this release.
///
/// # Errors
/// Names the first thing that is wrong.
pub(super) fn inside(conn: &mut Conn, secrets: &Secrets) -> Result<Sound, Failure> {
    let spinner = out::spinner("recomputing audit chains");
    let verified = audit::system_verify(conn, &secrets.audit_keys());
    spinner.finish_and_clear();
    let records = verified?.map_err(|at| broken(&at))?;
    let spinner = out::spinner("rendering published documents");
    let compared = system_compare(conn, |seen| spinner.set_position(seen));
    spinner.finish_and_clear();
    let documents = compared?.map_err(|error| Failure::failed(error.to_string()))?;
    Ok(Sound { records, documents })
}

fn difference(said: &Facts, found: &Facts) -> Option<String> {
    if said.migrations != found.migrations {
        return Some("other migrations have run".to_owned());
    }
    let tables: BTreeSet<&String> = said.rows.keys().chain(found.rows.keys()).collect();
    for table in tables {
        match (said.rows.get(table), found.rows.get(table)) {
            (Some(said), Some(found)) if said == found => {}
            (Some(said), Some(found)) => {
                return Some(format!(
                    "table {table} has {found} rows, and should have {said}"
                ));
            }
            (Some(_), None) => return Some(format!("table {table} is missing")),
            (None, _) => return Some(format!("there is a table {table}")),
        }
    }
    if said.last_change != found.last_change {
        let (said, found) = (said.last_change, found.last_change);
        return Some(format!(
            "the change log ends at {found}, and should at {said}"
        ));
    }
    let other = said
        .audit_heads
        .iter()
        .zip(&found.audit_heads)
        .find(|(said, found)| said != found);
    match other {
        Some((said, _)) => Some(format!("the head of audit chain {} is another", said.chain)),
        None if said == found => None,
        None => Some("there are other audit chains".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use loa_domain::audit::AuditHead;

    use super::*;

    type Change = fn(&mut Facts);

    #[test]
    fn the_first_difference_is_named() {
        let facts = Facts {
            migrations: vec!["1".to_owned()],
            rows: BTreeMap::from([("units".to_owned(), 2), ("users".to_owned(), 3)]),
            last_change: 4,
            audit_heads: vec![AuditHead {
                chain: "platform".to_owned(),
                number: 1,
                hash: "a".to_owned(),
            }],
        };
        assert_eq!(difference(&facts, &facts), None);
        let changes: [(Change, &str); 7] = [
            (|facts| facts.migrations.clear(), "migrations"),
            (
                |facts| facts.rows.retain(|table, _| table != "units"),
                "units is missing",
            ),
            (
                |facts| facts.rows.extend([("users".to_owned(), 2)]),
                "users has 2 rows",
            ),
            (
                |facts| facts.rows.extend([("more".to_owned(), 0)]),
                "a table more",
            ),
            (|facts| facts.last_change = 3, "ends at 3"),
            (|facts| facts.audit_heads[0].hash.clear(), "platform"),
            (|facts| facts.audit_heads.clear(), "other audit chains"),
        ];
        for (change, said) in changes {
            let mut other = facts.clone();
            change(&mut other);
            let found = difference(&facts, &other).unwrap();
            assert!(found.contains(said), "{found}");
        }
    }
}
