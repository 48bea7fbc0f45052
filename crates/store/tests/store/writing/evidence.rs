//! What is missing is missed: heads, records and whole chains that were deleted past the store. And
//! nothing is missed while others write.

use std::sync::atomic::{AtomicBool, Ordering};

use loa_domain::audit::{AuditHead, Chain};
use loa_store::audit::{BrokenChain, Fault, system_verify, system_verify_all};
use loa_store::{Conn, Error, Store, Written, anchors};

use super::{note, record, sites};
use crate::database::{self, Database, audit_key};
use crate::raw::Raw;
use crate::seed;

/// Everything that is wrong.
fn faults(store: &Store) -> Vec<BrokenChain> {
    let mut found = Vec::new();
    let read = store.read(|conn| system_verify_all(conn, &[audit_key()], |it| found.push(it)));
    read.unwrap();
    found
}

fn broken(chain: &str, number: i64, fault: Fault) -> BrokenChain {
    BrokenChain {
        chain: chain.to_owned(),
        number,
        fault,
    }
}

/// Writes so many records in a chain, one after the other.
fn fill(store: &Store, chain: Chain, count: usize) {
    for n in 0..count {
        let wrote = store.write(seed::moment(), |_| {
            Ok::<_, Error>(Written::audited((), record(chain, &n.to_string())))
        });
        wrote.unwrap();
    }
}

/// A connection for which nothing has to fit.
fn without_references(database: &Database) -> Raw {
    let mut raw = database.raw();
    raw.run(if database.is_sqlite() {
        "PRAGMA foreign_keys = OFF"
    } else {
        "ALTER TABLE audit DROP CONSTRAINT audit_chain_fkey"
    });
    raw
}

/// Chains of two sites and of the platform, and their heads. The platform's records are: the first
/// site's chain begins, the second's does, and three of its own.
fn trail(database: &Database) -> ([String; 2], Vec<AuditHead>) {
    let store = &database.store;
    let ids = sites(store, 2);
    let [one, other] = ids.as_slice() else {
        unreachable!()
    };
    fill(store, Chain::Site(*one), 3);
    fill(store, Chain::Site(*other), 2);
    fill(store, Chain::Platform, 3);
    let heads = store.read(anchors::system_heads).unwrap();
    assert_eq!(faults(store), []);
    ([one.to_string(), other.to_string()], heads)
}

fn missing(store: &Store, heads: &[AuditHead]) -> Vec<BrokenChain> {
    let mut found = Vec::new();
    let read = store.read(|conn| anchors::system_missing(conn, heads, |it| found.push(it)));
    read.unwrap();
    found
}

#[test]
fn a_head_that_was_deleted_does_not_hide_its_records() {
    database::each(|database| {
        let (chains, heads) = trail(database);
        let mut raw = without_references(database);
        raw.run(&format!(
            "DELETE FROM audit_heads WHERE chain = '{}'",
            chains[0]
        ));
        let no_head = broken(&chains[0], 4, Fault::NoHead);
        assert_eq!(faults(&database.store), [no_head]);
        // A changed record among them is named instead.
        raw.run(&format!(
            "UPDATE audit SET detail = '{{}}' WHERE chain = '{}' AND number = 2",
            chains[0]
        ));
        let changed = broken(&chains[0], 2, Fault::Changed);
        assert_eq!(faults(&database.store), [changed]);
        // The hash that anchors hold is still there; it is the recomputing that shows it.
        assert_eq!(missing(&database.store, &heads), []);
    });
}

#[test]
fn a_chain_that_was_deleted_is_missed_without_anchors() {
    database::each(|database| {
        let (chains, heads) = trail(database);
        let mut raw = without_references(database);
        for chain in &chains {
            raw.run(&format!(
                "DELETE FROM audit WHERE chain = '{chain}';
                 DELETE FROM audit_heads WHERE chain = '{chain}'"
            ));
        }
        let gone = chains.each_ref().map(|it| broken(it, 1, Fault::Missing));
        assert_eq!(faults(&database.store), gone);
        assert_eq!(missing(&database.store, &heads), gone);
        // One that begins anew is not the one that was there.
        let anew = record(Chain::Site(chains[0].parse().unwrap()), "another");
        let wrote = database.store.write(seed::moment(), |_| {
            Ok::<_, Error>(Written::audited((), anew.clone()))
        });
        wrote.unwrap();
        let wanted = [
            broken(&chains[0], 1, Fault::Other),
            broken(&chains[1], 1, Fault::Missing),
        ];
        assert_eq!(faults(&database.store), wanted);
    });
}

#[test]
fn the_platforms_chain_is_missed_too() {
    database::each(|database| {
        let (chains, _) = trail(database);
        let mut raw = without_references(database);
        // The end of it, head and all, with what counts the second site.
        raw.run(
            "DELETE FROM audit WHERE chain = 'platform' AND number > 1;
             UPDATE audit_heads SET n = 1, hash =
                 (SELECT hash FROM audit WHERE chain = 'platform' AND number = 1)
             WHERE chain = 'platform'",
        );
        let uncounted = broken(&chains[1], 1, Fault::Uncounted);
        assert_eq!(faults(&database.store), [uncounted]);
        raw.run(
            "DELETE FROM audit WHERE chain = 'platform';
             DELETE FROM audit_heads WHERE chain = 'platform'",
        );
        let gone = broken("platform", 1, Fault::Missing);
        assert_eq!(faults(&database.store), [gone]);
    });
}

#[test]
fn every_chain_that_is_broken_is_named() {
    database::each(|database| {
        let (chains, heads) = trail(database);
        let mut raw = without_references(database);
        raw.run(&format!(
            "UPDATE audit SET subject = 'x' WHERE chain = 'platform' AND number = 1;
             DELETE FROM audit WHERE chain = '{}' AND number = 2;
             DELETE FROM audit WHERE chain = '{}'",
            chains[0], chains[1]
        ));
        let wanted = [
            broken("platform", 1, Fault::Changed),
            broken(&chains[1], 1, Fault::Missing),
            broken(&chains[0], 2, Fault::Missing),
            broken(&chains[1], 1, Fault::Missing),
        ];
        assert_eq!(faults(&database.store), wanted);
        assert_eq!(missing(&database.store, &heads).len(), 1, "one is empty");
    });
}

/// Twenty of sixty runs told of tampering that nobody had done, before it saw one moment.
#[test]
fn nothing_is_missed_while_others_write() {
    database::each_with(4, |database| {
        let store = &database.store;
        note(store, "first").unwrap();
        let end = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !end.load(Ordering::SeqCst) {
                        note(store, "meanwhile").ok();
                    }
                });
            }
            let mut last = 0;
            let verified: Vec<_> = (0..60)
                .map(|_| {
                    let mut conn = Conn::system_snapshot(&database.url).unwrap();
                    system_verify(&mut conn, &[audit_key()]).unwrap()
                })
                .collect();
            end.store(true, Ordering::SeqCst);
            for result in verified {
                let count = result.unwrap();
                assert!(count >= last, "{count} after {last}");
                last = count;
            }
            assert!(last > 1, "nobody wrote");
        });
    });
}
