//! The failed sign-ins that nodes of 0.2 count, which may still run beside new ones. Nothing is counted
//! here any more (that is [`crate::sign_in_counters`]); what is old is forgotten until the table can go.

use diesel::prelude::*;
use loa_domain::time::Moment;

use crate::error::Error;
use crate::schema::login_failures as failures;
use crate::tx::Tx;

/// Forgets at most `limit` failures older than `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = failures::table
        .filter(failures::at.lt(before.naive()))
        .order(failures::at)
        .limit(limit)
        .select(failures::id)
        .load(tx.any())?;
    for id in &old {
        diesel::delete(failures::table.find(id)).execute(tx.any())?;
    }
    Ok(old.len())
}
