//! The arithmetic of one counter of failed sign-ins: how many are left, when it locks, for how long.
//!
//! Plain functions. Not for what is counted by what, nor for storing it.

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_store::sign_in_counters::Counter;

/// How many failures are too many, and how long the first lock lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLimits {
    /// Failures of one account from one network, or on one known device.
    pub tries: u32,
    /// How long failures are added up, and how long the first lock lasts. Each further one lasts twice as
    /// long as the one before.
    pub lock: TimeDelta,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self {
            tries: 5,
            lock: TimeDelta::minutes(15),
        }
    }
}

/// After so much time without a lock and without a failure, the next lock is as short as the first.
const QUIET: TimeDelta = TimeDelta::hours(24);
/// No lock lasts longer, unless the first one does by setting.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// Locks are doubled at most so often: 15 minutes become 4 hours.
const DOUBLINGS: i32 = 4;

/// What is left of a counter: failures, and seconds until there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) failures: u32,
    pub(super) seconds: u32,
}

/// What is left now, of `limit` failures.
pub(super) fn left(counter: Option<Counter>, limit: u32, lock: TimeDelta, now: Moment) -> Left {
    let Some(counter) = counter.map(|counter| current(counter, lock, now)) else {
        return Left {
            failures: limit,
            seconds: 0,
        };
    };
    match counter.locked_until {
        Some(until) => Left {
            failures: 0,
            seconds: seconds_until(until, now),
        },
        None if counter.failures == 0 => Left {
            failures: limit,
            seconds: 0,
        },
        None => Left {
            failures: limit.saturating_sub(counter.failures.unsigned_abs()),
            seconds: seconds_until(counter.since.after(lock), now),
        },
    }
}

/// The counter with one failure more, for one that is not locked. The last one allowed locks it.
pub(super) fn add(counter: Option<Counter>, limit: u32, lock: TimeDelta, now: Moment) -> Counter {
    let mut counter = counter.map_or_else(|| fresh(now), |counter| current(counter, lock, now));
    if counter.failures == 0 {
        counter.since = now;
    }
    counter.failures = counter.failures.saturating_add(1);
    let mut meant_until = counter.since.after(lock);
    if counter.failures.unsigned_abs() >= limit {
        let until = now.after(length(lock, counter.locks));
        counter.locked_until = Some(until);
        counter.locks = counter.locks.saturating_add(1);
        meant_until = meant_until.max(until);
    }
    counter.forget_at = meant_until.after(QUIET);
    counter
}

/// The counter without a failure that turned out to be none; it was as `then` says when that was counted.
/// None when it counts something else by now.
pub(super) fn give_back(counter: Counter, then: &Counter, limit: u32) -> Option<Counter> {
    if counter.since != then.since || counter.failures == 0 {
        return None;
    }
    let mut given = counter;
    given.failures = counter.failures.saturating_sub(1);
    if counter.locked_until.is_some() && given.failures.unsigned_abs() < limit {
        given.locked_until = None;
        given.locks = counter.locks.saturating_sub(1);
    }
    Some(given)
}

fn fresh(now: Moment) -> Counter {
    Counter {
        failures: 0,
        since: now,
        locks: 0,
        locked_until: None,
        forget_at: now,
    }
}

/// The counter as it is now: without failures and locks that are over.
fn current(counter: Counter, lock: TimeDelta, now: Moment) -> Counter {
    if counter.forget_at <= now {
        return fresh(now);
    }
    let over = match counter.locked_until {
        Some(until) => until <= now,
        None => counter.since.after(lock) <= now,
    };
    if over {
        Counter {
            failures: 0,
            locked_until: None,
            ..counter
        }
    } else {
        counter
    }
}

/// How long a lock lasts that follows so many others.
fn length(lock: TimeDelta, before: i32) -> TimeDelta {
    let doubled = lock * (1_i32 << before.clamp(0, DOUBLINGS));
    doubled.min(LONGEST.max(lock))
}

