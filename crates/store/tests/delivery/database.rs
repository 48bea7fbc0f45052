//! A store on a throw-away database of each kind.

use loa_store::{DatabaseUrl, Store, StoreOptions};
use loa_testkit::{Backend, TestDb};

/// A store, and its database, which is gone when this is dropped.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) url: DatabaseUrl,
    _kept: TestDb,
}

/// Runs a test on each kind of database there is.
pub(crate) fn each(test: impl Fn(&Database)) {
    for database in [Backend::Sqlite, Backend::Postgres]
        .into_iter()
        .filter_map(TestDb::new)
    {
        let url = database.url();
        let store = Store::open(StoreOptions {
            url: url.clone(),
            read_url: None,
            connections: 2,
            audit_key: [7; 32],
        });
        test(&Database {
            store,
            url,
            _kept: database,
        });
    }
}
