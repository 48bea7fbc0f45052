//! When things happened: days before today, at hours at which offices work.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use loa_domain::time::Moment;

use super::units;
use crate::failure::Failure;

/// Days before today on which the sites opened; every entry is younger.
const OPENED: i64 = 430;
/// Fewer days since the reform cannot hold what happened in them.
const LEAST: i64 = 60;
/// So many seconds later for each entry: no two do the same at once.
const APART: i64 = 40;

/// An hour and a minute in Vietnam.
pub(super) type Hour = (u32, u32);

/// The days up to today.
pub(super) struct Calendar {
    now: Moment,
    /// Days since the reform, without its own.
    since: i64,
}

impl Calendar {
    /// The calendar of a day.
    ///
    /// # Errors
    /// When the day is before the reform or hardly after it: the demo's units did not exist.
    pub(super) fn new(now: Moment) -> Result<Self, Failure> {
        let since = (now.day() - units::reform()?).num_days() - 1;
        if since < LEAST {
            return Err(Failure::failed(format!(
                "the machine's clock shows {now}; the demo plays after the reform of 2025-07-01"
            )));
        }
        Ok(Self { now, since })
    }

    /// When the sites opened.
    pub(super) fn opening(&self) -> Moment {
        moment(self.day(OPENED), (8, 0), 0)
    }

    /// The day so many days ago; nearer where the reform is too recent for so many.
    pub(super) fn day(&self, ago: i64) -> NaiveDate {
        let ago = if self.since < OPENED {
            (ago * self.since + OPENED - 1) / OPENED
        } else {
            ago
        };
        self.now.before(TimeDelta::days(ago)).day()
    }

    /// The day after so many days.
    pub(super) fn ahead(&self, days: i64) -> NaiveDate {
        self.now.after(TimeDelta::days(days)).day()
    }
}

/// A moment of a day, for the entry with this number.
pub(super) fn moment(day: NaiveDate, (hour, minute): Hour, number: i64) -> Moment {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    // Vietnam keeps UTC+7 all year.
    Moment::from_naive(day.and_time(time))
        .before(TimeDelta::hours(7))
        .after(TimeDelta::seconds(number * APART))
}

/// The day before.
pub(super) fn eve(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}
