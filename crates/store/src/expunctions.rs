//! Expunctions: requests that a text be taken away for good, with the list of what goes.
//!
//! Not for taking it away, which each table's own module does. The text is not kept here.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::expunction::{Expunction, ExpunctionState, Item};
use loa_domain::ids::{ExpunctionId, RevisionId, UserId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one};
use crate::schema::{expunction_items as items, expunctions};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = expunctions)]
struct Row {
    id: String,
    site_id: String,
    entry_id: String,
    by_text: bool,
    reason: String,
    state: String,
    asked_by: String,
    asked_at: NaiveDateTime,
    decided_by: Option<String>,
    decided_at: Option<NaiveDateTime>,
    cleaned_at: Option<NaiveDateTime>,
}

impl Row {
    fn read(self) -> Result<Expunction, Error> {
        let at = At {
            table: "expunctions",
            id: &self.id,
        };
        Ok(Expunction {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            by_text: self.by_text,
            state: at.parse("state", &self.state)?,
            asked_by: at.parse("asked_by", &self.asked_by)?,
            asked_at: Moment::from_naive(self.asked_at),
            decided_by: at.parse_some("decided_by", self.decided_by.as_deref())?,
            decided_at: self.decided_at.map(Moment::from_naive),
            cleaned_at: self.cleaned_at.map(Moment::from_naive),
            reason: self.reason,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = items)]
struct ItemRow {
    expunction_id: String,
    kind: String,
    item_key: String,
    entry_id: String,
    number: i64,
    places: String,
}

impl ItemRow {
    fn read(self) -> Result<Item, Error> {
        let at = At {
            table: "expunction_items",
            id: &self.expunction_id,
        };
        Ok(Item {
            kind: at.parse("kind", &self.kind)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            number: self.number,
            places: self.places.split_whitespace().map(str::to_owned).collect(),
            key: self.item_key,
        })
    }
}

/// Adds a request with its list.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, expunction: &Expunction, list: &[Item]) -> Result<(), Error> {
    diesel::insert_into(expunctions::table)
        .values(Row {
            id: expunction.id.to_string(),
            site_id: expunction.site.to_string(),
            entry_id: expunction.entry.to_string(),
            by_text: expunction.by_text,
            reason: expunction.reason.clone(),
            state: expunction.state.to_string(),
            asked_by: expunction.asked_by.to_string(),
            asked_at: expunction.asked_at.naive(),
            decided_by: expunction.decided_by.map(|id| id.to_string()),
            decided_at: expunction.decided_at.map(Moment::naive),
            cleaned_at: expunction.cleaned_at.map(Moment::naive),
        })
        .execute(tx.any())?;
    for item in list {
        diesel::insert_into(items::table)
            .values(ItemRow {
                expunction_id: expunction.id.to_string(),
                kind: item.kind.to_string(),
                item_key: item.key.clone(),
                entry_id: item.entry.to_string(),
                number: item.number,
                places: item.places.join(" "),
            })
            .execute(tx.any())?;
    }
    Ok(())
}

/// A request.
///
/// # Errors
/// Of the database.
pub fn system_get(conn: &mut Conn, id: ExpunctionId) -> Result<Option<Expunction>, Error> {
    let row: Option<Row> = expunctions::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// The list of a request, by kind and number.
///
/// # Errors
/// Of the database.
pub fn items(conn: &mut Conn, id: ExpunctionId) -> Result<Vec<Item>, Error> {
    let rows: Vec<ItemRow> = items::table
        .filter(items::expunction_id.eq(id.to_string()))
        .order((items::kind, items::entry_id, items::number, items::item_key))
        .select(ItemRow::as_select())
        .load(conn.any())?;
    rows.into_iter().map(ItemRow::read).collect()
}

/// The newest requests, newest first.
///
/// # Errors
/// Of the database.
pub fn system_list(conn: &mut Conn, limit: i64) -> Result<Vec<Expunction>, Error> {
    let rows: Vec<Row> = expunctions::table
        .order((expunctions::asked_at.desc(), expunctions::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Confirms or cancels a request that waits.
///
/// # Errors
/// `Stale` when it does not wait any more.
pub fn decide(
    tx: &mut Tx<'_>,
    id: ExpunctionId,
    state: ExpunctionState,
    by: UserId,
    now: Moment,
) -> Result<(), Error> {
    let row = expunctions::table.filter(
        expunctions::id
            .eq(id.to_string())
            .and(expunctions::state.eq(ExpunctionState::Asked.as_str())),
    );
    exactly_one(
        diesel::update(row)
            .set((
                expunctions::state.eq(state.as_str()),
                expunctions::decided_by.eq(by.to_string()),
                expunctions::decided_at.eq(now.naive()),
            ))
            .execute(tx.any())?,
    )
}

/// Notes that the database's files were cleaned.
///
/// # Errors
/// `Stale` when there is no such request.
pub fn set_cleaned(tx: &mut Tx<'_>, id: ExpunctionId, now: Moment) -> Result<(), Error> {
    exactly_one(
        diesel::update(expunctions::table.find(id.to_string()))
            .set(expunctions::cleaned_at.eq(now.naive()))
            .execute(tx.any())?,
    )
}

/// Which of these revisions somebody has asked to expunge.
///
/// # Errors
/// Of the database.
pub fn asked_for(conn: &mut Conn, revisions: &[RevisionId]) -> Result<Vec<String>, Error> {
    let ids: Vec<String> = revisions.iter().map(ToString::to_string).collect();
    Ok(items::table
        .inner_join(expunctions::table)
        .filter(
            items::item_key
                .eq_any(ids)
                .and(expunctions::state.eq(ExpunctionState::Asked.as_str())),
        )
        .select(items::item_key)
        .load(conn.any())?)
}
