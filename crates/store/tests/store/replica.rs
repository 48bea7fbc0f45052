//! A primary with a replica: who is read from, and what is heard, when one of them is behind or away.

use loa_store::{DatabaseUrl, Error, Follower, Store, StoreOptions, changes};
use loa_testkit::Cluster;

use crate::database::audit_key;
use crate::raw::Raw;
use crate::writing::note;

struct Pair {
    primary: Cluster,
    replica: Cluster,
}

impl Pair {
    /// Both, with the schema; none when PostgreSQL is not installed.
    fn new() -> Option<Self> {
        let primary = Cluster::new()?;
        let store = crate::database::open(url(&primary), 1);
        store.migrations().run().unwrap();
        note(&store, "first").unwrap();
        let replica = primary.base_backup();
        Some(Self { primary, replica })
    }

    /// Another node.
    fn store(&self) -> Store {
        Store::open(StoreOptions {
            url: url(&self.primary),
            read_url: Some(url(&self.replica)),
            // More might be opened where one is slow.
            connections: 1,
            audit_key: audit_key(),
        })
    }

    /// Keeps the replica where it is.
    fn hold(&self) {
        Raw::open(&url(&self.replica)).run("SELECT pg_wal_replay_pause()");
    }

    fn release(&self) {
        Raw::open(&url(&self.replica)).run("SELECT pg_wal_replay_resume()");
    }
}

fn url(cluster: &Cluster) -> DatabaseUrl {
    cluster.url().parse().unwrap()
}

/// Open connections to the primary for reading, and to the replica.
fn open(store: &Store) -> (u32, u32) {
    let [_, reader, delivery] = store.pool_use().map(|pool| pool.open);
    (reader, delivery)
}

fn follow(store: &Store) -> [Result<(), Error>; 2] {
    let mut followers = store.followers();
    let heard: Vec<_> = followers.iter_mut().map(Follower::follow).collect();
    heard.try_into().unwrap()
}

fn wait_for(store: &Store, last: i64) {
    while store.read_delivery(changes::last).unwrap() != last {
        std::thread::yield_now();
    }
}

#[test]
fn a_replica_is_read_unless_it_is_known_to_be_behind() {
    let Some(pair) = Pair::new() else { return };
    let (one, other) = (pair.store(), pair.store());
    wait_for(&one, 1);
    assert_eq!(open(&one), (0, 1), "the replica answered");

    pair.hold();
    note(&one, "second").unwrap();
    assert_eq!(one.read_delivery(changes::last).unwrap(), 2);
    assert_eq!(open(&one), (1, 1), "the primary answered");
    // What has not heard of it gets the old answer with the old number.
    assert_eq!(other.read_delivery(changes::last).unwrap(), 1);
    assert_eq!(open(&other), (0, 1));
    assert!(follow(&other).iter().all(Result::is_ok));
    assert_eq!(other.watermark().all(), 2);
    assert_eq!(other.read_delivery(changes::last).unwrap(), 2);
    assert_eq!(open(&other), (1, 1));
    pair.release();
    wait_for(&pair.store(), 2);
}

#[test]
fn each_stands_in_for_the_other() {
    let Some(mut pair) = Pair::new() else { return };
    let (one, other) = (pair.store(), pair.store());
    wait_for(&one, 1);
    pair.replica.stop();
    for store in [&one, &other] {
        // In the pool of one there is a dead connection.
        assert_eq!(store.read_delivery(changes::last).unwrap(), 1);
        let [primary, replica] = follow(store);
        assert!(primary.is_ok() && matches!(replica, Err(Error::Away(_))));
        assert!(!store.is_deaf());
    }
    pair.replica.start();
    note(&one, "second").unwrap();
    wait_for(&pair.store(), 2);
    // The other node does not know of it yet; the primary cannot tell it any more.
    assert_eq!(other.watermark().all(), 1);
    pair.hold();
    note(&one, "third").unwrap();
    pair.primary.kill();
    for store in [&one, &other] {
        let [primary, replica] = follow(store);
        assert!(matches!(primary, Err(Error::Away(_))) && replica.is_ok());
        assert!(!store.is_deaf());
        assert_eq!(
            store.read_delivery(changes::last).unwrap(),
            2,
            "the replica's"
        );
        assert!(matches!(note(store, "x"), Err(Error::Away(_))));
    }
    assert_eq!(one.watermark().all(), 3, "its own change");
    assert_eq!(other.watermark().all(), 2, "what the replica had");
    pair.replica.kill();
    for store in [&one, &other] {
        let read = store.read_delivery(changes::last);
        assert!(matches!(read, Err(Error::Away(_))), "{read:?}");
        assert!(follow(store).iter().all(Result::is_err));
        assert!(store.is_deaf());
    }
    pair.primary.start();
    for store in [&one, &other] {
        let [primary, _] = follow(store);
        primary.unwrap();
        assert_eq!(store.watermark().followed(), 3);
        assert!(!store.is_deaf());
        assert_eq!(store.read_delivery(changes::last).unwrap(), 3);
    }
    note(&other, "fourth").unwrap();
    assert_eq!(one.read(changes::last).unwrap(), 4);
}
