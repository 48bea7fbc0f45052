//! Settings that are more than a number or a text.

use std::net::SocketAddr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where `/metrics` is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetricsListen {
    /// Nowhere.
    Off,
    /// At an address of its own, so that it need not be public.
    At(SocketAddr),
}

impl FromStr for MetricsListen {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            other => other
                .parse()
                .map(Self::At)
                .map_err(|_| "expected an address such as 127.0.0.1:9464, or off"),
        }
    }
}

impl Serialize for MetricsListen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::At(address) => serializer.collect_str(address),
        }
    }
}

impl<'de> Deserialize<'de> for MetricsListen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// One JSON object a line, for collectors.
    Json,
    /// For people.
    Pretty,
}

/// What `serve` does about migrations that have not run yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MigrateAtStart {
    /// Runs them.
    #[default]
    Run,
    /// Does not start: its role may change rows only.
    Check,
}

/// How long superseded revisions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetentionAge {
    /// For ever.
    Off,
    /// So many days.
    Days(u32),
}

impl RetentionAge {
    /// A hundred years: what is longer is off.
    const LONGEST: u32 = 36_500;

    /// The age; none when they are kept for ever.
    pub(crate) fn age(self) -> Option<chrono::TimeDelta> {
        match self {
            Self::Off => None,
            Self::Days(days) => Some(chrono::TimeDelta::days(i64::from(days))),
        }
    }
}

impl Default for RetentionAge {
    fn default() -> Self {
        Self::Days(2 * 365)
    }
}

impl FromStr for RetentionAge {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = |text: &str, each: u32| text.parse::<u32>().ok()?.checked_mul(each);
        if text == "off" {
            return Ok(Self::Off);
        }
        let found = match (text.strip_suffix('d'), text.strip_suffix('y')) {
            (Some(number), _) => days(number, 1),
            (None, Some(number)) => days(number, 365),
            (None, None) => None,
        };
        found
            .filter(|days| (1..=Self::LONGEST).contains(days))
            .map(Self::Days)
            .ok_or("expected an age such as 90d or 2y, at most 100y, or off")
    }
}

impl Serialize for RetentionAge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::Days(days) if days % 365 == 0 => {
                serializer.collect_str(&format_args!("{}y", days / 365))
            }
            Self::Days(days) => serializer.collect_str(&format_args!("{days}d")),
        }
    }
}

impl<'de> Deserialize<'de> for RetentionAge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::RetentionAge;

    #[test]
    fn ages_are_read_and_written() {
        for (text, days) in [
            ("1d", 1),
            ("90d", 90),
            ("2y", 730),
            ("730d", 730),
            ("100y", 36_500),
        ] {
            assert_eq!(text.parse(), Ok(RetentionAge::Days(days)), "{text}");
        }
        assert_eq!("off".parse(), Ok(RetentionAge::Off));
        for bad in [
            "",
            "0d",
            "d",
            "2",
            "-1d",
            "101y",
            "9999999999d",
            "4294967295y",
            "2w",
            "OFF",
        ] {
            assert!(bad.parse::<RetentionAge>().is_err(), "{bad}");
        }
        let written = |age: RetentionAge| serde_json::to_value(age).unwrap();
        assert_eq!(written(RetentionAge::default()), "2y");
        assert_eq!(written(RetentionAge::Days(90)), "90d");
        assert_eq!(written(RetentionAge::Off), "off");
    }
}
