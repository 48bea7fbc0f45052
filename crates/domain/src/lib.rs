//! What Loa talks about: ids, units, sites, people, rights, entries and their content.
//!
//! Everything here is a plain value or a pure function. Not for I/O, clocks, databases or HTTP:
//! those rooms see this crate, it sees none of them.

pub mod access;
pub mod actor;
pub mod allowance;
pub mod audit;
pub mod canonical;
pub mod change;
pub mod content;
pub mod day;
pub mod entry;
pub mod expunction;
pub mod field;
pub mod host;
pub mod ids;
pub mod locale;
pub mod needle;
pub mod paging;
pub mod people;
pub mod published;
pub mod right;
pub mod section;
pub mod sign_in;
pub mod site;
pub mod snapshot;
pub mod text;
pub mod time;
pub mod unit;
mod vocabulary;
