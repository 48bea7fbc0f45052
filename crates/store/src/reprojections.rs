//! Work left by a change to something that documents embed.

use diesel::prelude::*;
use loa_domain::ids::{ReprojectionId, SectionId, SiteId};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::reprojections;
use crate::tx::Tx;

/// A piece of work: the documents of a section and those below it, or of a whole site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reprojection {
    /// Identity.
    pub id: ReprojectionId,
    /// Whose documents.
    pub site: SiteId,
    /// Only those in this section and below.
    pub section: Option<SectionId>,
    /// Id of the last entry that was done; empty at the start.
    pub after: String,
}

/// Id, site, section, and the entry that was done last.
type Row = (String, String, Option<String>, String);

const COLUMNS: (
    reprojections::id,
    reprojections::site_id,
    reprojections::section_id,
    reprojections::after_entry,
) = (
    reprojections::id,
    reprojections::site_id,
    reprojections::section_id,
    reprojections::after_entry,
);

/// Leaves work.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, work: &Reprojection, now: Moment) -> Result<(), Error> {
    diesel::insert_into(reprojections::table)
        .values((
            reprojections::id.eq(work.id.to_string()),
            reprojections::site_id.eq(work.site.to_string()),
            reprojections::section_id.eq(work.section.map(|id| id.to_string())),
            reprojections::after_entry.eq(&work.after),
            reprojections::created_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// The oldest work.
///
/// # Errors
/// Of the database.
pub fn system_oldest(conn: &mut Conn) -> Result<Option<Reprojection>, Error> {
    let row: Option<Row> = reprojections::table
        .order(reprojections::id)
        .select(COLUMNS)
        .first(conn.any())
        .optional()?;
    row.map(read).transpose()
}

/// All work that is left, oldest first.
///
/// # Errors
/// Of the database.
pub fn system_all(conn: &mut Conn) -> Result<Vec<Reprojection>, Error> {
    let rows: Vec<Row> = reprojections::table
        .order(reprojections::id)
        .select(COLUMNS)
        .load(conn.any())?;
    rows.into_iter().map(read).collect()
}

fn read((id, site, section, after): Row) -> Result<Reprojection, Error> {
    let at = At {
        table: "reprojections",
        id: &id,
    };
    Ok(Reprojection {
        id: at.parse("id", &id)?,
        site: at.parse("site_id", &site)?,
        section: at.parse_some("section_id", section.as_deref())?,
        after,
    })
}

/// Sites of which all documents are to be rendered again, and none has been yet.
///
/// # Errors
/// Of the database.
pub fn system_whole_sites(conn: &mut Conn) -> Result<Vec<SiteId>, Error> {
    let rows: Vec<(String, String)> = reprojections::table
        .filter(
            reprojections::section_id
                .is_null()
                .and(reprojections::after_entry.eq("")),
        )
        .select((reprojections::id, reprojections::site_id))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, site)| {
            At {
                table: "reprojections",
                id: &id,
            }
            .parse("site_id", &site)
        })
        .collect()
}

/// Notes how far work has come; `None` when it is done. Gives false when another worker has moved
/// it on since it was read.
///
/// # Errors
/// Of the database.
pub fn system_advance(
    tx: &mut Tx<'_>,
    work: &Reprojection,
    to: Option<&str>,
) -> Result<bool, Error> {
    let row = reprojections::table.filter(
        reprojections::id
            .eq(work.id.to_string())
            .and(reprojections::after_entry.eq(&work.after)),
    );
    let rows = match to {
        Some(last) => diesel::update(row)
            .set(reprojections::after_entry.eq(last))
            .execute(tx.any())?,
        None => diesel::delete(row).execute(tx.any())?,
    };
    Ok(rows == 1)
}
