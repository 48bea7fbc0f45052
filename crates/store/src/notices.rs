//! What people are told about their own accounts until they have seen it.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::access::Notice;
use loa_domain::ids::{NoticeId, UserId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::memberships::{columns_of, place_of};
use crate::row::At;
use crate::schema::notices;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notices)]
struct Row {
    id: String,
    user_id: String,
    kind: String,
    by_id: Option<String>,
    confirmed_by: Option<String>,
    role: Option<String>,
    site_id: Option<String>,
    unit_id: Option<String>,
    at: NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Notice, Error> {
        let at = At {
            table: "notices",
            id: &self.id,
        };
        let place = match &self.role {
            Some(_) => Some(place_of(
                at,
                self.site_id.as_deref(),
                self.unit_id.as_deref(),
            )?),
            None => None,
        };
        Ok(Notice {
            id: at.parse("id", &self.id)?,
            user: at.parse("user_id", &self.user_id)?,
            kind: at.parse("kind", &self.kind)?,
            by: at.parse_some("by_id", self.by_id.as_deref())?,
            confirmed_by: at.parse_some("confirmed_by", self.confirmed_by.as_deref())?,
            role: at.parse_some("role", self.role.as_deref())?,
            place,
            at: Moment::from_naive(self.at),
        })
    }
}

/// Adds a notice.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, notice: &Notice) -> Result<(), Error> {
    let (site_id, unit_id) = notice.place.map(columns_of).unwrap_or_default();
    diesel::insert_into(notices::table)
        .values(Row {
            id: notice.id.to_string(),
            user_id: notice.user.to_string(),
            kind: notice.kind.to_string(),
            by_id: notice.by.map(|id| id.to_string()),
            confirmed_by: notice.confirmed_by.map(|id| id.to_string()),
            role: notice.role.map(|role| role.to_string()),
            site_id,
            unit_id,
            at: notice.at.naive(),
        })
        .execute(tx.any())?;
    Ok(())
}

/// The newest notices that a person has not seen, newest first.
///
/// # Errors
/// Of the database.
pub fn unseen(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Notice>, Error> {
    let rows: Vec<Row> = notices::table
        .filter(
            notices::user_id
                .eq(user.to_string())
                .and(notices::seen_at.is_null()),
        )
        .order((notices::at.desc(), notices::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Notes that a person has seen a notice of theirs; false when they have no such notice. Seeing it
/// again changes nothing.
///
/// # Errors
/// Of the database.
pub fn see(tx: &mut Tx<'_>, user: UserId, id: NoticeId, now: Moment) -> Result<bool, Error> {
    let own = || {
        notices::table.filter(
            notices::id
                .eq(id.to_string())
                .and(notices::user_id.eq(user.to_string())),
        )
    };
    let known: i64 = own().count().get_result(tx.any())?;
    diesel::update(own().filter(notices::seen_at.is_null()))
        .set(notices::seen_at.eq(now.naive()))
        .execute(tx.any())?;
    Ok(known == 1)
}

/// Forgets at most `limit` notices that were seen before `before`; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_forget(tx: &mut Tx<'_>, before: Moment, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = notices::table
        .filter(notices::seen_at.lt(before.naive()))
        .order(notices::seen_at)
        .limit(limit)
        .select(notices::id)
        .load(tx.any())?;
    Ok(diesel::delete(notices::table.filter(notices::id.eq_any(old))).execute(tx.any())?)
}
