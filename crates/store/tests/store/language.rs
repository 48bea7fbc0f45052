//! A server whose messages are not English: failures would not be known by their text.

use std::sync::mpsc;

use loa_store::{DatabaseUrl, Error, Store, changes};
use loa_testkit::Cluster;

use crate::database::open;
use crate::raw::Raw;

/// A server that speaks German; none when it cannot, because a translation is not installed.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn german() -> Option<Cluster> {
    let cluster = Cluster::with(&["lc_messages = 'C.UTF-8'"], &[("LANGUAGE", "de")])?;
    if cluster.log().contains("Datenbanksystem") {
        return Some(cluster);
    }
    eprintln!("left out: this PostgreSQL has no translations");
    None
}

fn store(cluster: &Cluster, role: &str) -> Store {
    let url: DatabaseUrl = cluster.url_of(role).parse().unwrap();
    open(url, 1)
}

#[test]
fn messages_are_made_english_or_the_way_to_it_is_told() {
    let Some(cluster) = german() else { return };
    // Who may set it gets English, and with it failures that are known.
    let own = store(&cluster, "loa");
    own.migrations().run().unwrap();
    let mut other = Raw::open(own.url());
    other.run("BEGIN; LOCK TABLE change_counter");
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| sender.send(own.read(changes::last)).unwrap());
        let busy = receiver.recv().unwrap();
        assert!(matches!(busy, Err(Error::Busy)), "{busy:?}");
    });
    other.run("ROLLBACK");

    let mut admin = Raw::open(own.url());
    admin.run("CREATE ROLE \"Xã\" LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO \"Xã\"");
    let refused = store(&cluster, "X%C3%A3").migrations().run().unwrap_err();
    assert!(
        matches!(&refused, Error::Foreign { role } if role == "\"Xã\""),
        "{refused:?}"
    );
    let said = refused.to_string();
    let mend = "ALTER ROLE \"Xã\" SET lc_messages = 'C'";
    assert!(said.contains(mend), "{said}");

    admin.run(mend);
    let mended = store(&cluster, "X%C3%A3").read(changes::last);
    assert_eq!(mended.unwrap(), 0);
}
