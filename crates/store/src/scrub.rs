//! Cleaning the files of the database, so that nothing of deleted or overwritten rows is left there.
//!
//! For after an expunction. Not for saving space, and not for what other machines hold: replicas,
//! archived WAL, backups.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

use crate::conn::{AnyConn, Conn, Purpose};
use crate::error::Error;
use crate::store::Store;

/// Tables that hold texts of entries, or what was said of them.
const TABLES: &str = "revisions, entries, editions, transitions, paths, preview_links, \
    published_entries, published_attributes, published_paths, published_withdrawals, \
    idempotency_keys, audit";

/// How often it is tried to empty the WAL; each time waits for readers.
const TRIES: u32 = 3;

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

impl Store {
    /// Cleans the files. May take long: nobody writes to an `SQLite` file meanwhile, and it needs
    /// room for a second copy. Run again it does no harm.
    ///
    /// # Errors
    /// `Busy` when others read the file without a pause; `Full` when there is no room.
    pub fn scrub(&self) -> Result<(), Error> {
        let mut conn = Conn::open(self.url(), self.link(), Purpose::Write)?;
        if !conn.is_sqlite() {
            conn.batch("SET statement_timeout = 0; SET lock_timeout = 0;")?;
            conn.batch(&only_by_owner())?;
            return conn.batch(&format!("VACUUM {TABLES}"));
        }
        conn.batch("PRAGMA busy_timeout = 10000; PRAGMA secure_delete = ON;")?;
        // The copy is as large as the database.
        conn.batch("PRAGMA temp_store = FILE;")?;
        conn.batch("VACUUM")?;
        for _ in 0..TRIES {
            if truncate_wal(&mut conn)? {
                return Ok(());
            }
        }
        Err(Error::Busy)
    }
}

/// Fails for whoever does not own the tables: PostgreSQL would pass them over with a warning, and
/// nothing would be clean.
fn only_by_owner() -> String {
    let names = TABLES.split(", ").map(|name| format!("'{name}'"));
    let names: Vec<String> = names.collect();
    format!(
        "DO $do$
        BEGIN
            IF EXISTS (SELECT 1 FROM pg_class WHERE oid = ANY (ARRAY[{}]::regclass[])
                       AND NOT pg_has_role(relowner, 'USAGE')) THEN
                RAISE EXCEPTION 'only the owner of the tables can clean them: run this again with \
                    the database URL of that role, as for loa migrate up';
            END IF;
        END $do$",
        names.join(", ")
    )
}

/// Moves the WAL into the database and cuts it to nothing; false when readers are in the way.
fn truncate_wal(conn: &mut Conn) -> Result<bool, Error> {
    let query = "PRAGMA wal_checkpoint(TRUNCATE)";
    let result: Checkpoint = match conn.any() {
        AnyConn::Sqlite(c) => sql_query(query).get_result(c)?,
        AnyConn::Pg(_) => return Ok(true),
    };
    Ok(result.busy == 0)
}
