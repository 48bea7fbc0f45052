//! Copying an `SQLite` database: one moment of it, whatever is written meanwhile.

use std::fs::File;
use std::time::{Duration, Instant};

use loa_store::{Conn, CopyError, changes, copy_sqlite, facts};
use loa_testkit::Backend;

use crate::database::Database;
use crate::writing::note;

#[test]
fn writers_go_on_and_the_copy_is_of_the_moment_it_began() {
    let database = Database::new(Backend::Sqlite).unwrap();
    let store = &database.store;
    note(store, "before").unwrap();
    database.raw().run(
        "CREATE TABLE ballast AS WITH RECURSIVE n (i) AS \
         (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
         SELECT i, randomblob(4000) AS bytes FROM n",
    );
    let loa_store::DatabaseUrl::Sqlite(path) = &database.url else {
        unreachable!()
    };
    let to = path.with_extension("copy");
    File::create_new(&to).unwrap();
    let (mut seen, mut longest) = (Vec::new(), Duration::ZERO);
    copy_sqlite(path, &to, |done| {
        // In the middle of the copying, and on its own thread: it could not wait for it.
        let start = Instant::now();
        note(store, "meanwhile").unwrap();
        longest = longest.max(start.elapsed());
        seen.push(done);
    })
    .unwrap();
    assert!(seen.len() > 3, "{seen:?}");
    assert!(seen.is_sorted(), "it never began anew: {seen:?}");
    assert!(
        longest < Duration::from_secs(2),
        "nobody waited for a lock: {longest:?}"
    );

    let mut copy = Conn::system_file(&to).unwrap();
    assert_eq!(changes::last(&mut copy).unwrap(), 1);
    assert_eq!(facts::system_damage(&mut copy).unwrap(), None);
    let written = i64::try_from(seen.len()).unwrap();
    assert_eq!(store.read(changes::last).unwrap(), 1 + written);
    for ending in ["copy-wal", "copy-shm", "copy-journal"] {
        assert!(!path.with_extension(ending).exists(), "{ending}");
    }
}

#[test]
fn what_is_no_database_is_not_copied() {
    let database = Database::new(Backend::Sqlite).unwrap();
    let loa_store::DatabaseUrl::Sqlite(path) = &database.url else {
        unreachable!()
    };
    let (to, other) = (path.with_extension("copy"), path.with_extension("other"));
    File::create_new(&to).unwrap();
    let missing = copy_sqlite(&other, &to, |_| ());
    assert!(matches!(missing, Err(CopyError::Missing)), "{missing:?}");
    assert!(!other.exists());
    std::fs::write(
        &other,
        "a text, and long enough to be taken for a database".repeat(20),
    )
    .unwrap();
    let odd = copy_sqlite(&other, &to, |_| ());
    assert!(matches!(odd, Err(CopyError::Sqlite(_))), "{odd:?}");
    assert!(
        Conn::system_file(&other)
            .and_then(|mut conn| changes::last(&mut conn))
            .is_err()
    );
}

#[test]
fn a_snapshot_stands_still_while_others_write() {
    crate::database::each(|database| {
        note(&database.store, "before").unwrap();
        let mut still = Conn::system_snapshot(&database.url).unwrap();
        note(&database.store, "after").unwrap();
        let found = facts::system_facts(&mut still).unwrap();
        assert_eq!(found.last_change, 1);
        assert_eq!(found.rows["changes"], 1);
        assert_eq!(found.audit_heads.len(), 1);
        assert_eq!(database.store.read(changes::last).unwrap(), 2);
    });
}
