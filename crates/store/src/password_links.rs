//! One-time links to set a password, stored hashed.

use diesel::prelude::*;
use loa_domain::ids::{PasswordLinkId, UserId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::password_links as links;
use crate::tx::Tx;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// Identity.
    pub id: PasswordLinkId,
    /// Whose password it sets.
    pub user: UserId,
    /// Who made it; none for the command line.
    pub created_by: Option<UserId>,
    /// Who asked for it, where a second administrator made it.
    pub asked_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Until when it can be used.
    pub expires_at: Moment,
}

/// The unused link with this token that is good now.
///
/// # Errors
/// Of the database.
pub fn find_live(
    conn: &mut Conn,
    token_hash: &str,
    now: Moment,
) -> Result<Option<PasswordLink>, Error> {
    type Row = (
        String,
        String,
        Option<String>,
        Option<String>,
        chrono::NaiveDateTime,
        chrono::NaiveDateTime,
    );
    let found: Option<Row> = links::table
        .filter(
            links::token_hash
                .eq(token_hash)
                .and(links::used_at.is_null())
                .and(links::expires_at.gt(now.naive())),
        )
        .select((
            links::id,
            links::user_id,
            links::created_by,
            links::asked_by,
            links::created_at,
            links::expires_at,
        ))
        .first(conn.any())
        .optional()?;
    found
        .map(|(id, user, created_by, asked_by, created_at, expires_at)| {
            let at = At {
                table: "password_links",
                id: &id,
            };
            Ok(PasswordLink {
                id: at.parse("id", &id)?,
                user: at.parse("user_id", &user)?,
                created_by: at.parse_some("created_by", created_by.as_deref())?,
                asked_by: at.parse_some("asked_by", asked_by.as_deref())?,
                created_at: Moment::from_naive(created_at),
                expires_at: Moment::from_naive(expires_at),
            })
        })
        .transpose()
}

/// Adds a link.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, link: &PasswordLink, token_hash: &str) -> Result<(), Error> {
    diesel::insert_into(links::table)
        .values((
            links::id.eq(link.id.to_string()),
            links::user_id.eq(link.user.to_string()),
            links::token_hash.eq(token_hash),
            links::created_by.eq(link.created_by.map(|id| id.to_string())),
            links::asked_by.eq(link.asked_by.map(|id| id.to_string())),
            links::created_at.eq(link.created_at.naive()),
            links::expires_at.eq(link.expires_at.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Uses a link up; false when somebody was faster.
///
/// # Errors
/// Of the database.
pub fn take(tx: &mut Tx<'_>, id: PasswordLinkId, now: Moment) -> Result<bool, Error> {
    let rows = diesel::update(
        links::table.filter(links::id.eq(id.to_string()).and(links::used_at.is_null())),
    )
    .set(links::used_at.eq(now.naive()))
    .execute(tx.any())?;
    Ok(rows == 1)
}

/// Makes all unused links of a person useless; gives how many.
///
/// # Errors
/// Of the database.
pub fn void_all(tx: &mut Tx<'_>, user: UserId, now: Moment) -> Result<usize, Error> {
    Ok(diesel::update(
        links::table.filter(
            links::user_id
                .eq(user.to_string())
                .and(links::used_at.is_null()),
        ),
    )
    .set(links::used_at.eq(now.naive()))
    .execute(tx.any())?)
}

/// Forgets at most `limit` links that were over before `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = links::table
        .filter(links::expires_at.lt(before.naive()))
        .order(links::expires_at)
        .limit(limit)
        .select(links::id)
        .load(tx.any())?;
    Ok(diesel::delete(links::table.filter(links::id.eq_any(old))).execute(tx.any())?)
}

/// Makes all unused links of everybody useless; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_void_all(tx: &mut Tx<'_>, now: Moment) -> Result<usize, Error> {
    Ok(
        diesel::update(links::table.filter(links::used_at.is_null()))
            .set(links::used_at.eq(now.naive()))
            .execute(tx.any())?,
    )
}
