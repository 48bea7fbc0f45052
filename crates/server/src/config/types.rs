//! Settings that are more than a number or a text.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
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

/// Secrets of the past, newest first. In the environment each has a line of its own; in `loa.toml` it is
/// one text or a list of texts.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct PreviousSecrets(pub(crate) Vec<String>);

impl PreviousSecrets {
    /// One of each line, as a variable or a file holds them.
    pub(crate) fn of_lines(text: &str) -> Self {
        let lines = text.lines().map(|line| line.trim_end_matches('\r'));
        let filled = lines.filter(|line| !line.is_empty());
        Self(filled.map(str::to_owned).collect())
    }
}

impl std::fmt::Debug for PreviousSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} previous secrets", self.0.len())
    }
}

impl<'de> Deserialize<'de> for PreviousSecrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The message of a failure must not repeat what was there.
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text or a list of texts")]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::One(text) => Self::of_lines(&text),
            Written::Several(all) => Self(all),
        })
    }
}

/// Where the heads of the audit trail are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Anchors {
    /// In the log only.
    Off,
    /// In a file too.
    File(PathBuf),
}

impl FromStr for Anchors {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "off" => Self::Off,
            path => Self::File(PathBuf::from(path)),
        })
    }
}

impl Serialize for Anchors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::File(path) => path.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Anchors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{PreviousSecrets, RetentionAge};

    #[test]
    fn previous_secrets_are_one_or_several() {
        let of = |text: &str| PreviousSecrets::of_lines(text).0;
        assert_eq!(of("one, with a comma"), ["one, with a comma"]);
        assert_eq!(of("one\ntwo\r\n\nthree\n"), ["one", "two", "three"]);
        let toml = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        for (text, expected) in [
            ("x = \"one\"", &["one"][..]),
            ("x = [\"one\", \"two\"]", &["one", "two"]),
        ] {
            let value = toml(text).remove("x").unwrap();
            let read: PreviousSecrets = value.try_into().unwrap();
            assert_eq!(read.0, expected);
        }
        let odd = toml("x = [\"hunter2\", 3]").remove("x").unwrap();
        let refused = odd.try_into::<PreviousSecrets>().unwrap_err();
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }

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
