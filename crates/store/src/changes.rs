//! The change log: numbered in commit order, without gaps.

use std::collections::BTreeMap;

use diesel::prelude::*;
use loa_domain::change::{Change, NewChange};
use loa_domain::ids::SiteId;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one};
use crate::schema::{change_counter, changes};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = changes)]
struct Row {
    seq: i64,
    site_id: Option<String>,
    subject: String,
    subject_id: String,
    kind: String,
    at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Change, Error> {
        let id = self.seq.to_string();
        let at = At {
            table: "changes",
            id: &id,
        };
        Ok(Change {
            seq: self.seq,
            site: at.parse_some("site_id", self.site_id.as_deref())?,
            subject: at.parse("subject", &self.subject)?,
            kind: at.parse("kind", &self.kind)?,
            at: Moment::from_naive(self.at),
            subject_id: self.subject_id,
        })
    }
}

/// Appends changes; gives the last number of each site that has any. The counter row is locked
/// until the commit, which is why this comes last in a transaction.
pub(crate) fn append(
    conn: &mut Conn,
    new: &[NewChange],
    now: Moment,
) -> Result<BTreeMap<Option<SiteId>, i64>, Error> {
    let mut heads = BTreeMap::new();
    if new.is_empty() {
        return Ok(heads);
    }
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let rows = diesel::update(change_counter::table.filter(change_counter::id.eq(1)))
        .set(change_counter::n.eq(change_counter::n + count))
        .execute(conn.any())?;
    exactly_one(rows)?;
    let last: i64 = change_counter::table
        .select(change_counter::n)
        .first(conn.any())?;
    for (seq, change) in (last - count + 1..).zip(new) {
        diesel::insert_into(changes::table)
            .values(Row {
                seq,
                site_id: change.site.map(|site| site.to_string()),
                subject: change.subject.to_string(),
                subject_id: change.subject_id.clone(),
                kind: change.kind.to_string(),
                at: now.naive(),
            })
            .execute(conn.any())?;
        heads.insert(change.site, seq);
    }
    Ok(heads)
}

/// Locks the log until the end of the transaction, for what has to be checked among rows that
/// another transaction may be adding. The log comes first among all locks then.
///
/// # Errors
/// Of the database.
pub fn hold(tx: &mut Tx<'_>) -> Result<(), Error> {
    let rows = diesel::update(change_counter::table.filter(change_counter::id.eq(1)))
        .set(change_counter::n.eq(change_counter::n))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// The log after a number, oldest first.
///
/// # Errors
/// Of the database.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Change>, Error> {
    changes::table
        .filter(changes::seq.gt(seq))
        .order(changes::seq)
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// The last number of the log.
///
/// # Errors
/// Of the database.
pub fn last(conn: &mut Conn) -> Result<i64, Error> {
    Ok(change_counter::table
        .select(change_counter::n)
        .first(conn.any())?)
}

/// The last number of a site; zero when it has none.
///
/// # Errors
/// Of the database.
pub fn last_of_site(conn: &mut Conn, site: SiteId) -> Result<i64, Error> {
    let last: Option<i64> = changes::table
        .filter(changes::site_id.eq(site.to_string()))
        .order(changes::seq.desc())
        .select(changes::seq)
        .first(conn.any())
        .optional()?;
    Ok(last.unwrap_or(0))
}
