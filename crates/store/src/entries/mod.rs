//! Entries: identity, version and the columns the working list reads.
//!
//! Not for what an entry says: that is in its revisions.

mod list;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::actor::Desks;
use loa_domain::entry::{Entry, State};
use loa_domain::ids::{EntryId, SectionId, SiteId, TranslationGroupId, UserId};
use loa_domain::locale::Locale;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one};
use crate::schema::entries;
use crate::tx::Tx;

pub use list::{StateCount, WorkingItem, WorkingQuery, counts, list};

/// What the working list shows: of the open edition, or else of the live one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its state.
    pub state: State,
    /// Its section.
    pub section: SectionId,
    /// Its title.
    pub title: String,
    /// Who has it on the desk.
    pub assignee: Option<UserId>,
    /// Whether any edition awaits confirmation.
    pub needs_second_look: bool,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = entries)]
#[diesel(treat_none_as_null = true)]
struct Row {
    id: String,
    site_id: String,
    kind: String,
    locale: String,
    translation_group_id: String,
    version: i64,
    open_edition_id: Option<String>,
    live_edition_id: Option<String>,
    submitted: bool,
    first_published_at: Option<NaiveDateTime>,
    public_updated_at: Option<NaiveDateTime>,
    state: String,
    section_id: String,
    title: String,
    assignee_id: Option<String>,
    needs_second_look: bool,
    created_by: String,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl Row {
    fn write(entry: &Entry, head: &Head) -> Self {
        Self {
            id: entry.id.to_string(),
            site_id: entry.site.to_string(),
            kind: entry.kind.to_string(),
            locale: entry.locale.to_string(),
            translation_group_id: entry.translation_group.to_string(),
            version: entry.version,
            open_edition_id: entry.open.map(|id| id.to_string()),
            live_edition_id: entry.live.map(|id| id.to_string()),
            submitted: entry.submitted,
            first_published_at: entry.first_published_at.map(Moment::naive),
            public_updated_at: entry.public_updated_at.map(Moment::naive),
            state: head.state.to_string(),
            section_id: head.section.to_string(),
            title: head.title.clone(),
            assignee_id: head.assignee.map(|id| id.to_string()),
            needs_second_look: head.needs_second_look,
            created_by: entry.created_by.to_string(),
            created_at: entry.created_at.naive(),
            updated_at: entry.updated_at.naive(),
        }
    }

    fn read(self) -> Result<Entry, Error> {
        let at = At {
            table: "entries",
            id: &self.id,
        };
        Ok(Entry {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            kind: at.parse("kind", &self.kind)?,
            locale: at.parse("locale", &self.locale)?,
            translation_group: at.parse("translation_group_id", &self.translation_group_id)?,
            version: self.version,
            open: at.parse_some("open_edition_id", self.open_edition_id.as_deref())?,
            live: at.parse_some("live_edition_id", self.live_edition_id.as_deref())?,
            submitted: self.submitted,
            first_published_at: self.first_published_at.map(Moment::from_naive),
            public_updated_at: self.public_updated_at.map(Moment::from_naive),
            created_by: at.parse("created_by", &self.created_by)?,
            created_at: Moment::from_naive(self.created_at),
            updated_at: Moment::from_naive(self.updated_at),
        })
    }
}

/// An entry of a site that somebody may read there; none where they may not.
///
/// # Errors
/// Of the database.
pub fn visible_to(
    conn: &mut Conn,
    readable: &Desks,
    site: SiteId,
    id: EntryId,
) -> Result<Option<Entry>, Error> {
    let Some(row) = row(conn, id)? else {
        return Ok(None);
    };
    let at = At {
        table: "entries",
        id: &row.id,
    };
    let section = at.parse("section_id", &row.section_id)?;
    let entry = row.read()?;
    Ok((entry.site == site && readable.covers(site, section)).then_some(entry))
}

/// An entry, whoever asks.
///
/// # Errors
/// Of the database.
pub fn system_get(conn: &mut Conn, id: EntryId) -> Result<Option<Entry>, Error> {
    row(conn, id)?.map(Row::read).transpose()
}

fn row(conn: &mut Conn, id: EntryId) -> Result<Option<Row>, Error> {
    Ok(entries::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?)
}

/// Adds an entry.
///
/// # Errors
/// `Taken` when its translation group has this language at this site already.
pub fn insert(tx: &mut Tx<'_>, entry: &Entry, head: &Head) -> Result<(), Error> {
    diesel::insert_into(entries::table)
        .values(Row::write(entry, head))
        .execute(tx.any())?;
    Ok(())
}

/// Writes an entry whose version was `before`.
///
/// # Errors
/// `Stale` when it is another one now.
pub fn update(tx: &mut Tx<'_>, entry: &Entry, head: &Head, before: i64) -> Result<(), Error> {
    let rows = diesel::update(
        entries::table.filter(
            entries::id
                .eq(entry.id.to_string())
                .and(entries::version.eq(before)),
        ),
    )
    .set(Row::write(entry, head))
    .execute(tx.any())?;
    exactly_one(rows)
}

/// Deletes an entry that was never handed in, with all that belongs to it.
///
/// # Errors
/// `Stale` when its version is not `version`.
pub fn delete(tx: &mut Tx<'_>, id: EntryId, version: i64) -> Result<(), Error> {
    let row = entries::table.filter(
        entries::id
            .eq(id.to_string())
            .and(entries::version.eq(version))
            .and(entries::submitted.eq(false)),
    );
    exactly_one(diesel::delete(row).execute(tx.any())?)
}

/// Languages and ids of a translation group at a site.
///
/// # Errors
/// Of the database.
pub fn in_group(
    conn: &mut Conn,
    site: SiteId,
    group: TranslationGroupId,
) -> Result<Vec<(Locale, EntryId)>, Error> {
    let rows: Vec<(String, String)> = entries::table
        .filter(
            entries::site_id
                .eq(site.to_string())
                .and(entries::translation_group_id.eq(group.to_string())),
        )
        .order(entries::locale)
        .select((entries::locale, entries::id))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(locale, id)| {
            let at = At {
                table: "entries",
                id: &id,
            };
            Ok((at.parse("locale", &locale)?, at.parse("id", &id)?))
        })
        .collect()
}

/// Ids of entries with a live edition, by id, after one of them; of one site or of all.
///
/// # Errors
/// Of the database.
pub fn system_live_after(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: &str,
    limit: i64,
) -> Result<Vec<EntryId>, Error> {
    let mut query = entries::table
        .filter(
            entries::live_edition_id
                .is_not_null()
                .and(entries::id.gt(after)),
        )
        .order(entries::id)
        .limit(limit)
        .select(entries::id)
        .into_boxed();
    if let Some(site) = site {
        query = query.filter(entries::site_id.eq(site.to_string()));
    }
    let ids: Vec<String> = query.load(conn.any())?;
    ids.iter()
        .map(|id| {
            At {
                table: "entries",
                id,
            }
            .parse("id", id)
        })
        .collect()
}
