//! The change log is numbered in commit order, without gaps, however many write at once.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use loa_domain::change::Change;
use loa_store::{Error, Store, Written, changes};

use super::{change, sites};
use crate::{database, seed};

const WRITERS: usize = 8;
const EACH: usize = 15;

fn after(store: &Store, seq: i64) -> Vec<Change> {
    store.read(|conn| changes::after(conn, seq, 50)).unwrap()
}

/// Reads the log as other nodes do: what was read once is never followed by a smaller number.
fn follow(store: &Store, done: &AtomicBool) -> Vec<Change> {
    let mut seen: Vec<Change> = Vec::new();
    loop {
        let last_round = done.load(Ordering::SeqCst);
        let new = after(store, seen.last().map_or(0, |change| change.seq));
        for change in new {
            let wanted = seen.last().map_or(0, |change| change.seq) + 1;
            assert_eq!(change.seq, wanted, "a gap was to be seen");
            seen.push(change);
        }
        if last_round {
            return seen;
        }
    }
}

#[test]
fn a_reader_of_the_log_misses_nothing_while_eight_write() {
    database::each_with(4, |database| {
        let store = &database.store;
        let sites = sites(store, 3);
        let (done, start) = (AtomicBool::new(false), Barrier::new(WRITERS));
        let seen = std::thread::scope(|scope| {
            let reader = scope.spawn(|| follow(store, &done));
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (sites, start) = (&sites, &start);
                    scope.spawn(move || {
                        start.wait();
                        for n in 0..EACH {
                            let site = sites[(writer + n) % sites.len()];
                            let what = format!("{writer}-{n:02}");
                            let wrote = store.write(seed::moment(), |_| {
                                Ok::<_, Error>(Written {
                                    value: (),
                                    changes: vec![change(Some(site), &what), change(None, &what)],
                                    audit: Vec::new(),
                                })
                            });
                            wrote.unwrap();
                        }
                    })
                })
                .collect();
            for writer in writers {
                writer.join().unwrap();
            }
            done.store(true, Ordering::SeqCst);
            reader.join().unwrap()
        });
        assert_eq!(seen.len(), WRITERS * EACH * 2);
        let mut by_writer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in seen.chunks(2) {
            // What was written together stands together.
            assert_eq!(pair[0].subject_id, pair[1].subject_id);
            let (writer, n) = pair[0].subject_id.split_once('-').unwrap();
            by_writer.entry(writer).or_default().push(n);
        }
        for numbers in by_writer.values() {
            assert!(numbers.is_sorted(), "{numbers:?}");
        }
        let last = store.read(changes::last).unwrap();
        assert_eq!(Ok(last), i64::try_from(seen.len()));
        assert_eq!(store.watermark().all(), last);
        for site in sites {
            let own = seen.iter().filter(|change| change.site == Some(site));
            let last = own.map(|change| change.seq).max().unwrap();
            let said = store.read(|conn| changes::last_of_site(conn, site));
            assert_eq!(said.unwrap(), last);
            assert_eq!(store.watermark().site(site), last);
        }
    });
}
