//! Heads of the audit trail, kept outside the database every hour: in the log and in a file.
//!
//! Records that are cut off at the end of a chain together with its head are missed by whoever
//! remembers the head. Only heads that moved are written, so a quiet chain costs nothing. Not for
//! comparing: `loa audit verify --anchor FILE` reads both.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use loa_app::{Error, StoreFailure};
use loa_domain::audit::AuditHead;
use loa_domain::time::Moment;
use serde_json::json;

const EVERY: Duration = Duration::from_hours(1);
/// Heads in one line of the log.
const A_LINE: usize = 50;
/// A file that is longer becomes `FILE.1`, in place of the one before.
const LONGEST: u64 = 8 << 20;

/// What was kept in one place, and when.
#[derive(Default)]
struct Kept {
    heads: BTreeMap<String, AuditHead>,
    at: Option<Instant>,
}

impl Kept {
    fn is_due(&self, now: Instant) -> bool {
        self.at
            .is_none_or(|at| now.saturating_duration_since(at) >= EVERY)
    }

    /// Those that moved.
    fn news(&self, heads: &[AuditHead]) -> Vec<AuditHead> {
        let is_known = |head: &AuditHead| self.heads.get(&head.chain) == Some(head);
        heads
            .iter()
            .filter(|head| !is_known(head))
            .cloned()
            .collect()
    }

    fn done(&mut self, heads: Vec<AuditHead>, now: Instant) {
        self.at = Some(now);
        let named = heads.into_iter().map(|head| (head.chain.clone(), head));
        self.heads.extend(named);
    }
}

/// Keeps heads.
pub(super) struct Keeper {
    path: Option<PathBuf>,
    log: Kept,
    file: Kept,
}

impl Keeper {
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self {
            path,
            log: Kept::default(),
            file: Kept::default(),
        }
    }

    /// Keeps the heads where that was not done for an hour.
    ///
    /// # Errors
    /// Of the database and of the file; what could be done is done.
    pub(super) fn keep(
        &mut self,
        now: Instant,
        at: Moment,
        heads: impl FnOnce() -> Result<Vec<AuditHead>, StoreFailure>,
    ) -> Result<(), Error> {
        let path = self.path.as_deref().filter(|_| self.file.is_due(now));
        if path.is_none() && !self.log.is_due(now) {
            return Ok(());
        }
        let heads = heads()?;
        if self.log.is_due(now) {
            let news = self.log.news(&heads);
            for some in news.chunks(A_LINE) {
                let audit_heads = serde_json::to_string(some)?;
                tracing::info!(target: "loa::anchors", audit_heads, "heads of the audit trail");
            }
            self.log.done(news, now);
        }
        if let Some(path) = path {
            let wrong = |error: std::io::Error| {
                Error::Internal(format!(
                    "heads cannot be kept in {}: {error}",
                    path.display()
                ))
            };
            if turn_over(path).map_err(wrong)? {
                self.file.heads.clear();
            }
            let news = self.file.news(&heads);
            if !news.is_empty() {
                append(path, &json!({"at": at, "audit_heads": news}).to_string()).map_err(wrong)?;
            }
            self.file.done(news, now);
        }
        Ok(())
    }
}

/// Puts a file away that is too long. Gives whether it did.
fn turn_over(path: &Path) -> std::io::Result<bool> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > LONGEST) {
        let mut old = path.as_os_str().to_owned();
        old.push(".1");
        std::fs::rename(path, old)?;
        return Ok(true);
    }
    Ok(false)
}

/// Adds a line and has it on the disk. A line that was broken off before is ended first.
fn append(path: &Path, line: &str) -> std::io::Result<()> {
    let is_new = !path.exists();
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let mut text = String::new();
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push('\n');
        }
    }
    text.push_str(line);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    if is_new {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(numbers: &[i64]) -> Vec<AuditHead> {
        let head = |(chain, number): (usize, &i64)| AuditHead {
            chain: format!("chain {chain}"),
            number: *number,
            hash: format!("hash {number}"),
        };
        numbers.iter().enumerate().map(head).collect()
    }

    #[test]
    fn heads_that_moved_are_added_once_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads");
        std::fs::write(&path, "{\"audit_heads\": [").unwrap();
        let mut keeper = Keeper::new(Some(path.clone()));
        let start = Instant::now();
        let at: Moment = "2026-11-25T00:00:00Z".parse().unwrap();
        let mut keep = |minutes: u64, numbers: &[i64]| {
            let now = start + Duration::from_mins(minutes);
            keeper.keep(now, at, || Ok(heads(numbers))).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().skip(1);
            let count = |line: &str| {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                line.get("audit_heads").unwrap().as_array().unwrap().len()
            };
            lines.map(count).collect::<Vec<_>>()
        };
        assert_eq!(keep(0, &[1, 1]), [2], "the broken line is ended");
        assert_eq!(keep(59, &[2, 1]), [2], "too early");
        assert_eq!(keep(60, &[3, 1]), [2, 1]);
        assert_eq!(keep(120, &[3, 1]), [2, 1], "nothing moved");
        assert_eq!(keep(180, &[3, 1, 1]), [2, 1, 1]);
    }

    #[test]
    fn a_long_file_is_put_away_and_the_next_has_every_head() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads");
        let mut keeper = Keeper::new(Some(path.clone()));
        let start = Instant::now();
        let at: Moment = "2026-11-25T00:00:00Z".parse().unwrap();
        keeper.keep(start, at, || Ok(heads(&[1, 1]))).unwrap();
        let long = OpenOptions::new().write(true).open(&path).unwrap();
        long.set_len(LONGEST + 1).unwrap();
        keeper
            .keep(start + EVERY, at, || Ok(heads(&[1, 2])))
            .unwrap();
        assert!(folder.path().join("heads.1").exists());
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches("hash").count(), 4, "{text}");
    }

    #[test]
    fn what_cannot_be_kept_is_tried_again_soon() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/heads");
        let mut keeper = Keeper::new(Some(path.clone()));
        let start = Instant::now();
        let at: Moment = "2026-11-25T00:00:00Z".parse().unwrap();
        assert!(keeper.keep(start, at, || Ok(heads(&[1]))).is_err());
        std::fs::create_dir(folder.path().join("missing")).unwrap();
        let next = start + Duration::from_mins(1);
        keeper.keep(next, at, || Ok(heads(&[1]))).unwrap();
        assert!(path.exists());
    }
}
