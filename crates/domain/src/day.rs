//! Days as clients write them: `2026-07-01`, with four digits of the year.
//!
//! The library reads `-262143-01-01` too, which no JSON date is and which `SQLite` would sort as
//! text. Not for moments.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de};

/// Reads a day.
pub fn parse(text: &str) -> Option<NaiveDate> {
    let fits = text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// For `deserialize_with` of a day.
///
/// # Errors
/// When the text is none.
pub fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| de::Error::custom("expected a day as in 2026-07-01"))
}

/// For `deserialize_with` of a day that may be missing.
///
/// # Errors
/// When the text is none.
pub fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| {
        parse(&text).ok_or_else(|| de::Error::custom("expected a day as in 2026-07-01"))
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_day_has_ten_characters() {
        assert!(parse("2026-07-01").is_some() && parse("9999-12-31").is_some());
        for bad in [
            "",
            "2026-7-1",
            "+12026-7-1",
            "-262143-01-01",
            "2026-02-30",
            "-001-01-01",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
