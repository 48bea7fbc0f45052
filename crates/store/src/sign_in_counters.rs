//! Counters of failed sign-ins, and the networks that accounts have signed in from.
//!
//! Not for what is counted by what, nor for how many are too many: that is the use case's. Keys are
//! hashes, since people type passwords into the wrong field.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::exactly_one;
use crate::schema::{sign_in_counters as counters, sign_in_networks as networks};
use crate::tx::Tx;

/// What is counted under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// Failures since `since`.
    pub failures: i32,
    /// When the first of them was.
    pub since: Moment,
    /// How often it was locked, one time soon after another.
    pub locks: i32,
    /// Until when it is locked, if it is.
    pub locked_until: Option<Moment>,
    /// From when on it means nothing.
    pub forget_at: Moment,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = counters, treat_none_as_null = true)]
struct Row {
    failures: i32,
    since: NaiveDateTime,
    locks: i32,
    locked_until: Option<NaiveDateTime>,
    forget_at: NaiveDateTime,
}

impl Row {
    fn read(self) -> Counter {
        Counter {
            failures: self.failures,
            since: Moment::from_naive(self.since),
            locks: self.locks,
            locked_until: self.locked_until.map(Moment::from_naive),
            forget_at: Moment::from_naive(self.forget_at),
        }
    }

    fn of(counter: &Counter) -> Self {
        Self {
            failures: counter.failures,
            since: counter.since.naive(),
            locks: counter.locks,
            locked_until: counter.locked_until.map(Moment::naive),
            forget_at: counter.forget_at.naive(),
        }
    }
}

/// A counter; none when nothing was counted under this key.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, key: &str) -> Result<Option<Counter>, Error> {
    let row: Option<Row> = counters::table
        .find(key)
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    Ok(row.map(Row::read))
}

/// The same, and nobody else changes it until the transaction ends.
///
/// # Errors
/// Of the database.
pub fn hold(tx: &mut Tx<'_>, key: &str) -> Result<Option<Counter>, Error> {
    let rows = diesel::update(counters::table.find(key))
        .set(counters::failures.eq(counters::failures))
        .execute(tx.any())?;
    if rows == 0 { Ok(None) } else { get(tx, key) }
}

/// Adds a counter; with the key of an account it goes when that account is unlocked.
///
/// # Errors
/// `Taken` when somebody else has just added it.
pub fn insert(
    tx: &mut Tx<'_>,
    key: &str,
    account: Option<&str>,
    counter: &Counter,
) -> Result<(), Error> {
    diesel::insert_into(counters::table)
        .values((
            counters::counter_key.eq(key),
            counters::account_key.eq(account),
            Row::of(counter),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Changes a counter that is held.
///
/// # Errors
/// `Stale` when there is none.
pub fn update(tx: &mut Tx<'_>, key: &str, counter: &Counter) -> Result<(), Error> {
    let rows = diesel::update(counters::table.find(key))
        .set(Row::of(counter))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Forgets all counters of an account; gives how many.
///
/// # Errors
/// Of the database.
pub fn clear(tx: &mut Tx<'_>, account: &str) -> Result<usize, Error> {
    Ok(
        diesel::delete(counters::table.filter(counters::account_key.eq(account)))
            .execute(tx.any())?,
    )
}

/// Forgets at most `limit` counters that mean nothing since `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = counters::table
        .filter(counters::forget_at.lt(before.naive()))
        .order(counters::forget_at)
        .limit(limit)
        .select(counters::counter_key)
        .load(tx.any())?;
    for key in &old {
        // It may have been counted on meanwhile.
        let row = counters::table
            .find(key)
            .filter(counters::forget_at.lt(before.naive()));
        diesel::delete(row).execute(tx.any())?;
    }
    Ok(old.len())
}

/// Whether an account has signed in from a network after `since`.
///
/// # Errors
/// Of the database.
pub fn is_known(conn: &mut Conn, pair: &str, since: Moment) -> Result<bool, Error> {
    let found: Option<String> = networks::table
        .find(pair)
        .filter(networks::last_at.gt(since.naive()))
        .select(networks::pair_key)
        .first(conn.any())
        .optional()?;
    Ok(found.is_some())
}

/// Notes that an account has signed in from a network.
///
/// # Errors
/// `Taken` when somebody else notes it for the first time just now.
pub fn note_network(tx: &mut Tx<'_>, pair: &str, now: Moment) -> Result<(), Error> {
    let rows = diesel::update(networks::table.find(pair))
        .set(networks::last_at.eq(now.naive()))
        .execute(tx.any())?;
    if rows == 0 {
        diesel::insert_into(networks::table)
            .values((
                networks::pair_key.eq(pair),
                networks::last_at.eq(now.naive()),
            ))
            .execute(tx.any())?;
    }
    Ok(())
}

/// Forgets at most `limit` networks that were last used before `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget_networks(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = networks::table
        .filter(networks::last_at.lt(before.naive()))
        .order(networks::last_at)
        .limit(limit)
        .select(networks::pair_key)
        .load(tx.any())?;
    for key in &old {
        let row = networks::table
            .find(key)
            .filter(networks::last_at.lt(before.naive()));
        diesel::delete(row).execute(tx.any())?;
    }
    Ok(old.len())
}
