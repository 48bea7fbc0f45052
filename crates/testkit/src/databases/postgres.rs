//! PostgreSQL: a template database, copied by the server for each test.

use std::process::id;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use loa_app::{Clock, SystemClock};

use super::{migrate, migrations_hash};

/// Any number does; processes that make the same template wait for each other.
const LOCK: &str = "SELECT pg_advisory_lock(7160429)";
/// Databases of runs that were killed are dropped after this many seconds.
const LEFTOVER_SECONDS: i64 = 3600;

/// A database on a test server.
pub(super) struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    pub(super) fn new(server: String) -> Self {
        let mut conn = connect(&server);
        let name = fresh_name(&mut conn);
        let template = format!("loa_template_{}", migrations_hash("postgres"));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        // Nearly always the template is there, and asking first would cost each test a round trip.
        if conn.batch_execute(&create).is_err() {
            make_template(&mut conn, &server, &template);
            conn.batch_execute(&create)
                .expect("a copy of the template database");
        }
        Self { server, name }
    }

    /// A database that a script has filled.
    pub(super) fn holding(server: String, script: &str) -> Self {
        let mut conn = connect(&server);
        let name = fresh_name(&mut conn);
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .expect("a database");
        let database = Self { server, name };
        connect(&database.url())
            .batch_execute(script)
            .expect("the script runs");
        database
    }

    pub(super) fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A failure here would hide the test's own; the next run sweeps.
        if let Ok(mut conn) = PgConnection::establish(&self.server) {
            drop_database(&mut conn, &self.name);
        }
    }
}

/// A name that no other test has. What killed runs have left is dropped on the first call.
fn fresh_name(conn: &mut PgConnection) -> String {
    static SWEPT: Once = Once::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemClock.now().micros() / 1_000_000;
    SWEPT.call_once(|| sweep(conn, now));
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("loa_test_{now}_{}_{count}", id())
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap_or_else(|error| {
        panic!("the server of LOA_TEST_POSTGRES_URL cannot be reached: {error}")
    })
}

/// Makes the template unless another process just did. It gets its name when it is complete.
fn make_template(conn: &mut PgConnection, server: &str, template: &str) {
    conn.batch_execute(LOCK).expect("the lock of the template");
    if databases(conn, template).is_empty() {
        let making = format!("{template}_making");
        drop_database(conn, &making);
        conn.batch_execute(&format!("CREATE DATABASE {making}"))
            .expect("a database");
        let url = with_database(server, &making);
        migrate(url.parse().expect("a PostgreSQL URL"));
        conn.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {template}"))
            .expect("the template gets its name");
    }
    conn.batch_execute("SELECT pg_advisory_unlock_all()")
        .expect("the lock is given back");
}

/// Drops databases of runs that had no chance to.
fn sweep(conn: &mut PgConnection, now: i64) {
    for name in databases(conn, "loa\\_test\\_%") {
        let made = name.split('_').nth(2).and_then(|at| at.parse::<i64>().ok());
        if made.is_some_and(|made| made < now - LEFTOVER_SECONDS) {
            drop_database(conn, &name);
        }
    }
}

fn drop_database(conn: &mut PgConnection, name: &str) {
    // Two runs may sweep the same.
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .ok();
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    datname: String,
}

fn databases(conn: &mut PgConnection, like: &str) -> Vec<String> {
    sql_query("SELECT datname::text FROM pg_database WHERE datname LIKE $1")
        .bind::<Text, _>(like)
        .load::<Name>(conn)
        .expect("the list of databases")
        .into_iter()
        .map(|row| row.datname)
        .collect()
}

/// The server's URL with another database: what stands between the last slash and the query.
fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, ""), |(a, q)| (a, q));
    let (address, _) = address.rsplit_once('/').expect("a URL with a database");
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{address}/{name}{joint}{query}")
}
