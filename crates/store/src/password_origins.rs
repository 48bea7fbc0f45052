//! Who gave the links that people's passwords were set with: they may know these passwords.
//!
//! Not for the links themselves.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use loa_domain::ids::UserId;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::{password_links, password_origins as origins, users};
use crate::tx::Tx;

/// Who gave the link of a password; none for the operator of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordOrigin {
    /// Who made the link.
    pub given_by: Option<UserId>,
    /// Who asked for it, where a second administrator made it.
    pub asked_by: Option<UserId>,
}

/// Where a person's password comes from; none when no link of theirs was ever used.
///
/// # Errors
/// Of the database.
pub fn of(conn: &mut Conn, user: UserId) -> Result<Option<PasswordOrigin>, Error> {
    Ok(of_many(conn, &[user])?.remove(&user))
}

/// The same for several people.
///
/// # Errors
/// Of the database.
pub fn of_many(
    conn: &mut Conn,
    people: &[UserId],
) -> Result<HashMap<UserId, PasswordOrigin>, Error> {
    type Row = (String, Option<String>, Option<String>);
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = origins::table
        .filter(origins::user_id.eq_any(ids))
        .select((origins::user_id, origins::given_by, origins::asked_by))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, given_by, asked_by)| {
            let at = At {
                table: "password_origins",
                id: &id,
            };
            let origin = PasswordOrigin {
                given_by: at.parse_some("given_by", given_by.as_deref())?,
                asked_by: at.parse_some("asked_by", asked_by.as_deref())?,
            };
            Ok((at.parse("user_id", &id)?, origin))
        })
        .collect()
}

/// Notes where a person's password comes from.
///
/// # Errors
/// Of the database.
pub fn set(tx: &mut Tx<'_>, user: UserId, origin: PasswordOrigin) -> Result<(), Error> {
    let user = user.to_string();
    diesel::delete(origins::table.find(&user)).execute(tx.any())?;
    diesel::insert_into(origins::table)
        .values((
            origins::user_id.eq(user),
            origins::given_by.eq(origin.given_by.map(|id| id.to_string())),
            origins::asked_by.eq(origin.asked_by.map(|id| id.to_string())),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Whoever could sign in as one of these people: made an account of theirs, or gave or asked for the
/// link of its password or one that is good now.
///
/// # Errors
/// Of the database.
pub fn sponsors_of(
    conn: &mut Conn,
    people: &BTreeSet<UserId>,
    now: Moment,
) -> Result<BTreeSet<UserId>, Error> {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let mut found: Vec<Option<String>> = users::table
        .filter(users::id.eq_any(ids.clone()))
        .select(users::created_by)
        .load(conn.any())?;
    let pairs: Vec<(Option<String>, Option<String>)> = origins::table
        .filter(origins::user_id.eq_any(ids.clone()))
        .select((origins::given_by, origins::asked_by))
        .load(conn.any())?;
    found.extend(pairs.into_iter().flat_map(|(given, asked)| [given, asked]));
    let pairs: Vec<(Option<String>, Option<String>)> = password_links::table
        .filter(
            password_links::user_id
                .eq_any(ids)
                .and(password_links::used_at.is_null())
                .and(password_links::expires_at.gt(now.naive())),
        )
        .select((password_links::created_by, password_links::asked_by))
        .load(conn.any())?;
    found.extend(pairs.into_iter().flat_map(|(given, asked)| [given, asked]));
    let at = At {
        table: "users",
        id: "of a sponsor",
    };
    found
        .into_iter()
        .flatten()
        .map(|id| at.parse("created_by", &id))
        .collect()
}
