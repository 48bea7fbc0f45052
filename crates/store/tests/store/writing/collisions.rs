//! Transactions that stand in each other's way are tried again.

use std::cell::Cell;
use std::sync::Barrier;

use loa_domain::ids::SiteId;
use loa_store::{Error, Store, Written, sites};
use loa_testkit::Backend;

use super::{change, sites as add_sites};
use crate::database::Database;
use crate::seed;

/// Takes one site's row, waits for the other transaction to have the other one, and asks for that
/// too. Gives how often it was tried.
fn take(store: &Store, first: SiteId, second: SiteId, both: &Barrier) -> Result<u32, Error> {
    let tries = Cell::new(0);
    store.write(seed::moment(), |tx| {
        tries.set(tries.get() + 1);
        sites::hold(tx, first)?;
        if tries.get() == 1 {
            both.wait();
        }
        sites::hold(tx, second)?;
        Ok(Written {
            value: tries.get(),
            changes: vec![change(Some(first), "x")],
            audit: Vec::new(),
        })
    })
}

#[test]
fn a_deadlock_is_resolved_and_both_succeed() {
    let Some(database) = Database::new(Backend::Postgres) else {
        return;
    };
    let store = &database.store;
    let ids = add_sites(store, 2);
    let both = Barrier::new(2);
    let tries = std::thread::scope(|scope| {
        let other = scope.spawn(|| take(store, ids[1], ids[0], &both));
        [take(store, ids[0], ids[1], &both), other.join().unwrap()].map(Result::unwrap)
    });
    // Whoever gave way may be quick enough to stand in the other's way once more.
    assert!((3..=8).contains(&tries.iter().sum::<u32>()), "{tries:?}");
    let log = store.read(loa_store::changes::last).unwrap();
    assert_eq!(log, 2);
}

#[test]
fn a_collision_is_tried_three_more_times_and_then_told() {
    crate::database::each(|database| {
        let tries = Cell::new(0);
        let result: Result<(), Error> = database.store.write(seed::moment(), |_| {
            tries.set(tries.get() + 1);
            Err(Error::Collision)
        });
        assert!(matches!(result, Err(Error::Collision)), "{result:?}");
        assert_eq!(tries.get(), 4);
    });
}
