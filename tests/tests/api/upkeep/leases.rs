//! One node at a time, whatever their clocks show.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use loa_app::Lease;
use loa_testkit::{Backend, TestApp};

use super::on_each;
use crate::desk::Office;

const LONG: Duration = Duration::from_hours(1);
const SHORT: Duration = Duration::from_millis(50);

fn version(office: &Office) -> String {
    let rows = office.app.database().sql().lines(
        "SELECT coalesce(holder, 'nobody') || ' ' || version AS line FROM leases WHERE name = 'test'",
    );
    rows.concat()
}

/// Asks again and again; gives how long it took.
fn wait_for(lease: &mut Lease) -> Duration {
    let began = Instant::now();
    while !lease.hold().unwrap() {
        assert!(began.elapsed() < Duration::from_secs(30));
        std::thread::yield_now();
    }
    began.elapsed()
}

#[test]
fn a_lease_is_given_back_and_taken_by_another_at_once() {
    on_each(|office| {
        let app = &office.app.app;
        let mut one = app.lease("test", "one", LONG);
        let mut other = app.lease("test", "other", LONG);
        let mut unrelated = app.lease("unrelated", "other", LONG);
        assert!(one.hold().unwrap() && one.hold().unwrap());
        assert_eq!(
            version(office),
            "one 1",
            "nothing is written while it is young"
        );
        assert!(!other.hold().unwrap() && unrelated.hold().unwrap());
        other.release().unwrap();
        assert!(!other.hold().unwrap(), "it was not theirs to give back");
        one.release().unwrap();
        assert_eq!(version(office), "nobody 2");
        assert!(other.hold().unwrap() && !one.hold().unwrap());
        drop(other);
        assert_eq!(version(office), "nobody 4", "as a process does that ends");
        assert!(one.hold().unwrap());
    });
}

#[test]
fn a_lease_that_is_not_renewed_is_lost() {
    on_each(|office| {
        let node = office.app.another_node();
        // Hours apart: no clock is compared with another.
        for hours in [-5, 10] {
            office.app.clock.advance(TimeDelta::hours(hours));
            let mut dead = office.app.app.lease("test", "dead", SHORT);
            let mut heir = node.app.lease("test", "heir", SHORT);
            assert!(dead.hold().unwrap());
            assert!(wait_for(&mut heir) >= SHORT, "not before its time");
            let before = version(office);
            assert!(before.starts_with("heir "), "{before}");
            assert!(!dead.hold().unwrap(), "whoever comes back learns it");
            dead.release().unwrap();
            assert_eq!(version(office), before);
        }
    });
}

#[test]
fn whoever_renews_keeps_it() {
    on_each(|office| {
        let app = &office.app.app;
        // A third of it is over at once, so that each call renews.
        let mut one = app.lease("test", "one", Duration::from_nanos(1));
        let mut other = app.lease("test", "other", LONG);
        for n in 1..=10 {
            assert!(one.hold().unwrap());
            assert_eq!(version(office), format!("one {n}"));
            assert!(!other.hold().unwrap());
        }
    });
}

#[test]
fn of_many_that_ask_at_once_one_has_it() {
    on_each(|office| {
        let nodes: Vec<TestApp> = (0..3).map(|_| office.app.another_node()).collect();
        for round in 0..5 {
            let barrier = Barrier::new(nodes.len());
            let mut leases: Vec<(Lease, bool)> = std::thread::scope(|scope| {
                let asking: Vec<_> = nodes
                    .iter()
                    .enumerate()
                    .map(|(n, node)| {
                        let barrier = &barrier;
                        scope.spawn(move || {
                            let mut lease = node.app.lease("test", &format!("node {n}"), LONG);
                            barrier.wait();
                            let has = lease.hold().unwrap();
                            (lease, has)
                        })
                    })
                    .collect();
                asking.into_iter().map(|it| it.join().unwrap()).collect()
            });
            let holders = leases.iter().filter(|(_, has)| *has).count();
            assert_eq!(holders, 1, "round {round}");
            for (lease, _) in &mut leases {
                lease.release().unwrap();
            }
        }
    });
}

#[test]
fn a_database_that_is_busy_is_an_error_and_no_lease() {
    let Some(office) = Office::open(Backend::Sqlite) else {
        return;
    };
    let mut lease = office.app.app.lease("test", "one", LONG);
    let mut sql = office.app.database().sql();
    sql.execute("BEGIN IMMEDIATE");
    assert!(lease.hold().is_err());
    sql.execute("ROLLBACK");
    assert!(lease.hold().unwrap());
}
