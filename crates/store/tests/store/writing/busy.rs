//! Locks and connections that are not to be had in time: `Busy`, soon, and nothing is broken.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use loa_store::{Error, Store, Written, changes, sites};
use loa_testkit::Backend;

use super::{note, sites as add_sites};
use crate::database::{self, Database};
use crate::seed;

fn seconds(from: u64, to: u64) -> std::ops::Range<Duration> {
    Duration::from_secs(from)..Duration::from_secs(to)
}

/// That something is busy after a while, no sooner and no later.
#[track_caller]
fn busy_within<T: std::fmt::Debug>(
    time: &std::ops::Range<Duration>,
    work: impl FnOnce() -> Result<T, Error>,
) {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    assert!(matches!(result, Err(Error::Busy)), "{result:?}");
    assert!(time.contains(&took), "{took:?}");
}

fn touch(store: &Store, site: loa_domain::ids::SiteId) -> Result<(), Error> {
    store.write(seed::moment(), |tx| {
        sites::hold(tx, site).map(Written::quiet)
    })
}

#[test]
fn another_writer_of_the_file_makes_a_write_busy_and_no_read() {
    let database = Database::new(Backend::Sqlite).unwrap();
    let store = &database.store;
    note(store, "before").unwrap();
    let mut other = database.raw();
    other.run("BEGIN IMMEDIATE; UPDATE change_counter SET n = n");
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| busy_within(&seconds(2, 4), || note(store, "meanwhile")));
        let mut reads = 0;
        while !writing.is_finished() {
            assert_eq!(store.read(changes::last).unwrap(), 1);
            reads += 1;
        }
        assert!(reads > 1);
        writing.join().unwrap();
    });
    other.run("COMMIT");
    note(store, "after").unwrap();
    assert_eq!(store.read(changes::last).unwrap(), 2);
}

#[test]
fn when_all_connections_are_in_use_the_next_is_busy() {
    database::each_with(1, |database| {
        let store = &database.store;
        let (taken, wait) = mpsc::channel();
        let (finish, finished) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let read = store.read(|conn| {
                    taken.send(()).unwrap();
                    finished.recv().unwrap();
                    changes::last(conn)
                });
                read.unwrap();
            });
            wait.recv().unwrap();
            busy_within(&seconds(2, 4), || store.read(changes::last));
            // Writers have connections of their own.
            note(store, "meanwhile").unwrap();
            finish.send(()).unwrap();
        });
        assert_eq!(store.read(changes::last).unwrap(), 1);
        let open = store.pool_use().map(|pool| pool.open);
        assert_eq!(open, [1, 1, 1]);
    });
}

#[test]
fn a_row_that_stays_locked_is_busy() {
    let Some(database) = Database::new(Backend::Postgres) else {
        return;
    };
    let store = &database.store;
    let site = add_sites(store, 1)[0];
    let mut other = database.raw();
    other.run("BEGIN; UPDATE sites SET version = version");
    busy_within(&seconds(5, 8), || touch(store, site));
    other.run("ROLLBACK");
    touch(store, site).unwrap();
}

#[test]
fn a_statement_that_takes_too_long_is_busy() {
    let Some(database) = Database::new(Backend::Postgres) else {
        return;
    };
    let store = &database.store;
    let site = add_sites(store, 1)[0];
    database.raw().run(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
         CREATE TRIGGER slow BEFORE UPDATE ON sites FOR EACH ROW EXECUTE FUNCTION slow()",
    );
    busy_within(&seconds(10, 14), || touch(store, site));
    note(store, "after").unwrap();
}
