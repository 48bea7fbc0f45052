//! Moments: UTC, whole microseconds.
//!
//! Not for reading the clock. `SQLite` would keep nanoseconds where PostgreSQL keeps microseconds,
//! so a moment is truncated when it is made and is equal to itself on both.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, SubsecRound, TimeDelta, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, to the microsecond. RFC 3339 with `Z` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// Truncates to whole microseconds.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    /// The moment as stored: UTC without a zone.
    pub fn naive(self) -> NaiveDateTime {
        self.0.naive_utc()
    }

    /// Reads the stored form.
    pub fn from_naive(at: NaiveDateTime) -> Self {
        Self::new(at.and_utc())
    }

    /// The moment `delta` later; the same moment where that is out of range.
    #[must_use]
    pub fn after(self, delta: TimeDelta) -> Self {
        Self(self.0.checked_add_signed(delta).unwrap_or(self.0))
    }

    /// The moment `delta` earlier; the same moment where that is out of range.
    #[must_use]
    pub fn before(self, delta: TimeDelta) -> Self {
        Self(self.0.checked_sub_signed(delta).unwrap_or(self.0))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Reads microseconds since 1970.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// The day it is in Vietnam then: laws, units and sections begin and end there.
    pub fn day(self) -> NaiveDate {
        // Vietnam keeps UTC+7 all year.
        self.after(TimeDelta::hours(7)).0.date_naive()
    }

    /// The chrono value.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

/// A text that is no time in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a time as in 2026-07-01T08:00:00Z")]
pub struct InvalidMoment;

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;
    /// Reads RFC 3339. The year has four digits in UTC too: an offset could make it one more.
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| InvalidMoment)?;
        let at = Self::new(at.with_timezone(&Utc));
        if (0..=9999).contains(&at.0.year()) {
            Ok(at)
        } else {
            Err(InvalidMoment)
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finer_parts_are_cut_and_zones_become_utc() {
        let moment: Moment = "2026-07-01T08:00:00.123456789+07:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-07-01T01:00:00.123456Z");
        assert_eq!(Moment::from_naive(moment.naive()), moment);
        assert_eq!(Moment::from_micros(moment.micros()), Some(moment));
    }

    #[test]
    fn the_day_is_that_of_vietnam() {
        let late: Moment = "2025-06-30T16:59:59.999999Z".parse().unwrap();
        assert_eq!(late.day().to_string(), "2025-06-30");
        assert_eq!(
            late.after(TimeDelta::microseconds(1)).day().to_string(),
            "2025-07-01"
        );
    }
}
