//! Failed sign-ins, counted by account and by address.
//!
//! Not for how many are too many: that is the use case's. What is counted is stored hashed, since
//! people type passwords into the wrong field.

use diesel::prelude::*;
use loa_domain::ids::LoginFailureId;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::schema::login_failures as failures;
use crate::tx::Tx;

/// What failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// An account, whether it exists or not.
    Account(&'a str),
    /// An address or network.
    Address(&'a str),
}

impl<'a> Subject<'a> {
    fn parts(self) -> (&'static str, &'a str) {
        match self {
            Subject::Account(key) => ("account", key),
            Subject::Address(key) => ("address", key),
        }
    }
}

/// Counts one failure.
///
/// # Errors
/// Of the database.
pub fn insert(
    tx: &mut Tx<'_>,
    id: LoginFailureId,
    subject: Subject<'_>,
    now: Moment,
) -> Result<(), Error> {
    let (subject, key) = subject.parts();
    diesel::insert_into(failures::table)
        .values((
            failures::id.eq(id.to_string()),
            failures::subject.eq(subject),
            failures::subject_key.eq(key),
            failures::at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Times of the last failures after `since`, newest first, at most `limit`.
///
/// # Errors
/// Of the database.
pub fn since(
    conn: &mut Conn,
    subject: Subject<'_>,
    since: Moment,
    limit: i64,
) -> Result<Vec<Moment>, Error> {
    let (subject, key) = subject.parts();
    let times: Vec<chrono::NaiveDateTime> = failures::table
        .filter(
            failures::subject
                .eq(subject)
                .and(failures::subject_key.eq(key))
                .and(failures::at.gt(since.naive())),
        )
        .order(failures::at.desc())
        .limit(limit)
        .select(failures::at)
        .load(conn.any())?;
    Ok(times.into_iter().map(Moment::from_naive).collect())
}

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
