//! Parameters as typed values, each refusal with the parameter's name and what it takes.

use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use loa_app::delivery::{Order, SortBy};
use loa_domain::field::FieldCode;
use loa_domain::locale::Locale;
use loa_domain::time::Moment;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};

use crate::problem::{Code, Problem};

/// As many values a filter takes at most: each is a range of an index.
const VALUES_MAX: usize = 20;

/// Vietnam's hours ahead of UTC, all year: days in filters are days there.
const VIETNAM: TimeDelta = TimeDelta::hours(7);

fn refused(name: &str, code: FieldCode, detail: impl Into<String>) -> Problem {
    Problem::parameter(Code::ParameterInvalid, name, code, detail)
}

/// A language tag.
pub(super) fn locale(value: Option<&str>) -> Result<Option<Locale>, Problem> {
    parsed("locale", value, "a language tag as in vi or en")
}

/// A value with a text form.
pub(super) fn parsed<T: FromStr>(
    name: &str,
    value: Option<&str>,
    wanted: &str,
) -> Result<Option<T>, Problem> {
    value
        .map(|text| {
            text.parse()
                .map_err(|_| refused(name, FieldCode::Invalid, wanted))
        })
        .transpose()
}

/// A word of a closed list.
pub(super) fn word<T: DeserializeOwned>(name: &str, value: &str) -> Result<T, Problem> {
    T::deserialize(StrDeserializer::<WordError>::new(value))
        .map_err(|error| refused(name, FieldCode::UnknownValue, error.to_string()))
}

/// A day.
pub(super) fn day(name: &str, value: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    let refused = || refused(name, FieldCode::Invalid, "a day as in 2026-07-01");
    value
        .map(|text| loa_domain::day::parse(text).ok_or_else(refused))
        .transpose()
}

/// The values of a filter, separated by commas; sorted, each once.
pub(super) fn values(name: &str, value: Option<&str>) -> Result<Vec<String>, Problem> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let mut values: Vec<String> = value.split(',').map(|v| v.trim().to_owned()).collect();
    values.sort_unstable();
    values.dedup();
    if values.iter().any(String::is_empty) {
        let detail = "values separated by commas, none of them empty";
        return Err(refused(name, FieldCode::Invalid, detail));
    }
    if values.len() > VALUES_MAX {
        let detail = format!("at most {VALUES_MAX} values");
        return Err(refused(name, FieldCode::TooMany, detail));
    }
    Ok(values)
}

/// Which end of a period a day stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Its first moment.
    First,
    /// Its last moment.
    Last,
}

/// A time, or a day in Vietnam.
pub(crate) fn moment(name: &str, value: Option<&str>, end: End) -> Result<Option<Moment>, Problem> {
    let Some(text) = value else {
        return Ok(None);
    };
    if let Ok(moment) = text.parse::<Moment>() {
        return Ok(Some(moment));
    }
    let day = loa_domain::day::parse(text);
    let first = match end {
        End::First => day,
        End::Last => day.and_then(|day| day.checked_add_days(Days::new(1))),
    };
    let start = first.map(|day| Moment::from_naive(day.and_time(NaiveTime::MIN)).before(VIETNAM));
    let moment = match end {
        End::First => start,
        End::Last => start.map(|next| next.before(TimeDelta::microseconds(1))),
    };
    let wanted = "a day as in 2026-07-01, or a time as in 2026-07-01T08:00:00Z";
    moment
        .map(Some)
        .ok_or_else(|| refused(name, FieldCode::Invalid, wanted))
}

/// Orders of a list of one content type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
pub(super) enum KindSort {
    #[default]
    #[serde(rename = "-public_updated_at")]
    UpdatedLast,
    #[serde(rename = "public_updated_at")]
    UpdatedFirst,
    #[serde(rename = "-first_published_at")]
    PublishedLast,
    #[serde(rename = "first_published_at")]
    PublishedFirst,
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-title")]
    TitleBackwards,
}

impl KindSort {
    /// Every word, with what it means.
    pub(super) const ALL: [(KindSort, &'static str, SortBy, Order); 6] = [
        (
            KindSort::UpdatedLast,
            "-public_updated_at",
            SortBy::PublicUpdated,
            Order::Descending,
        ),
        (
            KindSort::UpdatedFirst,
            "public_updated_at",
            SortBy::PublicUpdated,
            Order::Ascending,
        ),
        (
            KindSort::PublishedLast,
            "-first_published_at",
            SortBy::FirstPublished,
            Order::Descending,
        ),
        (
            KindSort::PublishedFirst,
            "first_published_at",
            SortBy::FirstPublished,
            Order::Ascending,
        ),
        (KindSort::Title, "title", SortBy::Title, Order::Ascending),
        (
            KindSort::TitleBackwards,
            "-title",
            SortBy::Title,
            Order::Descending,
        ),
    ];

    /// The word and what it means.
    pub(super) fn parts(self) -> (&'static str, SortBy, Order) {
        let found = Self::ALL.into_iter().find(|(sort, ..)| *sort == self);
        found.map_or(
            (
                "-public_updated_at",
                SortBy::PublicUpdated,
                Order::Descending,
            ),
            |(_, word, by, order)| (word, by, order),
        )
    }
}

/// Orders of the list of all types together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
pub(super) enum EntrySort {
    #[default]
    #[serde(rename = "-public_updated_at")]
    UpdatedLast,
    #[serde(rename = "public_updated_at")]
    UpdatedFirst,
}

impl EntrySort {
    /// The word and what it means.
    pub(super) fn parts(self) -> (&'static str, Order) {
        match self {
            EntrySort::UpdatedLast => ("-public_updated_at", Order::Descending),
            EntrySort::UpdatedFirst => ("public_updated_at", Order::Ascending),
        }
    }
}

/// Orders of the list of sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
pub(super) enum SiteSort {
    #[default]
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-title")]
    TitleBackwards,
}

impl SiteSort {
    /// The word and what it means.
    pub(super) fn parts(self) -> (&'static str, Order) {
        match self {
            SiteSort::Title => ("title", Order::Ascending),
            SiteSort::TitleBackwards => ("-title", Order::Descending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_read_by_its_word() {
        for (sort, text, ..) in KindSort::ALL {
            assert_eq!(word::<KindSort>("sort", text).unwrap(), sort);
            assert_eq!(sort.parts().0, text);
        }
        let problem = word::<EntrySort>("sort", "title").unwrap_err();
        assert_eq!(problem.code(), Code::ParameterInvalid);
    }

    #[test]
    fn a_day_is_a_day_in_vietnam_from_its_first_moment_to_its_last() {
        let read = |text, end| moment("x", Some(text), end).unwrap().unwrap().to_string();
        assert_eq!(read("2026-07-01", End::First), "2026-06-30T17:00:00Z");
        assert_eq!(read("2026-07-01", End::Last), "2026-07-01T16:59:59.999999Z");
        assert_eq!(
            read("2026-07-01T08:00:00+07:00", End::Last),
            "2026-07-01T01:00:00Z"
        );
        assert!(moment("x", Some("2026-7-1x"), End::First).is_err());
    }

    #[test]
    fn values_are_few_and_none_is_empty() {
        let read = |text: &str| values("filter[tag]", Some(text));
        assert_eq!(read("b, a,b").unwrap(), ["a", "b"]);
        assert!(read("a,,b").is_err() && read("").is_err());
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        assert!(read(&many.join(",")).is_err());
        assert!(read(&many[..20].join(",")).is_ok());
    }
}
