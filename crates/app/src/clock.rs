//! What time it is: the machine's clock, or one that somebody sets.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use loa_domain::time::Moment;

/// A source of time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Moment {
        Moment::new(chrono::Utc::now())
    }
}

/// A clock that stands until it is moved: for tests, and for seeding content of past days.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn at(at: Moment) -> Self {
        Self(AtomicI64::new(at.micros()))
    }

    /// Shows `at` from now on.
    pub fn set(&self, at: Moment) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }

    /// Moves forward.
    pub fn advance(&self, delta: TimeDelta) {
        self.set(self.now().after(delta));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
            .unwrap_or(Moment::new(chrono::DateTime::UNIX_EPOCH))
    }
}
