//! Preview links.

use diesel::prelude::*;
use loa_domain::entry::PreviewLink;
use loa_domain::ids::{EntryId, PreviewLinkId, RevisionId};
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, time_key};
use crate::row::At;
use crate::schema::preview_links as links;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = links)]
struct Row {
    id: String,
    site_id: String,
    entry_id: String,
    revision_id: String,
    token_hash: String,
    created_by: String,
    created_at: chrono::NaiveDateTime,
    expires_at: chrono::NaiveDateTime,
    revoked_at: Option<chrono::NaiveDateTime>,
}

impl Row {
    fn read(self) -> Result<PreviewLink, Error> {
        let at = At {
            table: "preview_links",
            id: &self.id,
        };
        Ok(PreviewLink {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            revision: at.parse("revision_id", &self.revision_id)?,
            created_by: at.parse("created_by", &self.created_by)?,
            created_at: Moment::from_naive(self.created_at),
            expires_at: Moment::from_naive(self.expires_at),
            revoked_at: self.revoked_at.map(Moment::from_naive),
        })
    }
}

/// A page of the links of an entry, newest first.
///
/// # Errors
/// Of the database.
pub fn of_entry(
    conn: &mut Conn,
    entry: EntryId,
    ask: &PageAsk,
) -> Result<Page<PreviewLink>, Error> {
    let own = || {
        links::table
            .filter(links::entry_id.eq(entry.to_string()))
            .into_boxed()
    };
    let range = range(ask, Order::Descending);
    let rows: Vec<Row> = keyset!(own(), range, links::created_at, links::id, time_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, links::id, own()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: Moment::from_naive(row.created_at).micros().to_string(),
        id: row.id.clone(),
    })
    .try_map(Row::read)
}

/// The link with this token, given as its hash.
///
/// # Errors
/// Of the database.
pub fn by_token(conn: &mut Conn, token_hash: &str) -> Result<Option<PreviewLink>, Error> {
    let row: Option<Row> = links::table
        .filter(links::token_hash.eq(token_hash))
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// Adds a link.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, link: &PreviewLink, token_hash: &str) -> Result<(), Error> {
    let row = Row {
        id: link.id.to_string(),
        site_id: link.site.to_string(),
        entry_id: link.entry.to_string(),
        revision_id: link.revision.to_string(),
        token_hash: token_hash.to_owned(),
        created_by: link.created_by.to_string(),
        created_at: link.created_at.naive(),
        expires_at: link.expires_at.naive(),
        revoked_at: link.revoked_at.map(Moment::naive),
    };
    diesel::insert_into(links::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// Ends a link of an entry; gives whether the entry had such a live link.
///
/// # Errors
/// Of the database.
pub fn revoke(
    tx: &mut Tx<'_>,
    entry: EntryId,
    id: PreviewLinkId,
    now: Moment,
) -> Result<bool, Error> {
    let row = links::table.filter(
        links::id
            .eq(id.to_string())
            .and(links::entry_id.eq(entry.to_string()))
            .and(links::revoked_at.is_null()),
    );
    let rows = diesel::update(row)
        .set(links::revoked_at.eq(now.naive()))
        .execute(tx.any())?;
    Ok(rows == 1)
}

/// Ends every link to one of these revisions.
///
/// # Errors
/// Of the database.
pub fn revoke_of(tx: &mut Tx<'_>, revisions: &[RevisionId], now: Moment) -> Result<(), Error> {
    let ids: Vec<String> = revisions.iter().map(ToString::to_string).collect();
    for some in ids.chunks(100) {
        let rows = links::table.filter(
            links::revision_id
                .eq_any(some.to_vec())
                .and(links::revoked_at.is_null()),
        );
        diesel::update(rows)
            .set(links::revoked_at.eq(now.naive()))
            .execute(tx.any())?;
    }
    Ok(())
}

/// Ends every link of an entry.
///
/// # Errors
/// Of the database.
pub fn revoke_all_of(tx: &mut Tx<'_>, entry: EntryId, now: Moment) -> Result<(), Error> {
    let rows = links::table.filter(
        links::entry_id
            .eq(entry.to_string())
            .and(links::revoked_at.is_null()),
    );
    diesel::update(rows)
        .set(links::revoked_at.eq(now.naive()))
        .execute(tx.any())?;
    Ok(())
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

/// Ends all links of all entries; gives how many.
///
/// # Errors
/// Of the database.
pub fn system_revoke_all(tx: &mut Tx<'_>, now: Moment) -> Result<usize, Error> {
    Ok(
        diesel::update(links::table.filter(links::revoked_at.is_null()))
            .set(links::revoked_at.eq(now.naive()))
            .execute(tx.any())?,
    )
}
