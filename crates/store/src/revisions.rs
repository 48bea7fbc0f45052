//! Revisions: immutable snapshots, until they are thinned or expunged.

use std::collections::HashMap;

use diesel::prelude::*;
use loa_domain::entry::{EXPUNGED_TITLE, Revision};
use loa_domain::ids::{EditionId, EntryId, RevisionId, SectionId, UserId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::revisions;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions)]
struct Row {
    id: String,
    site_id: String,
    entry_id: String,
    edition_id: String,
    number: i32,
    snapshot: String,
    sha256: String,
    section_id: String,
    title: String,
    author_id: String,
    created_at: chrono::NaiveDateTime,
    expunged_at: Option<chrono::NaiveDateTime>,
}

impl Row {
    fn read(self) -> Result<Revision, Error> {
        let at = At {
            table: "revisions",
            id: &self.id,
        };
        Ok(Revision {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            entry: at.parse("entry_id", &self.entry_id)?,
            edition: at.parse("edition_id", &self.edition_id)?,
            number: self.number,
            section: at.parse("section_id", &self.section_id)?,
            author: at.parse("author_id", &self.author_id)?,
            created_at: Moment::from_naive(self.created_at),
            expunged_at: self.expunged_at.map(Moment::from_naive),
            snapshot: self.snapshot,
            sha256: self.sha256,
            title: self.title,
        })
    }
}

/// The revisions with these ids, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, ids: &[RevisionId]) -> Result<Vec<Revision>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = revisions::table
        .filter(revisions::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// A revision by its number within the entry.
///
/// # Errors
/// Of the database.
pub fn by_number(conn: &mut Conn, entry: EntryId, number: i32) -> Result<Option<Revision>, Error> {
    let row: Option<Row> = revisions::table
        .filter(
            revisions::entry_id
                .eq(entry.to_string())
                .and(revisions::number.eq(number)),
        )
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// A revision in a list: without its snapshot, which may be long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionLine {
    /// Number within the entry.
    pub number: i32,
    /// Of which edition.
    pub edition: EditionId,
    /// Its title.
    pub title: String,
    /// SHA-256 of the snapshot.
    pub sha256: String,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub created_at: Moment,
    /// When its content was expunged.
    pub expunged_at: Option<Moment>,
}

/// What lists show; the content is long.
#[derive(Queryable, Selectable)]
#[diesel(table_name = revisions)]
struct LineRow {
    id: String,
    number: i32,
    edition_id: String,
    title: String,
    sha256: String,
    author_id: String,
    created_at: chrono::NaiveDateTime,
    expunged_at: Option<chrono::NaiveDateTime>,
}

/// Revisions of an entry before a number, newest first.
///
/// # Errors
/// Of the database.
pub fn of_entry(
    conn: &mut Conn,
    entry: EntryId,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<RevisionLine>, Error> {
    let older = revisions::number.lt(before.unwrap_or(i32::MAX));
    let rows: Vec<LineRow> = revisions::table
        .filter(revisions::entry_id.eq(entry.to_string()).and(older))
        .order(revisions::number.desc())
        .limit(limit)
        .select(LineRow::as_select())
        .load(conn.any())?;
    rows.into_iter().map(line).collect()
}

fn line(row: LineRow) -> Result<RevisionLine, Error> {
    let at = At {
        table: "revisions",
        id: &row.id,
    };
    Ok(RevisionLine {
        number: row.number,
        edition: at.parse("edition_id", &row.edition_id)?,
        author: at.parse("author_id", &row.author_id)?,
        created_at: Moment::from_naive(row.created_at),
        expunged_at: row.expunged_at.map(Moment::from_naive),
        title: row.title,
        sha256: row.sha256,
    })
}

/// Revisions of an entry that still have content, whole, after a number, oldest first.
///
/// # Errors
/// Of the database.
pub fn whole_after(
    conn: &mut Conn,
    entry: EntryId,
    after: i32,
    limit: i64,
) -> Result<Vec<Revision>, Error> {
    let rows: Vec<Row> = revisions::table
        .filter(
            revisions::entry_id
                .eq(entry.to_string())
                .and(revisions::number.gt(after))
                .and(revisions::expunged_at.is_null()),
        )
        .order(revisions::number)
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// The newest revision of an entry that still has content.
///
/// # Errors
/// Of the database.
pub fn newest_whole(conn: &mut Conn, entry: EntryId) -> Result<Option<Revision>, Error> {
    let row: Option<Row> = revisions::table
        .filter(
            revisions::entry_id
                .eq(entry.to_string())
                .and(revisions::expunged_at.is_null()),
        )
        .order(revisions::number.desc())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// Takes the content out of revisions for good.
///
/// # Errors
/// Of the database.
pub fn expunge(tx: &mut Tx<'_>, ids: &[RevisionId], now: Moment) -> Result<(), Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    for some in ids.chunks(100) {
        diesel::update(revisions::table.filter(revisions::id.eq_any(some.to_vec())))
            .set((
                revisions::snapshot.eq("{}"),
                revisions::title.eq(EXPUNGED_TITLE),
                revisions::expunged_at.eq(now.naive()),
            ))
            .execute(tx.any())?;
    }
    Ok(())
}

/// Number of the newest revision of an entry; zero when it has none.
///
/// # Errors
/// Of the database.
pub fn last_number(conn: &mut Conn, entry: EntryId) -> Result<i32, Error> {
    let number: Option<i32> = revisions::table
        .filter(revisions::entry_id.eq(entry.to_string()))
        .order(revisions::number.desc())
        .select(revisions::number)
        .first(conn.any())
        .optional()?;
    Ok(number.unwrap_or(0))
}

/// Adds a revision.
///
/// # Errors
/// `Taken` when the entry has one of this number.
pub fn insert(tx: &mut Tx<'_>, revision: &Revision) -> Result<(), Error> {
    let row = Row {
        id: revision.id.to_string(),
        site_id: revision.site.to_string(),
        entry_id: revision.entry.to_string(),
        edition_id: revision.edition.to_string(),
        number: revision.number,
        snapshot: revision.snapshot.clone(),
        sha256: revision.sha256.clone(),
        section_id: revision.section.to_string(),
        title: revision.title.clone(),
        author_id: revision.author.to_string(),
        created_at: revision.created_at.naive(),
        expunged_at: revision.expunged_at.map(Moment::naive),
    };
    diesel::insert_into(revisions::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// The sections that these revisions name, each once.
///
/// # Errors
/// Of the database.
pub fn sections_of(conn: &mut Conn, ids: &[RevisionId]) -> Result<Vec<SectionId>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut found: Vec<String> = Vec::new();
    for some in ids.chunks(500) {
        let own: Vec<String> = revisions::table
            .filter(revisions::id.eq_any(some.to_vec()))
            .select(revisions::section_id)
            .distinct()
            .load(conn.any())?;
        found.extend(own);
    }
    found.sort();
    found.dedup();
    found
        .iter()
        .map(|id| {
            At {
                table: "revisions",
                id,
            }
            .parse("section_id", id)
        })
        .collect()
}

/// Number, author, time and hash of these revisions, by id.
///
/// # Errors
/// Of the database.
pub fn lines_of(
    conn: &mut Conn,
    ids: &[RevisionId],
) -> Result<HashMap<String, RevisionLine>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut found = HashMap::new();
    for some in ids.chunks(500) {
        let rows: Vec<LineRow> = revisions::table
            .filter(revisions::id.eq_any(some.to_vec()))
            .select(LineRow::as_select())
            .load(conn.any())?;
        for row in rows {
            found.insert(row.id.clone(), line(row)?);
        }
    }
    Ok(found)
}
