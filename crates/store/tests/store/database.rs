//! A store on a throw-away database of each kind.

use loa_store::{AuditKey, DatabaseUrl, Store, StoreOptions};
use loa_testkit::{Backend, TestDb};

use crate::raw::Raw;

/// Key of the audit chains.
pub(crate) fn audit_key() -> AuditKey {
    AuditKey::new([7; 32])
}

/// A store, and its database, which is gone when this is dropped.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) url: DatabaseUrl,
    _kept: TestDb,
}

impl Database {
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        Self::with(backend, 2)
    }

    pub(crate) fn with(backend: Backend, connections: u32) -> Option<Self> {
        let database = TestDb::new(backend)?;
        let url = database.url();
        Some(Self {
            store: open(url.clone(), connections),
            url,
            _kept: database,
        })
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    pub(crate) fn raw(&self) -> Raw {
        Raw::open(&self.url)
    }
}

/// A store at any address.
pub(crate) fn open(url: DatabaseUrl, connections: u32) -> Store {
    open_with(url, connections, audit_key())
}

/// The same with another key of the audit chains.
pub(crate) fn open_with(url: DatabaseUrl, connections: u32, audit_key: AuditKey) -> Store {
    Store::open(StoreOptions {
        url,
        read_url: None,
        connections,
        audit_key,
    })
}

/// Runs a test on each kind of database there is.
pub(crate) fn each(test: impl Fn(&Database)) {
    each_with(2, test);
}

/// The same with as many connections.
pub(crate) fn each_with(connections: u32, test: impl Fn(&Database)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(database) = Database::with(backend, connections) {
            test(&database);
        }
    }
}
