//! Editions and their authors.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::entry::{Approval, Edition, Forced, Withdrawal};
use loa_domain::ids::{EditionId, EntryId, UserId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one, to_json};
use crate::schema::{edition_authors, editions};
use crate::tx::Tx;

/// An entry whose time has come, and its place in the order of those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The entry.
    pub entry: EntryId,
    /// Its time.
    pub at: Moment,
    /// What tells it from others of the same time.
    pub(crate) key: String,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = editions)]
#[diesel(treat_none_as_null = true)]
struct Row {
    id: String,
    site_id: String,
    entry_id: String,
    number: i32,
    state: String,
    revision_id: String,
    assignee_id: Option<String>,
    approved_by: Option<String>,
    approved_at: Option<NaiveDateTime>,
    approved_sha256: Option<String>,
    publish_at: Option<NaiveDateTime>,
    published_at: Option<NaiveDateTime>,
    forced_by: Option<String>,
    confirmed_by: Option<String>,
    withdraw_kind: Option<String>,
    withdraw_reason: Option<String>,
    redirect_to: Option<String>,
    withdrawn_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    earlier_authors: Option<String>,
}

impl Row {
    fn write(edition: &Edition, created: Moment, now: Moment) -> Result<Self, Error> {
        let approval = edition.approval.as_ref();
        let forced = edition.forced.as_ref();
        let withdrawal = edition.withdrawal.as_ref();
        Ok(Self {
            id: edition.id.to_string(),
            site_id: edition.site.to_string(),
            entry_id: edition.entry.to_string(),
            number: edition.number,
            state: edition.state.to_string(),
            revision_id: edition.revision.to_string(),
            assignee_id: edition.assignee.map(|id| id.to_string()),
            approved_by: approval.map(|approval| approval.by.to_string()),
            approved_at: approval.map(|approval| approval.at.naive()),
            approved_sha256: approval.map(|approval| approval.sha256.clone()),
            publish_at: edition.publish_at.map(Moment::naive),
            published_at: edition.published_at.map(Moment::naive),
            forced_by: forced.map(|forced| forced.by.to_string()),
            confirmed_by: forced
                .and_then(|forced| forced.confirmed_by)
                .map(|id| id.to_string()),
            withdraw_kind: withdrawal.map(|withdrawal| withdrawal.kind.to_string()),
            withdraw_reason: withdrawal.and_then(|withdrawal| withdrawal.reason.clone()),
            redirect_to: withdrawal.and_then(|withdrawal| withdrawal.redirect_to.clone()),
            withdrawn_at: withdrawal.map(|withdrawal| withdrawal.at.naive()),
            created_at: created.naive(),
            updated_at: now.naive(),
            earlier_authors: edition.earlier_authors.as_ref().map(to_json).transpose()?,
        })
    }

    fn read(self, authors: Vec<UserId>) -> Result<Edition, Error> {
        let at = At {
            table: "editions",
            id: &self.id,
        };
        let approval = match (self.approved_by, self.approved_at, self.approved_sha256) {
            (Some(by), Some(when), Some(sha256)) => Some(Approval {
                by: at.parse("approved_by", &by)?,
                at: Moment::from_naive(when),
                sha256,
            }),
            (None, None, None) => None,
            _ => return Err(at.corrupt("a part of an approval")),
        };
        let forced = match &self.forced_by {
            Some(by) => Some(Forced {
                by: at.parse("forced_by", by)?,
                confirmed_by: at.parse_some("confirmed_by", self.confirmed_by.as_deref())?,
            }),
            None => None,
        };
        let withdrawal = match (&self.withdraw_kind, self.withdrawn_at) {
            (Some(kind), Some(when)) => Some(Withdrawal {
                kind: at.parse("withdraw_kind", kind)?,
                reason: self.withdraw_reason,
                redirect_to: self.redirect_to,
                at: Moment::from_naive(when),
            }),
            (None, None) => None,
            _ => return Err(at.corrupt("a part of a withdrawal")),
        };
        Ok(Edition {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            number: self.number,
            state: at.parse("state", &self.state)?,
            revision: at.parse("revision_id", &self.revision_id)?,
            authors,
            earlier_authors: match self.earlier_authors {
                Some(text) => Some(at.json("earlier_authors", &text)?),
                None => None,
            },
            assignee: at.parse_some("assignee_id", self.assignee_id.as_deref())?,
            approval,
            publish_at: self.publish_at.map(Moment::from_naive),
            published_at: self.published_at.map(Moment::from_naive),
            forced,
            withdrawal,
        })
    }
}

