//! The audit chains hold when many write at once, and show what was done to them past the store.

use std::sync::Barrier;

use loa_domain::audit::Chain;
use loa_store::audit::{BrokenChain, Fault, system_verify};
use loa_store::{AuditKey, Error, Store, Written};

use super::{note, record, sites};
use crate::database::{self, audit_key};
use crate::seed;

const WRITERS: usize = 8;
const EACH: usize = 10;

fn verify(store: &Store, key: &AuditKey) -> Result<u64, BrokenChain> {
    store
        .read(|conn| system_verify(conn, std::slice::from_ref(key)))
        .unwrap()
}

#[test]
fn chains_hold_when_eight_write_to_several_at_once() {
    database::each_with(4, |database| {
        let store = &database.store;
        let sites = sites(store, 2);
        let start = Barrier::new(WRITERS);
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (sites, start) = (&sites, &start);
                scope.spawn(move || {
                    let mut chains = [
                        Chain::Platform,
                        Chain::Site(sites[0]),
                        Chain::Site(sites[1]),
                    ];
                    // Whatever the order they are given in: no deadlock.
                    chains.rotate_left(writer % 3);
                    start.wait();
                    for n in 0..EACH {
                        let wrote = store.write(seed::moment(), |_| {
                            let what = format!("{writer}-{n}");
                            Ok::<_, Error>(Written {
                                value: (),
                                changes: Vec::new(),
                                audit: chains.iter().map(|it| record(*it, &what)).collect(),
                            })
                        });
                        wrote.unwrap();
                    }
                });
            }
        });
        // Two chains are counted in the platform's.
        let count = u64::try_from(WRITERS * EACH * 3 + 2).unwrap();
        assert_eq!(verify(store, &audit_key()), Ok(count));
        assert!(
            verify(store, &AuditKey::new([8; 32])).is_err(),
            "another key"
        );
    });
}

/// What is done to a chain of five, and the first record that does not fit.
const TAMPERING: &[(&str, i64, Fault)] = &[
    ("UPDATE audit SET detail = replace(detail, '3', '4') WHERE number = 3", 3, Fault::Changed),
    ("UPDATE audit SET detail = 'no JSON' WHERE number = 2", 2, Fault::Changed),
    ("UPDATE audit SET action = 'site.create' WHERE number = 1", 1, Fault::Changed),
    ("UPDATE audit SET subject = 'user' WHERE number = 4", 4, Fault::Changed),
    ("UPDATE audit SET subject_id = 'x' WHERE number = 5", 5, Fault::Changed),
    ("UPDATE audit SET at = '2026-01-01 00:00:00.000001' WHERE number = 4", 4, Fault::Changed),
    ("UPDATE audit SET hash = '0' || substr(hash, 2) || '0' WHERE number = 2", 2, Fault::Changed),
    ("DELETE FROM audit WHERE number = 5", 5, Fault::Missing),
    ("DELETE FROM audit WHERE number = 3", 3, Fault::Missing),
    ("DELETE FROM audit WHERE number = 1", 1, Fault::Missing),
    ("DELETE FROM audit", 1, Fault::Missing),
    (
        "UPDATE audit SET number = 30 WHERE number = 3;
         UPDATE audit SET number = 3 WHERE number = 4;
         UPDATE audit SET number = 4 WHERE number = 30",
        3,
        Fault::Changed,
    ),
    (
        "CREATE TABLE kept AS SELECT number, hash FROM audit;
         UPDATE audit SET hash = (SELECT hash FROM kept WHERE kept.number = 6 - audit.number)
         WHERE number IN (2, 4);
         DROP TABLE kept",
        2,
        Fault::Changed,
    ),
    (
        "INSERT INTO audit (chain, number, action, subject, subject_id, detail, at, hash)
         SELECT chain, 6, action, subject, subject_id, detail, at, hash FROM audit WHERE number = 5",
        6,
        Fault::Changed,
    ),
    ("UPDATE audit_heads SET n = 6", 6, Fault::Missing),
    ("UPDATE audit_heads SET n = 4", 6, Fault::Head),
    ("UPDATE audit_heads SET hash = ''", 6, Fault::Head),
    // The last record taken away together with its number in the head.
    (
        "DELETE FROM audit WHERE number = 5; UPDATE audit_heads SET n = 4",
        5,
        Fault::Head,
    ),
];

#[test]
fn what_is_done_past_the_store_shows() {
    database::each(|database| {
        for n in 1..=5 {
            note(&database.store, &n.to_string()).unwrap();
        }
        let mut raw = database.raw();
        raw.run(
            "CREATE TABLE kept_audit AS SELECT * FROM audit;
             CREATE TABLE kept_heads AS SELECT * FROM audit_heads",
        );
        for (sql, number, fault) in TAMPERING {
            assert_eq!(verify(&database.store, &audit_key()), Ok(5));
            raw.run(sql);
            let broken = BrokenChain {
                chain: "platform".to_owned(),
                number: *number,
                fault: fault.clone(),
            };
            assert_eq!(verify(&database.store, &audit_key()), Err(broken), "{sql}");
            raw.run(
                "DELETE FROM audit; DELETE FROM audit_heads;
                 INSERT INTO audit_heads SELECT * FROM kept_heads;
                 INSERT INTO audit SELECT * FROM kept_audit",
            );
        }
    });
}
