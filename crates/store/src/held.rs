//! Publications that the clock had to leave to a person: whose time came and which a rule refused.
//!
//! A row stays as long as the edition waits. Not for the history: that is in the transitions.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::ids::{EntryId, SiteId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::held_publications as held;
use crate::tx::Tx;

/// Since when a publication is held, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Since when.
    pub at: Moment,
    /// Why, in Vietnamese and English.
    pub reason: String,
}

/// Notes that the publication of an entry is held.
///
/// # Errors
/// Of the database.
pub fn put(tx: &mut Tx<'_>, site: SiteId, entry: EntryId, why: &Held) -> Result<(), Error> {
    remove(tx, entry)?;
    diesel::insert_into(held::table)
        .values((
            held::entry_id.eq(entry.to_string()),
            held::site_id.eq(site.to_string()),
            held::reason.eq(&why.reason),
            held::at.eq(why.at.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Notes that it is held no longer; nothing happens if it was not.
///
/// # Errors
/// Of the database.
pub fn remove(tx: &mut Tx<'_>, entry: EntryId) -> Result<(), Error> {
    diesel::delete(held::table.find(entry.to_string())).execute(tx.any())?;
    Ok(())
}

/// Those of these entries whose publication is held.
///
/// # Errors
/// Of the database.
pub fn of_entries(conn: &mut Conn, entries: &[EntryId]) -> Result<HashMap<EntryId, Held>, Error> {
    let ids: Vec<String> = entries.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String, NaiveDateTime)> = held::table
        .filter(held::entry_id.eq_any(ids))
        .select((held::entry_id, held::reason, held::at))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, reason, at)| {
            let row = At {
                table: "held_publications",
                id: &id,
            };
            let at = Moment::from_naive(at);
            Ok((row.parse("entry_id", &id)?, Held { at, reason }))
        })
        .collect()
}
