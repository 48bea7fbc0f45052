//! Revisions: immutable snapshots.

use diesel::prelude::*;
use loa_domain::entry::Revision;
use loa_domain::ids::{EditionId, EntryId, RevisionId, UserId};
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
}

type LineRow = (
    String,
    i32,
    String,
    String,
    String,
    String,
    chrono::NaiveDateTime,
);

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
        .select((
            revisions::id,
            revisions::number,
            revisions::edition_id,
            revisions::title,
            revisions::sha256,
            revisions::author_id,
            revisions::created_at,
        ))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, number, edition, title, sha256, author, created_at)| {
            let at = At {
                table: "revisions",
                id: &id,
            };
            Ok(RevisionLine {
                number,
                edition: at.parse("edition_id", &edition)?,
                title,
                sha256,
                author: at.parse("author_id", &author)?,
                created_at: Moment::from_naive(created_at),
            })
        })
        .collect()
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
    };
    diesel::insert_into(revisions::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}
