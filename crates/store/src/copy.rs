//! Copying an `SQLite` database while others write to it.
//!
//! The one file that uses rusqlite: diesel has no backup API. Not for PostgreSQL, whose own tools do
//! this, and not for looking at what was copied.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

/// Pages copied in one step.
const STEP: i32 = 128;
/// Steps after which what was copied is pushed to the disk: a writer's own sync would otherwise
/// wait behind all of it.
const SYNC: u32 = 8;
/// Longest pause after a step. It is as long as the step was: half of the time is for others.
const PAUSE: Duration = Duration::from_millis(20);
/// Longest wait for a lock. In WAL mode a reader needs none, but for the moment after a crash.
const BUSY: Duration = Duration::from_secs(5);

/// Why a copy was not made.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is no such file.
    #[error("there is no database at this path")]
    Missing,
    /// The copy cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// `SQLite` says so.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Copies the database as it is now to an empty file, whatever is written meanwhile; `progress`
/// hears how many pages are done. The end of the file is not synced to the disk.
///
/// # Errors
/// When there is no database, or one of the files cannot be read or written; the new file is worth
/// nothing then.
pub fn copy_sqlite(from: &Path, to: &Path, mut progress: impl FnMut(u64)) -> Result<(), CopyError> {
    if !from.exists() {
        return Err(CopyError::Missing);
    }
    let source = Connection::open_with_flags(
        from,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    source.busy_timeout(BUSY)?;
    // One transaction around all steps: otherwise every commit of the server would make the copy
    // begin anew. It starts with the first read.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    let file = File::open(to)?;
    let mut copy = open(to)?;
    // A copy that breaks off is thrown away, so nothing has to be undone there.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    {
        let backup = Backup::new(&source, &mut copy)?;
        let (mut begun, mut steps) = (Instant::now(), 0_u32);
        while backup.step(STEP)? != StepResult::Done {
            let at = backup.progress();
            progress(u64::try_from(at.pagecount - at.remaining).unwrap_or(0));
            steps += 1;
            if steps.is_multiple_of(SYNC) {
                file.sync_data()?;
            }
            std::thread::park_timeout(begun.elapsed().min(PAUSE));
            begun = Instant::now();
        }
    }
    drop(copy);
    // Not before: closing a file takes away the locks that SQLite has on it.
    drop(file);
    settle_sqlite(to)
}

/// Makes a database that nobody uses one file, without a WAL beside it, until it is served again. A pool
/// may close its last connection on a thread of its own, a moment after the store is gone; that is waited for.
///
/// # Errors
/// When somebody uses it, or the file cannot be written.
pub fn settle_sqlite(path: &Path) -> Result<(), CopyError> {
    let file = open(path)?;
    let started = Instant::now();
    loop {
        // The timeout for locks does not cover this statement.
        let mode: Result<String, _> =
            file.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
        match mode {
            Ok(mode) if mode == "delete" => return Ok(()),
            Err(error) if !is_busy(&error) => return Err(error.into()),
            _ if started.elapsed() >= BUSY => {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                return Err(rusqlite::Error::SqliteFailure(code, None).into());
            }
            _ => std::thread::park_timeout(PAUSE),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

fn open(path: &Path) -> Result<Connection, CopyError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags)?;
    file.busy_timeout(BUSY)?;
    Ok(file)
}
