//! Where the security log goes.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use loa_store::DatabaseUrl;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where the security log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecurityTarget {
    /// Nowhere.
    Off,
    /// To standard output; of commands, whose output is their result, to standard error.
    Stdout,
    /// To the end of a file.
    File(PathBuf),
}

impl SecurityTarget {
    /// Beside the file of an `SQLite` database; a server with another one has no folder of its own.
    pub(super) fn beside(database_url: Option<&str>) -> Self {
        match database_url.map(str::parse) {
            Some(Ok(DatabaseUrl::Sqlite(path))) => Self::File(path.with_file_name("security.log")),
            _ => Self::Stdout,
        }
    }
}

impl FromStr for SecurityTarget {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "off" => Self::Off,
            "stdout" => Self::Stdout,
            path => Self::File(path.into()),
        })
    }
}

impl Serialize for SecurityTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::Stdout => serializer.serialize_str("stdout"),
            Self::File(path) => serializer.collect_str(&path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for SecurityTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
