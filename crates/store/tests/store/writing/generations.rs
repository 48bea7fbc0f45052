//! Secrets follow each other, and no other one writes. What is sealed again needs the old one no more,
//! and shows a change as before.

use loa_domain::audit::{Chain, NewAudit};
use loa_domain::ids::ExpunctionId;
use loa_store::audit::{self, BrokenChain, Fault, system_verify};
use loa_store::generations::{Held, system_list};
use loa_store::{AuditKey, Error, Refusal, Store, Written};
use serde_json::json;

use super::{note, sites};
use crate::database::{self, Database, open_with};
use crate::seed;

fn key(n: u8) -> AuditKey {
    AuditKey::new([n; 32])
}

/// A store that writes with the first of the keys and believes the others.
struct Process {
    store: Store,
    keys: Vec<AuditKey>,
    next: Option<AuditKey>,
}

impl Process {
    fn of(database: &Database, keys: &[u8]) -> Self {
        let keys: Vec<AuditKey> = keys.iter().copied().map(key).collect();
        Self {
            store: open_with(database.url.clone(), 2, keys[0].clone()),
            keys,
            next: None,
        }
    }

    fn with_next(mut self, next: u8) -> Self {
        self.next = Some(key(next));
        self.keys.push(key(next));
        self
    }

    fn held(&self) -> Held<'_> {
        Held {
            own: &self.keys[0],
            next: self.next.as_ref(),
            all: &self.keys,
        }
    }

    fn admit(&self) -> Result<usize, Error> {
        self.store.system_admit(self.held(), seed::moment())
    }

    fn verify(&self) -> Result<u64, BrokenChain> {
        let read = self.store.read(|conn| system_verify(conn, &self.keys));
        read.unwrap()
    }

    /// How many records were sealed again, and which keys closed.
    fn seal(&self) -> (u64, Vec<String>) {
        let sealed = self.store.system_seal(self.held(), seed::moment(), |_| ());
        let sealed = sealed.unwrap().unwrap();
        (sealed.records, sealed.closed)
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Secret(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn name(n: u8) -> String {
    key(n).generation().to_owned()
}

#[test]
fn another_secret_neither_starts_nor_writes() {
    database::each(|database| {
        let own = Process::of(database, &[1]);
        assert_eq!(own.admit().unwrap(), 1, "the first is taken as it is");
        assert_eq!(own.admit().unwrap(), 0);
        note(&own.store, "x").unwrap();
        let other = Process::of(database, &[2]);
        assert_eq!(refused(other.admit()), Refusal::Unknown(name(2)));
        // Whoever forgot to ask cannot write either, with nothing left behind.
        assert_eq!(refused(note(&other.store, "y")), Refusal::Unknown(name(2)));
        assert_eq!(own.verify(), Ok(1));
        note(&own.store, "z").unwrap();
        assert_eq!(own.verify(), Ok(2));
    });
}

#[test]
fn a_database_of_before_takes_the_secret_that_fits_and_counts_its_chains() {
    database::each(|database| {
        let ids = sites(&database.store, 2);
        let own = Process::of(database, &[1]);
        let first = own.store.write(seed::moment(), |_| {
            let of = |site: &_| super::record(Chain::Site(*site), "x");
            let platform = super::record(Chain::Platform, "x");
            Ok::<_, Error>(Written {
                value: (),
                changes: Vec::new(),
                audit: ids.iter().map(of).chain([platform]).collect(),
            })
        });
        first.unwrap();
        // As an older release leaves it: nothing is named or counted.
        let mut raw = database.raw();
        let as_before = |raw: &mut crate::raw::Raw| {
            raw.run(
                "DELETE FROM audit_generations;
                 UPDATE audit_heads SET generation = NULL, counted = FALSE",
            );
        };
        as_before(&mut raw);
        let other = Process::of(database, &[2, 3]);
        assert_eq!(refused(other.admit()), Refusal::Misfit(name(2)));
        assert_eq!(refused(note(&other.store, "y")), Refusal::Misfit(name(2)));
        assert_eq!(own.admit().unwrap(), 1);
        // Two chains that began were counted already, and are now where they stand.
        assert_eq!(own.verify(), Ok(5 + 2));
        assert_eq!(own.admit().unwrap(), 0, "once");
        // In the middle of a change of secrets.
        as_before(&mut raw);
        let rotated = Process::of(database, &[2, 1]);
        assert_eq!(rotated.admit().unwrap(), 2);
        let all = own.store.read(system_list).unwrap();
        let names: Vec<String> = all.into_iter().map(|one| one.fingerprint).collect();
        assert_eq!(names, [name(1), name(2)]);
    });
}

#[test]
fn secrets_follow_each_other_without_a_pause() {
    database::each(|database| {
        let old = Process::of(database, &[1]);
        old.admit().unwrap();
        note(&old.store, "1").unwrap();
        // One that knows the next secret makes it known to all.
        let knowing = Process::of(database, &[1]).with_next(2);
        assert_eq!(knowing.admit().unwrap(), 1);
        let new = Process::of(database, &[2]);
        assert_eq!(new.admit().unwrap(), 0);
        for n in 2..6 {
            let writer = if n % 2 == 0 { &new } else { &knowing };
            note(&writer.store, &n.to_string()).unwrap();
        }
        let both = Process::of(database, &[2, 1]);
        // And the record that says that there is another secret.
        assert_eq!(both.verify(), Ok(6));
        let unknown = Fault::Unknown(name(1));
        assert_eq!(new.verify().unwrap_err().fault, unknown);

        let (records, closed) = both.seal();
        assert_eq!((records, closed), (4, vec![name(1)]));
        assert_eq!(both.seal(), (0, Vec::new()), "nothing is left to be done");
        assert_eq!(new.verify(), Ok(7), "the old secret may go");
        assert_eq!(refused(note(&knowing.store, "x")), Refusal::Closed(name(1)));
        assert_eq!(refused(knowing.admit()), Refusal::Closed(name(1)));
        note(&new.store, "y").unwrap();
        // And the next one, without a node that was told before: it holds the one it follows.
        let third = Process::of(database, &[3, 2]);
        assert_eq!(third.admit().unwrap(), 1);
        assert_eq!(third.seal().1, [name(2)]);
        assert_eq!(Process::of(database, &[3]).verify(), Ok(10));
    });
}

/// What is done to record 2 of three that were sealed again.
const TAMPERING: &[&str] = &[
    "UPDATE audit SET detail = '{}' WHERE number = 2",
    "UPDATE audit SET action = 'site.create' WHERE number = 2",
    "UPDATE audit SET hash = '0' || substr(hash, 2) WHERE number = 2",
    "UPDATE audit SET reseal = '0' || substr(reseal, 2) WHERE number = 2",
    "UPDATE audit SET generation = NULL WHERE number = 2",
    "UPDATE audit SET expunged_seal = hash WHERE number = 2",
    "UPDATE audit SET reseal = NULL, reseal_generation = NULL WHERE number = 2",
    "UPDATE audit SET reseal = NULL, reseal_generation = NULL, generation = NULL WHERE number = 2",
    "UPDATE audit SET reseal_generation = 'another' WHERE number = 2",
    "UPDATE audit SET reseal = (SELECT reseal FROM audit WHERE number = 1) WHERE number = 2",
];

#[test]
fn what_was_sealed_again_shows_every_change() {
    database::each(|database| {
        let old = Process::of(database, &[1]);
        for n in 1..=3 {
            note(&old.store, &n.to_string()).unwrap();
        }
        let both = Process::of(database, &[2, 1]);
        both.admit().unwrap();
        both.seal();
        let new = Process::of(database, &[2]);
        let mut raw = database.raw();
        raw.run("CREATE TABLE kept AS SELECT * FROM audit");
        for sql in TAMPERING {
            assert_eq!(new.verify(), Ok(5));
            raw.run(sql);
            let broken = new.verify().unwrap_err();
            assert_eq!(broken.number, 2, "{sql}");
            raw.run("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
        }
    });
}

#[test]
fn what_was_changed_is_not_sealed() {
    database::each(|database| {
        let old = Process::of(database, &[1]);
        for n in 1..=3 {
            note(&old.store, &n.to_string()).unwrap();
        }
        let both = Process::of(database, &[2, 1]);
        both.admit().unwrap();
        database
            .raw()
            .run("UPDATE audit SET detail = '{}' WHERE number = 2");
        let sealed = both.store.system_seal(both.held(), seed::moment(), |_| ());
        let broken = sealed.unwrap().unwrap_err();
        assert_eq!((broken.number, broken.fault), (2, Fault::Changed));
        let all = both.store.read(system_list).unwrap();
        assert!(all.iter().all(|one| one.closed_at.is_none()));
        assert_eq!(both.verify().unwrap_err().number, 2);
    });
}

#[test]
fn words_are_expunged_from_sealed_records_too() {
    database::each(|database| {
        let old = Process::of(database, &[1]);
        for n in 1..=3 {
            let wrote = old.store.write(seed::moment(), |_| {
                let detail = json!({"reason": format!("số 036 {n}")});
                let record = NewAudit {
                    detail,
                    ..super::record(Chain::Platform, "x")
                };
                Ok::<_, Error>(Written::audited((), record))
            });
            wrote.unwrap();
        }
        let expunge = |process: &Process, number: i64| {
            let id = ExpunctionId::from_uuid(uuid::Uuid::from_u128(7));
            let place = (Chain::Platform, number);
            process.store.write(seed::moment(), |tx| {
                audit::expunge(tx, &process.keys, place, id).map(Written::quiet)
            })
        };
        expunge(&old, 1).unwrap();
        let both = Process::of(database, &[2, 1]);
        both.admit().unwrap();
        assert_eq!(both.seal().0, 3);
        let new = Process::of(database, &[2]);
        assert_eq!(new.verify(), Ok(5));
        expunge(&new, 2).unwrap();
        assert_eq!(new.verify(), Ok(5));
        let words = "SELECT detail AS line FROM audit WHERE number <= 3 ORDER BY number";
        let left = database.raw().lines(words);
        let has = left.iter().map(|detail| detail.contains("036"));
        assert_eq!(has.collect::<Vec<_>>(), [false, false, true]);
        // It is sealed by the second secret now, and by the third next.
        let third = Process::of(database, &[3, 2]);
        third.admit().unwrap();
        third.seal();
        assert_eq!(Process::of(database, &[3]).verify(), Ok(7));
        database
            .raw()
            .run("UPDATE audit SET detail = '{}' WHERE number = 2");
        let broken = third.verify().unwrap_err();
        assert_eq!(broken.number, 2);
    });
}
