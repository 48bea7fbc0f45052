//! Answers kept for requests that may be sent again.

use diesel::prelude::*;
use loa_domain::ids::{EntryId, UserId};
use loa_domain::time::Moment;

use crate::error::Error;
use crate::schema::idempotency_keys as keys;
use crate::tx::Tx;

/// What an answer is found by.
#[derive(Debug, Clone, Copy)]
pub struct AnswerKey<'a> {
    /// Who asked.
    pub caller: UserId,
    /// For what.
    pub route: &'a str,
    /// With which key.
    pub key: &'a str,
}

/// What stands in the place of an answer that was expunged.
const EXPUNGED: &str = "{\"expunged\":true}";

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the request's body.
    pub body_sha256: String,
    /// The answer, as the use case serialised it.
    pub answer: String,
}

impl Stored {
    /// Whether the answer was expunged, so that the request cannot be answered again.
    pub fn is_expunged(&self) -> bool {
        self.answer == EXPUNGED
    }
}

/// The answer kept since `since`; an older one is forgotten here.
///
/// # Errors
/// Of the database.
pub fn find(tx: &mut Tx<'_>, key: &AnswerKey<'_>, since: Moment) -> Result<Option<Stored>, Error> {
    let row = || keys::table.find((key.caller.to_string(), key.route, key.key));
    let found: Option<(String, String, chrono::NaiveDateTime)> = row()
        .select((keys::body_sha256, keys::answer, keys::created_at))
        .first(tx.any())
        .optional()?;
    match found {
        Some((_, _, at)) if at < since.naive() => {
            diesel::delete(row()).execute(tx.any())?;
            Ok(None)
        }
        Some((body_sha256, answer, _)) => Ok(Some(Stored {
            body_sha256,
            answer,
        })),
        None => Ok(None),
    }
}

/// Keeps an answer.
///
/// # Errors
/// `Taken` when another request with this key committed meanwhile.
pub fn insert(
    tx: &mut Tx<'_>,
    key: &AnswerKey<'_>,
    body_sha256: &str,
    answer: &str,
    now: Moment,
) -> Result<(), Error> {
    diesel::insert_into(keys::table)
        .values((
            keys::caller.eq(key.caller.to_string()),
            keys::route.eq(key.route),
            keys::idempotency_key.eq(key.key),
            keys::body_sha256.eq(body_sha256),
            keys::answer.eq(answer),
            keys::created_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Forgets at most `limit` answers older than `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<(String, String, String)> = keys::table
        .filter(keys::created_at.lt(before.naive()))
        .order(keys::created_at)
        .limit(limit)
        .select((keys::caller, keys::route, keys::idempotency_key))
        .load(tx.any())?;
    for (caller, route, key) in &old {
        diesel::delete(keys::table.find((caller, route, key))).execute(tx.any())?;
    }
    Ok(old.len())
}

/// Takes every answer out that concerns an entry. The keys stay: a request that is sent again must
/// not be carried out again.
///
/// # Errors
/// Of the database.
pub fn expunge(tx: &mut Tx<'_>, entry: EntryId) -> Result<(), Error> {
    let named = format!("%{entry}%");
    diesel::update(
        keys::table.filter(keys::route.like(named.clone()).or(keys::answer.like(named))),
    )
    .set((keys::answer.eq(EXPUNGED), keys::body_sha256.eq("")))
    .execute(tx.any())?;
    Ok(())
}
