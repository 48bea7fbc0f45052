//! What the disk can do: commits per second of a bare SQLite file.

use std::path::Path;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::out::Outcome;
use crate::random::Random;

/// A page of the database with its header in the write-ahead log.
const FRAME: u64 = 4_096 + 24;
/// Different places to write to.
const PLACES: u64 = 64;

/// Commits per second, each with so many bytes for the write-ahead log, each waited for as Loa
/// waits for its own.
///
/// # Errors
/// Of the database.
pub(crate) fn per_second(work: &Path, wal_bytes: u64, commits: usize) -> Outcome<f64> {
    let file = work.join("commits.db");
    let pages = (wal_bytes / FRAME).max(1);
    let mut conn = SqliteConnection::establish(&file.to_string_lossy())?;
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    // A row of this length has a page of its own.
    conn.batch_execute(&format!(
        "DROP TABLE IF EXISTS filled; CREATE TABLE filled (n INTEGER PRIMARY KEY, bytes BLOB); \
         WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {}) \
         INSERT INTO filled SELECT n, randomblob(3900) FROM number;",
        pages * PLACES
    ))?;
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let mut random = Random::new(wal_bytes);
    let started = Instant::now();
    for _ in 0..commits {
        let first = random.next() % PLACES * pages;
        conn.batch_execute(&format!(
            "UPDATE filled SET bytes = randomblob(3900) WHERE n > {first} AND n <= {}",
            first + pages
        ))?;
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(f64::from(u32::try_from(commits)?) / seconds)
}
