//! Reading text columns as domain values. What cannot be read is a corrupt row, named by table
//! and id; never a panic, never a default.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use crate::error::Error;

/// A row being read: its table and primary key, for errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) table: &'static str,
    pub(crate) id: &'a str,
}

impl At<'_> {
    pub(crate) fn corrupt(&self, what: impl Display) -> Error {
        Error::Corrupt {
            table: self.table,
            id: self.id.to_owned(),
            what: what.to_string(),
        }
    }

    pub(crate) fn parse<T: FromStr>(&self, column: &str, text: &str) -> Result<T, Error>
    where
        T::Err: Display,
    {
        text.parse()
            .map_err(|error| self.corrupt(format_args!("{column}: {error}")))
    }

    pub(crate) fn parse_some<T: FromStr>(
        &self,
        column: &str,
        text: Option<&str>,
    ) -> Result<Option<T>, Error>
    where
        T::Err: Display,
    {
        text.map(|text| self.parse(column, text)).transpose()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str, text: &str) -> Result<T, Error> {
        serde_json::from_str(text).map_err(|error| self.corrupt(format_args!("{column}: {error}")))
    }
}

/// JSON text of a value that always has one.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        Error::Database(diesel::result::Error::SerializationError(Box::new(error)))
    })
}

/// An update that has to hit exactly one row: none means that somebody was faster.
pub(crate) fn exactly_one(rows: usize) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale) }
}