/// Every edition of an entry, oldest first.
///
/// # Errors
/// Of the database.
pub fn of_entry(conn: &mut Conn, entry: EntryId) -> Result<Vec<Edition>, Error> {
    let rows: Vec<Row> = editions::table
        .filter(editions::entry_id.eq(entry.to_string()))
        .order(editions::number)
        .select(Row::as_select())
        .load(conn.any())?;
    with_authors(conn, rows)
}

/// The editions with these ids, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, ids: &[EditionId]) -> Result<Vec<Edition>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = editions::table
        .filter(editions::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    with_authors(conn, rows)
}

fn with_authors(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Edition>, Error> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let pairs: Vec<(String, String)> = edition_authors::table
        .filter(edition_authors::edition_id.eq_any(ids))
        .order(edition_authors::user_id)
        .select((edition_authors::edition_id, edition_authors::user_id))
        .load(conn.any())?;
    let mut authors: HashMap<String, Vec<UserId>> = HashMap::new();
    for (edition, user) in pairs {
        let user = At {
            table: "edition_authors",
            id: &edition,
        }
        .parse("user_id", &user)?;
        authors.entry(edition).or_default().push(user);
    }
    rows.into_iter()
        .map(|row| {
            let own = authors.remove(&row.id).unwrap_or_default();
            row.read(own)
        })
        .collect()
}

/// Adds an edition with its authors.
///
/// # Errors
/// `Taken` when the entry has an open one already.
pub fn insert(tx: &mut Tx<'_>, edition: &Edition, now: Moment) -> Result<(), Error> {
    diesel::insert_into(editions::table)
        .values(Row::write(edition, now, now)?)
        .execute(tx.any())?;
    edition
        .authors
        .iter()
        .try_for_each(|author| add_author(tx, edition, *author))
}

/// Writes what can change of an edition; authors are added, never taken away.
///
/// # Errors
/// `Taken` when that would make a second open or published one.
pub fn update(tx: &mut Tx<'_>, edition: &Edition, now: Moment) -> Result<(), Error> {
    let id = edition.id.to_string();
    let created: NaiveDateTime = editions::table
        .find(&id)
        .select(editions::created_at)
        .first(tx.any())?;
    let row = Row::write(edition, Moment::from_naive(created), now)?;
    exactly_one(
        diesel::update(editions::table.find(&id))
            .set(row)
            .execute(tx.any())?,
    )
}

/// Adds an author, who is none yet.
///
/// # Errors
/// `Taken` when they are one.
pub fn add_author(tx: &mut Tx<'_>, edition: &Edition, author: UserId) -> Result<(), Error> {
    diesel::insert_into(edition_authors::table)
        .values((
            edition_authors::edition_id.eq(edition.id.to_string()),
            edition_authors::user_id.eq(author.to_string()),
            edition_authors::entry_id.eq(edition.entry.to_string()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Entries with an edition whose time has come, oldest first, after one of them.
///
/// # Errors
/// Of the database.
pub fn system_due(
    conn: &mut Conn,
    now: Moment,
    after: Option<&Due>,
    limit: i64,
) -> Result<Vec<Due>, Error> {
    let mut query = editions::table
        .filter(
            editions::publish_at
                .le(now.naive())
                .and(editions::state.eq("scheduled")),
        )
        .order((editions::publish_at, editions::id))
        .limit(limit)
        .select((
            editions::publish_at.assume_not_null(),
            editions::id,
            editions::entry_id,
        ))
        .into_boxed();
    if let Some(after) = after {
        let at = after.at.naive();
        let later = editions::publish_at.gt(at).assume_not_null();
        query = query.filter(
            editions::publish_at
                .ge(at)
                .and(later.or(editions::id.gt(after.key.clone()))),
        );
    }
    let rows: Vec<(NaiveDateTime, String, String)> = query.load(conn.any())?;
    rows.into_iter()
        .map(|(when, id, entry)| {
            let at = At {
                table: "editions",
                id: &id,
            };
            Ok(Due {
                entry: at.parse("entry_id", &entry)?,
                at: Moment::from_naive(when),
                key: id,
            })
        })
        .collect()
}

/// Editions that send their readers to one of these addresses.
///
/// # Errors
/// Of the database.
pub fn system_leading_to(conn: &mut Conn, addresses: &[String]) -> Result<Vec<Edition>, Error> {
    let rows: Vec<Row> = editions::table
        .filter(editions::redirect_to.eq_any(addresses.to_vec()))
        .order((editions::entry_id, editions::number))
        .select(Row::as_select())
        .load(conn.any())?;
    with_authors(conn, rows)
}
