//! Entries that the clock could not move, and when it tries them again.
//!
//! Kept by each node for itself: after a restart everything is tried at once. Not for publications
//! that a rule refused: those wait for a person.

use std::collections::HashMap;

use chrono::TimeDelta;
use loa_domain::ids::EntryId;
use loa_domain::time::Moment;

/// Longest wait before an entry is tried again, in seconds.
const MAX_SECONDS: i64 = 300;

struct Setback {
    failures: u32,
    again: Moment,
    /// Whether the walk at hand has come across the entry.
    met: bool,
}

/// What failed lately. The wait doubles with each failure in a row, from a second to five minutes.
#[derive(Default)]
pub struct Setbacks(HashMap<EntryId, Setback>);

impl Setbacks {
    pub(super) fn begin(&mut self) {
        for setback in self.0.values_mut() {
            setback.met = false;
        }
    }

    /// After a walk over all that is due: what is due no longer is forgotten.
    pub(super) fn end(&mut self) {
        self.0.retain(|_, setback| setback.met);
    }

    pub(super) fn may_try(&mut self, entry: EntryId, now: Moment) -> bool {
        let Some(setback) = self.0.get_mut(&entry) else {
            return true;
        };
        setback.met = true;
        setback.again <= now
    }

    /// Notes a failure; gives when the entry is tried again.
    pub(super) fn note(&mut self, entry: EntryId, now: Moment) -> Moment {
        let setback = self.0.entry(entry).or_insert(Setback {
            failures: 0,
            again: now,
            met: true,
        });
        let wait = MAX_SECONDS.min(1 << setback.failures.min(16));
        setback.failures = setback.failures.saturating_add(1);
        setback.again = now.after(TimeDelta::seconds(wait));
        setback.again
    }

    pub(super) fn forget(&mut self, entry: EntryId) {
        self.0.remove(&entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_end_with_what_caused_them() {
        let entry = crate::fresh_id(Moment::new(chrono::DateTime::UNIX_EPOCH));
        let mut now: Moment = "2026-11-20T02:00:00Z".parse().unwrap();
        let mut setbacks = Setbacks::default();
        assert!(setbacks.may_try(entry, now));
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let again = setbacks.note(entry, now);
            assert_eq!(again, now.after(TimeDelta::seconds(seconds)));
            assert!(!setbacks.may_try(entry, again.before(TimeDelta::microseconds(1))));
            assert!(setbacks.may_try(entry, again));
            now = again;
        }
        setbacks.begin();
        setbacks.may_try(entry, now);
        setbacks.end();
        assert_eq!(setbacks.0.len(), 1, "it is due still");
        setbacks.begin();
        setbacks.end();
        assert!(setbacks.0.is_empty());
    }
}
