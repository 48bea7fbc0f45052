//! What is known of a database server without asking it.
//!
//! Not for asking: connections are made by the pools, and the pulse is `follow`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A server that has not answered the pulse for so long is silent.
pub(crate) const SILENCE: Duration = Duration::from_millis(1250);

/// One server, as all pools to it see it.
#[derive(Debug)]
pub(crate) struct Link {
    born: Instant,
    epoch: AtomicU64,
    refused: AtomicBool,
    deaf: AtomicBool,
    /// When the pulse was sent that is not answered yet, in milliseconds from `born`; else zero.
    asked: AtomicU64,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            born: Instant::now(),
            epoch: AtomicU64::new(0),
            refused: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            asked: AtomicU64::new(0),
        }
    }
}

impl Link {
    /// Rises with every failure: a connection from before it may be dead.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// Takes note that a connection broke.
    pub(crate) fn failed(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// Takes note of how an attempt to connect ended.
    pub(crate) fn connected(&self, took: bool) {
        self.refused.store(!took, Ordering::SeqCst);
        if !took {
            self.failed();
        }
    }

    /// Whether the last attempt to connect failed.
    pub(crate) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }

    /// Takes note that the pulse is sent. The time of the first one counts that is not answered.
    pub(crate) fn ask(&self) {
        let now = self.age().max(1);
        self.asked
            .compare_exchange(0, now, Ordering::SeqCst, Ordering::SeqCst)
            .ok();
    }

    /// Takes note that the server has answered, whatever it said.
    pub(crate) fn answered(&self) {
        self.asked.store(0, Ordering::SeqCst);
    }

    /// Whether the pulse has been without an answer for too long.
    pub(crate) fn is_silent(&self) -> bool {
        self.is_silent_for(SILENCE)
    }

    fn is_silent_for(&self, longest: Duration) -> bool {
        let asked = self.asked.load(Ordering::SeqCst);
        asked > 0 && u128::from(self.age().saturating_sub(asked)) >= longest.as_millis()
    }

    /// Takes note of whether the log was heard.
    pub(crate) fn heard(&self, well: bool) {
        self.deaf.store(!well, Ordering::SeqCst);
    }

    /// Whether changes may be missed: the log could not be heard the last time.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::SeqCst) || self.is_silent()
    }

    fn age(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_begins_with_a_question_and_ends_with_its_answer() {
        let link = Link::default();
        assert!(!link.is_silent_for(Duration::ZERO));
        link.ask();
        assert!(link.is_silent_for(Duration::ZERO));
        assert!(!link.is_silent_for(Duration::from_hours(1)));
        link.answered();
        assert!(!link.is_silent_for(Duration::ZERO));
    }

    #[test]
    fn a_failure_makes_older_connections_suspect() {
        let link = Link::default();
        let before = link.epoch();
        link.connected(true);
        assert_eq!((link.epoch(), link.is_refused()), (before, false));
        link.connected(false);
        assert!(link.is_refused());
        assert!(link.epoch() > before);
        link.connected(true);
        assert!(!link.is_refused());
    }
}
