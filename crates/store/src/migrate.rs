//! Migrations: embedded, the same names for both databases.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::conn::{AnyConn, Conn, Purpose};
use crate::error::Error;
use crate::store::Store;
use crate::tx;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Diesel's list of what has run.
const TABLE: &str = "__diesel_schema_migrations";

/// Any number does, so long as every node of every release uses the same.
const LOCK: &str = "SELECT pg_advisory_lock(7160428)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7160428)";

/// A migration and whether it has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name.
    pub name: String,
    /// Whether it has run.
    pub applied: bool,
}

/// The migrations of a database.
pub struct Migrations<'s> {
    store: &'s Store,
}

impl Store {
    /// The migrations of this database.
    pub fn migrations(&self) -> Migrations<'_> {
        Migrations { store: self }
    }
}

impl Migrations<'_> {
    /// Runs what has not run yet and gives the names. Other nodes wait meanwhile.
    ///
    /// # Errors
    /// When the database is away or a file that cannot be written, a migration fails, or the
    /// database knows migrations that this binary does not: it is of a newer release.
    pub fn run(&self) -> Result<Vec<String>, Error> {
        let mut conn = Conn::open(self.store.url(), self.store.link(), Purpose::Write)?;
        if conn.is_sqlite() {
            can_be_written(&mut conn)?;
        }
        locked(&mut conn, |conn| {
            refuse_newer(conn)?;
            let ran = Harness::of(conn).run_pending().map_err(failed)?;
            if !ran.is_empty() {
                references_hold(conn)?;
            }
            Ok(ran)
        })
    }

    /// The names of what has not run yet. Changes nothing and needs to be able to read only.
    ///
    /// # Errors
    /// When the database is away, or of a newer release.
    pub fn pending(&self) -> Result<Vec<String>, Error> {
        let mut conn = Conn::open(self.store.url(), self.store.link(), Purpose::Write)?;
        refuse_newer(&mut conn)?;
        let missing = status(&mut conn)?.into_iter().filter(|it| !it.applied);
        Ok(missing.map(|migration| migration.name).collect())
    }

    /// Lets a role of PostgreSQL read and write rows, and nothing more: no tables, and no list of
    /// migrations. What it had stays.
    ///
    /// # Errors
    /// When the role or the database is not there, or this one does not own the tables.
    pub fn grant_rows(&self, role: &str) -> Result<(), Error> {
        let mut conn = Conn::open(self.store.url(), self.store.link(), Purpose::Write)?;
        if conn.is_sqlite() {
            return Err(Error::Migration("SQLite has no roles".to_owned()));
        }
        let role = format!("\"{}\"", role.replace('"', "\"\""));
        locked(&mut conn, |conn| {
            conn.batch(&format!(
                "GRANT USAGE ON SCHEMA public TO {role};
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
                 GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
                 REVOKE INSERT, UPDATE, DELETE ON {TABLE} FROM {role};"
            ))
        })
    }

    /// Takes back the last `count` migrations; for tests of the `down.sql` files.
    ///
    /// # Errors
    /// As [`Migrations::run`].
    pub fn revert(&self, count: usize) -> Result<(), Error> {
        let mut conn = Conn::open(self.store.url(), self.store.link(), Purpose::Write)?;
        locked(&mut conn, |conn| {
            let mut harness = Harness::of(conn);
            (0..count)
                .try_for_each(|_| harness.revert_last())
                .map_err(failed)?;
            references_hold(conn)
        })
    }

    /// Every migration of this binary, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub fn status(&self) -> Result<Vec<MigrationStatus>, Error> {
        let mut conn = Conn::open(self.store.url(), self.store.link(), Purpose::Write)?;
        status(&mut conn)
    }
}

fn status(conn: &mut Conn) -> Result<Vec<MigrationStatus>, Error> {
    let applied = applied(conn)?;
    let names = Harness::of(conn).names().map_err(failed)?;
    Ok(names
        .into_iter()
        .map(|(version, name)| MigrationStatus {
            applied: applied.contains(&version),
            name,
        })
        .collect())
}

/// Versions of what has run. Diesel's own question makes the table first, which takes more rights
/// than a question should.
fn applied(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let there = conn.system_line(&if conn.is_sqlite() {
        format!("SELECT name AS line FROM sqlite_master WHERE name = '{TABLE}'")
    } else {
        format!(
            "SELECT to_regclass('{TABLE}')::text AS line WHERE to_regclass('{TABLE}') IS NOT NULL"
        )
    })?;
    if there.is_none() {
        return Ok(Vec::new());
    }
    conn.system_lines(&format!(
        "SELECT CAST(version AS TEXT) AS line FROM {TABLE} ORDER BY version"
    ))
}

