//! An administrative unit through time.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use loa_domain::time::Moment;
use loa_store::changes;
use loa_store::delivery::units::{self, Period};

use super::Delivery;
use super::answer::Answer;
use crate::Error;

/// Vietnam's hours ahead of UTC, all year.
const VIETNAM: TimeDelta = TimeDelta::hours(7);

/// Every period of a code, and the day that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPeriods {
    /// The code.
    pub code: String,
    /// The day.
    pub on: NaiveDate,
    /// Oldest first; never empty.
    pub periods: Vec<Period>,
}

impl Delivery {
    /// Every period of a unit's code; `on` is today in Vietnam when missing.
    ///
    /// # Errors
    /// `NotFound` when nothing ever had the code.
    pub fn read_unit(
        &self,
        code: &str,
        on: Option<NaiveDate>,
    ) -> Result<Answer<UnitPeriods>, Error> {
        let (today, midnight) = today(self.context.now());
        self.context.store.read_delivery(|conn| {
            let stamp = changes::last(conn)?;
            let periods = units::periods(conn, code)?;
            if periods.is_empty() {
                return Err(Error::NotFound);
            }
            let found = UnitPeriods {
                code: code.to_owned(),
                on: on.unwrap_or(today),
                periods,
            };
            let valid_until = if on.is_none() { midnight } else { None };
            Ok(Answer::of_all(stamp, found, valid_until))
        })
    }
}

/// The day in Vietnam, and when the next one starts.
fn today(now: Moment) -> (NaiveDate, Option<Moment>) {
    let today = now.after(VIETNAM).utc().date_naive();
    let midnight = today
        .checked_add_days(Days::new(1))
        .map(|next| Moment::from_naive(next.and_time(NaiveTime::MIN)).before(VIETNAM));
    (today, midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_vietnam() {
        let (day, midnight) = today("2026-06-30T18:30:00Z".parse().unwrap());
        assert_eq!(day, "2026-07-01".parse().unwrap());
        assert_eq!(midnight, "2026-07-01T17:00:00Z".parse().ok());
    }
}
