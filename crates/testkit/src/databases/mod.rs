//! Throw-away databases: migrated once, copied for each test.

mod frozen;
mod ledger;
mod postgres;
mod sql;
mod sqlite;

use loa_store::DatabaseUrl;

pub use sql::Sql;

use crate::environment;

pub use frozen::Release;
pub use ledger::{Ledger, Tally};

/// Which database a test runs on. Everything that touches the store runs on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server that `LOA_TEST_POSTGRES_URL` names.
    Postgres,
}

/// An empty, migrated database that is gone when this is dropped.
pub struct TestDb(Kind);

enum Kind {
    Sqlite(sqlite::TestFile),
    Postgres(postgres::TestDatabase),
}

impl TestDb {
    /// A fresh database; none when the test has to be left out because there is no PostgreSQL.
    ///
    /// # Panics
    /// When there is none and `CI` or `LOA_REQUIRE_POSTGRES` says that there has to be, or when the
    /// database cannot be made.
    pub fn new(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => Some(Self(Kind::Sqlite(sqlite::TestFile::new()))),
            Backend::Postgres => {
                let server = postgres_server()?;
                Some(Self(Kind::Postgres(postgres::TestDatabase::new(server))))
            }
        }
    }

    /// A database as a release left it, not migrated since; none as with [`TestDb::new`].
    ///
    /// # Panics
    /// As [`TestDb::new`].
    pub fn frozen(backend: Backend, release: &Release) -> Option<Self> {
        match backend {
            Backend::Sqlite => {
                let bytes = release.unpacked("loa.sqlite.gz");
                Some(Self(Kind::Sqlite(sqlite::TestFile::holding(&bytes))))
            }
            Backend::Postgres => {
                let server = postgres_server()?;
                let script = release.script("postgres.sql.gz");
                let database = postgres::TestDatabase::holding(server, &script);
                Some(Self(Kind::Postgres(database)))
            }
        }
    }

    /// Where it is.
    ///
    /// # Panics
    /// Never: these URLs have a known form.
    pub fn url(&self) -> DatabaseUrl {
        match &self.0 {
            Kind::Sqlite(file) => DatabaseUrl::Sqlite(file.path()),
            Kind::Postgres(database) => database.url().parse().expect("a PostgreSQL URL"),
        }
    }

    /// A connection past the application.
    ///
    /// # Panics
    /// When the database is away.
    pub fn sql(&self) -> Sql {
        Sql::connect(&self.url())
    }

    /// Which kind it is.
    pub fn backend(&self) -> Backend {
        match &self.0 {
            Kind::Sqlite(_) => Backend::Sqlite,
            Kind::Postgres(_) => Backend::Postgres,
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn postgres_server() -> Option<String> {
    let url = environment::postgres_url();
    if url.is_none() {
        assert!(
            !environment::postgres_required(),
            "LOA_TEST_POSTGRES_URL is not set, and this run has to test PostgreSQL too; \
             scripts/test starts a server, scripts/postgres keeps one running"
        );
        eprintln!("left out on PostgreSQL: LOA_TEST_POSTGRES_URL is not set (see scripts/test)");
    }
    url
}

/// Tells templates of different schemas apart. The store is built again when these files change, so
/// they are what it has embedded.
fn migrations_hash(database: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(root.join(database))
        .expect("the migrations")
        .map(|folder| folder.expect("a migration").path().join("up.sql"))
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a migration"))
        .collect();
    let mut hash = loa_domain::canonical::sha256(&texts.join("\0"));
    hash.truncate(16);
    hash
}

/// Runs every migration on an empty database.
fn migrate(url: DatabaseUrl) {
    let store = loa_store::Store::open(loa_store::StoreOptions {
        url,
        read_url: None,
        connections: 1,
        audit_key: loa_store::AuditKey::new([0; 32]),
    });
    store.migrations().run().expect("the migrations run");
}