/// Versions of the migrations that this binary has for the database, oldest first.
///
/// # Errors
/// Never, but for damage to the binary.
pub fn system_known_migrations(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let names = Harness::of(conn).names().map_err(failed)?;
    Ok(names.into_iter().map(|(version, _)| version).collect())
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The harness of whichever database.
enum Harness<'c> {
    Sqlite(&'c mut diesel::SqliteConnection),
    Pg(&'c mut diesel::PgConnection),
}

impl<'c> Harness<'c> {
    fn of(conn: &'c mut Conn) -> Self {
        match conn.any() {
            AnyConn::Sqlite(c) => Harness::Sqlite(c),
            AnyConn::Pg(c) => Harness::Pg(c),
        }
    }

    fn run_pending(&mut self) -> Result<Vec<String>, Failure> {
        let texts = |ran: Vec<diesel::migration::MigrationVersion<'_>>| {
            ran.iter().map(ToString::to_string).collect()
        };
        match self {
            Harness::Sqlite(c) => c.run_pending_migrations(SQLITE).map(texts),
            Harness::Pg(c) => c.run_pending_migrations(POSTGRES).map(texts),
        }
    }

    fn revert_last(&mut self) -> Result<(), Failure> {
        match self {
            Harness::Sqlite(c) => c.revert_last_migration(SQLITE).map(drop),
            Harness::Pg(c) => c.revert_last_migration(POSTGRES).map(drop),
        }
    }

    fn names(&mut self) -> Result<Vec<(String, String)>, Failure> {
        use diesel::migration::{Migration, MigrationSource};
        let mut names: Vec<(String, String)> = match self {
            Harness::Sqlite(_) => {
                let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations()?;
                all.iter()
                    .map(|m| (m.name().version().to_string(), m.name().to_string()))
                    .collect()
            }
            Harness::Pg(_) => {
                let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> = POSTGRES.migrations()?;
                all.iter()
                    .map(|m| (m.name().version().to_string(), m.name().to_string()))
                    .collect()
            }
        };
        names.sort();
        Ok(names)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn failed(failure: Failure) -> Error {
    Error::Migration(failure.to_string())
}

/// Asked even when there is nothing to run: a file that can only be read opens all the same, and
/// whether it can be read then depends on how its last writer ended. `BEGIN IMMEDIATE` alone would
/// begin a transaction that reads.
fn can_be_written(conn: &mut Conn) -> Result<(), Error> {
    match conn.batch("BEGIN IMMEDIATE; CREATE TABLE can_be_written (n INTEGER); ROLLBACK;") {
        // Somebody else is writing.
        Err(Error::Busy) => Ok(()),
        other => other,
    }
}

fn refuse_newer(conn: &mut Conn) -> Result<(), Error> {
    let applied = applied(conn)?;
    let known = Harness::of(conn).names().map_err(failed)?;
    match applied
        .iter()
        .find(|version| !known.iter().any(|(own, _)| own == *version))
    {
        Some(unknown) => Err(Error::Migration(format!(
            "the database is of a newer release (migration {unknown} is not known here); \
             use the release that made it, or a newer one"
        ))),
        None => Ok(()),
    }
}

/// Refuses what would leave a row that refers to nothing. PostgreSQL sees to that itself.
fn references_hold(conn: &mut Conn) -> Result<(), Error> {
    let AnyConn::Sqlite(c) = conn.any() else {
        return Ok(());
    };
    let broken: Vec<Reference> = diesel::sql_query(
        "SELECT DISTINCT \"table\" AS child, parent FROM pragma_foreign_key_check",
    )
    .load(c)?;
    match broken.first() {
        None => Ok(()),
        Some(Reference { child, parent }) => Err(Error::Migration(format!(
            "rows of {child} refer to rows of {parent} that are not there"
        ))),
    }
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// All of it in one transaction of the only writer: another process waits for its end, then finds
/// nothing to do. Each migration is a part of it that cannot be half done.
///
/// Foreign keys are not enforced meanwhile, since a migration may have to build a table anew, and
/// dropping the old one would delete the rows that refer to it (`ON DELETE CASCADE`). The setting cannot
/// be changed inside a transaction, and the connection is not used for anything else.
fn alone<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
    conn.batch("PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = OFF;")?;
    tx::begin(conn)?;
    let result = work(conn).and_then(|done| tx::commit(conn).map(|()| done));
    if result.is_err() {
        // The connection is not used again; closing it would take everything back as well.
        tx::rollback(conn)?;
    }
    result
}

fn locked<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    if conn.is_sqlite() {
        return alone(conn, work);
    }
    // A node that waits for another's migrations may wait longer than any query should.
    conn.batch("SET statement_timeout = 0; SET lock_timeout = 0;")?;
    conn.batch(LOCK)?;
    let result = work(conn);
    // The lock ends with the connection at the latest, so what went wrong before is more to the point.
    let unlocked = conn.batch(UNLOCK);
    result.and_then(|done| unlocked.map(|()| done))
}
