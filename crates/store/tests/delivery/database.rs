//! Throw-away databases of both kinds.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use loa_store::{DatabaseUrl, Store, StoreOptions};

/// A migrated, empty database that is removed when the test ends.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) url: String,
    server: Option<(String, String)>,
    _directory: tempfile::TempDir,
}

/// One database of each kind there is.
pub(crate) fn each(test: impl Fn(&Database)) {
    test(&sqlite());
    #[expect(
        clippy::disallowed_methods,
        reason = "how tests are told of the server"
    )]
    let server = std::env::var("LOA_TEST_POSTGRES_URL");
    if let Ok(server) = server {
        test(&postgres(&server));
    }
}

fn sqlite() -> Database {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", directory.path().join("loa.db").display());
    open(url, None, directory)
}

fn postgres(server: &str) -> Database {
    let directory = tempfile::tempdir().unwrap();
    let name = directory
        .path()
        .file_name()
        .unwrap()
        .to_string_lossy()
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "");
    let name = format!("delivery_{name}_{}", std::process::id());
    let mut conn = PgConnection::establish(server).unwrap();
    conn.batch_execute(&format!("CREATE DATABASE {name}"))
        .unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let url = format!("{base}/{name}");
    open(url, Some((server.to_owned(), name)), directory)
}

fn open(url: String, server: Option<(String, String)>, directory: tempfile::TempDir) -> Database {
    let store = Store::open(StoreOptions {
        url: url.parse::<DatabaseUrl>().unwrap(),
        read_url: None,
        connections: 2,
        audit_key: [7; 32],
    });
    store.migrations().run().unwrap();
    Database {
        store,
        url,
        server,
        _directory: directory,
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && let Ok(mut conn) = PgConnection::establish(server)
        {
            // A database that stays behind goes with the throw-away server.
            drop(conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
        }
    }
}
