//! What was measured, as a file that each part of a run adds to.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::addresses::Load;
use crate::out::Outcome;

/// Everything.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    /// Entries of the set that reads and starts were measured with.
    pub(crate) entries: i64,
    pub(crate) reads: Vec<Read>,
    pub(crate) starts: Vec<Start>,
    pub(crate) pages: Vec<Page>,
    pub(crate) publishing: Vec<Publishing>,
}

/// How fast a server was under one load.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Speed {
    pub(crate) per_second: f64,
    /// Half of the answers took this long at most, in microseconds.
    pub(crate) p50: f64,
    /// 99 of 100 answers.
    pub(crate) p99: f64,
    /// Processor time of the server for a request, in microseconds.
    pub(crate) cpu: f64,
}

/// One load on one configuration; medians of all rounds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Read {
    pub(crate) database: String,
    pub(crate) cached: bool,
    pub(crate) load: Load,
    pub(crate) loa: Speed,
    pub(crate) bare: Speed,
}

/// A server from its start to its end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) database: String,
    pub(crate) cached: bool,
    pub(crate) ready_ms: f64,
    /// At the peak of all its loads.
    pub(crate) memory_mib: f64,
}

/// A page of a list in a small and in a large site; medians, in microseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) database: String,
    pub(crate) list: String,
    pub(crate) place: String,
    /// Entries of the two sites.
    pub(crate) entries: (i64, i64),
    /// Cards on the page.
    pub(crate) cards: usize,
    pub(crate) small: f64,
    pub(crate) large: f64,
}

/// Publications of so many clients at once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Publishing {
    pub(crate) database: String,
    pub(crate) clients: usize,
    pub(crate) per_second: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Bytes of the write-ahead log for one publication, and commits per second of a bare file with
    /// as many; SQLite only.
    pub(crate) wal_bytes: Option<u64>,
    pub(crate) commits_per_second: Option<f64>,
}

impl Results {
    fn file(work: &Path) -> PathBuf {
        work.join("results.json")
    }

    /// What there is so far.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(crate) fn load(work: &Path) -> Outcome<Self> {
        match std::fs::read(Self::file(work)) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes everything.
    ///
    /// # Errors
    /// Of the file.
    pub(crate) fn save(&self, work: &Path) -> Outcome<()> {
        Ok(std::fs::write(
            Self::file(work),
            serde_json::to_vec_pretty(self)?,
        )?)
    }
}

/// The middle one of some numbers; zero when there are none.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    percentile(numbers, 50)
}

/// The number that so many of a hundred do not exceed; zero when there are none.
pub(crate) fn percentile(numbers: impl IntoIterator<Item = f64>, percent: usize) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    let at = numbers.len() * percent / 100;
    let at = at.min(numbers.len().saturating_sub(1));
    numbers.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_found_whatever_the_order() {
        assert!((median([3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((percentile((1..=100).map(f64::from), 99) - 100.0).abs() < f64::EPSILON);
        assert!(median([]).abs() < f64::EPSILON);
    }
}
