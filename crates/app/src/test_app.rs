//! An application over a throw-away database, for the tests of this crate.

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use loa_domain::time::Moment;
use loa_store::{DatabaseUrl, Store, StoreOptions};

use crate::identity::TokenKeys;
use crate::{App, ManualClock, Secrets};

/// The database a test runs on; gone when dropped.
enum Database {
    Sqlite(tempfile::TempDir),
    Postgres { server: String, name: String },
}

/// An application with its clock.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    _database: Database,
}

/// Runs a test on `SQLite`, and on PostgreSQL where `LOA_TEST_POSTGRES_URL` names a server.
pub(crate) fn on_each_database(test: impl Fn(&TestApp)) {
    test(&TestApp::new(Database::Sqlite(
        tempfile::tempdir().unwrap(),
    )));
    if let Some(server) = server() {
        let name = format!("loa_app_{}", crate::secrets::random_token())
            .replace('-', "_")
            .to_lowercase();
        let mut admin = PgConnection::establish(&server).unwrap();
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        test(&TestApp::new(Database::Postgres { server, name }));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests learn of the test server by the environment"
)]
fn server() -> Option<String> {
    std::env::var("LOA_TEST_POSTGRES_URL").ok()
}

impl TestApp {
    fn new(database: Database) -> Self {
        let url = match &database {
            Database::Sqlite(folder) => DatabaseUrl::Sqlite(folder.path().join("loa.db")),
            Database::Postgres { server, name } => {
                let base = server.rsplit_once('/').unwrap().0;
                DatabaseUrl::Postgres(format!("{base}/{name}"))
            }
        };
        let secrets = Secrets::new("a secret for tests, 32 bytes or more", None).unwrap();
        let store = Store::open(StoreOptions {
            url,
            read_url: None,
            connections: 4,
            audit_key: secrets.audit_key(),
        });
        store.migrations().run().unwrap();
        let start: Moment = "2026-07-01T01:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let keys =
            TokenKeys::from_pems(vec![("test".to_owned(), TokenKeys::new_pem().unwrap())]).unwrap();
        Self {
            app: App::new(store, clock.clone(), secrets, keys),
            clock,
            _database: database,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Database::Postgres { server, name } = self
            && let Ok(mut admin) = PgConnection::establish(server)
        {
            drop(admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
        }
    }
}
