//! A database that cannot be reached: `Away`, soon, and back as soon as it is back.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use loa_domain::ids::SiteId;
use loa_store::{DatabaseUrl, Error, Store, Written, changes, sites};
use loa_testkit::Backend;

use super::{note, sites as add_sites};
use crate::database::{Database, open};
use crate::seed;

const CUT: &str = "SELECT '' || pg_terminate_backend(pid) AS line FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[track_caller]
fn away<T: std::fmt::Debug>(work: impl FnOnce() -> Result<T, Error>) {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    assert!(matches!(result, Err(Error::Away(_))), "{result:?}");
    assert!(took < Duration::from_secs(4), "{took:?}");
}

fn nowhere(port: u16) -> Store {
    let url = format!("postgres://loa@127.0.0.1:{port}/loa");
    open(DatabaseUrl::Postgres(url), 2)
}

#[test]
fn a_closed_port_is_away() {
    let port = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let store = nowhere(port);
    away(|| store.read(changes::last));
    away(|| note(&store, "x"));
    away(|| store.migrations().run());
}

#[test]
fn a_server_that_says_nothing_is_away() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let store = nowhere(listener.local_addr().unwrap().port());
    away(|| store.read(changes::last));
    away(|| note(&store, "x"));
}

#[test]
fn all_that_were_cut_are_known_by_the_first() {
    let Some(database) = Database::with(Backend::Postgres, 3) else {
        return;
    };
    let store = &database.store;
    let all = std::sync::Barrier::new(3);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let read: Result<(), Error> = store.read(|conn| {
                    all.wait();
                    changes::last(conn).map(drop)
                });
                read.unwrap();
            });
        }
    });
    assert_eq!(database.raw().lines(CUT), ["true", "true", "true"]);
    away(|| store.read(changes::last));
    for _ in 0..3 {
        store.read(changes::last).unwrap();
    }
}

#[test]
fn a_file_that_cannot_be_opened_is_away() {
    let store = open(DatabaseUrl::Sqlite("/nowhere/at/all/loa.db".into()), 1);
    away(|| store.read(changes::last));
    away(|| note(&store, "x"));
}

fn touch(store: &Store, site: SiteId) -> Result<(), Error> {
    store.write(seed::moment(), |tx| {
        sites::hold(tx, site).map(Written::quiet)
    })
}

#[test]
fn connections_that_were_cut_are_replaced() {
    let Some(database) = Database::with(Backend::Postgres, 1) else {
        return;
    };
    let store = &database.store;
    let site = add_sites(store, 1)[0];
    store.read(changes::last).unwrap();
    let mut other = database.raw();
    for _ in 0..2 {
        assert_eq!(other.lines(CUT), ["true", "true"]);
        // Nobody has noticed yet, and what a read has done is not known here.
        away(|| store.read(changes::last));
        store.read(changes::last).unwrap();
        // A transaction that did not begin has done nothing.
        note(store, "x").unwrap();
    }
    // In the middle of a transaction.
    let failed: Result<(), Error> = store.write(seed::moment(), |tx| {
        sites::hold(tx, site)?;
        other.lines(CUT);
        sites::hold(tx, site).map(Written::quiet)
    });
    assert!(matches!(failed, Err(Error::Away(_))), "{failed:?}");
    touch(store, site).unwrap();
    // The other one was cut as well, and is known to be suspect by now.
    assert_eq!(store.read_delivery(changes::last).unwrap(), 2);
    assert_eq!(store.read(changes::last).unwrap(), 2);
}