/// Whole seconds, rounded up, so that whoever waits them does not come too early.
fn seconds_until(at: Moment, now: Moment) -> u32 {
    let micros = at.micros().saturating_sub(now.micros()).max(0);
    u32::try_from(micros.unsigned_abs().div_ceil(1_000_000)).unwrap_or(u32::MAX)
}

pub(super) fn seconds(delta: TimeDelta) -> u32 {
    u32::try_from(delta.num_seconds().max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u32 = 3;

    fn lock() -> TimeDelta {
        TimeDelta::minutes(15)
    }

    fn at(minutes: i64) -> Moment {
        let start: Moment = "2026-07-01T01:00:00Z".parse().unwrap();
        start.after(TimeDelta::minutes(minutes))
    }

    /// Failures until it locks; gives the lock's length in minutes.
    fn fail(counter: &mut Option<Counter>, now: Moment) -> i64 {
        for left_over in (0..LIMIT).rev() {
            *counter = Some(add(*counter, LIMIT, lock(), now));
            assert_eq!(left(*counter, LIMIT, lock(), now).failures, left_over);
        }
        let until = counter.unwrap().locked_until.unwrap();
        assert_eq!(
            i64::from(left(*counter, LIMIT, lock(), now).seconds),
            (until.micros() - now.micros()) / 1_000_000
        );
        (until.micros() - now.micros()) / 60_000_000
    }

    #[test]
    fn locks_grow_and_are_forgotten_after_a_quiet_day() {
        let mut counter = None;
        let mut now = at(0);
        for minutes in [15, 30, 60, 120, 240, 240] {
            assert_eq!(fail(&mut counter, now), minutes);
            let last = now.after(
                TimeDelta::minutes(minutes)
                    .checked_sub(&TimeDelta::seconds(1))
                    .unwrap(),
            );
            assert_eq!(
                left(counter, LIMIT, lock(), last),
                Left {
                    failures: 0,
                    seconds: 1
                }
            );
            now = now.after(TimeDelta::minutes(minutes));
            assert_eq!(left(counter, LIMIT, lock(), now).failures, LIMIT);
        }
        assert_eq!(fail(&mut counter, now.after(TimeDelta::hours(23))), 240);
        let quiet = now.after(TimeDelta::hours(23 + 4 + 24));
        assert_eq!(fail(&mut counter, quiet), 15);
    }

    #[test]
    fn failures_far_apart_are_not_added_up() {
        let mut counter = None;
        for n in 0..20 {
            counter = Some(add(counter, LIMIT, lock(), at(n * 15)));
            assert_eq!(counter.unwrap().failures, 1);
        }
        counter = Some(add(counter, LIMIT, lock(), at(19 * 15 + 14)));
        assert_eq!(
            left(counter, LIMIT, lock(), at(19 * 15 + 14)),
            Left {
                failures: 1,
                seconds: 60
            }
        );
    }

    #[test]
    fn what_was_no_failure_is_given_back_with_its_lock() {
        let two = add(Some(add(None, LIMIT, lock(), at(0))), LIMIT, lock(), at(1));
        let three = add(Some(two), LIMIT, lock(), at(2));
        assert!(three.locked_until.is_some());
        let given = give_back(three, &three, LIMIT).unwrap();
        assert_eq!(
            (given.failures, given.locks, given.locked_until),
            (2, 0, None)
        );
        // Counting has begun anew meanwhile: nothing of that is given back.
        let anew = add(Some(three), LIMIT, lock(), at(60));
        assert_eq!(give_back(anew, &three, LIMIT), None);
    }

    #[test]
    fn a_long_lock_by_setting_stays_as_long() {
        assert_eq!(length(TimeDelta::hours(48), 3), TimeDelta::hours(48));
        assert_eq!(length(TimeDelta::hours(12), 3), TimeDelta::hours(24));
    }
}
