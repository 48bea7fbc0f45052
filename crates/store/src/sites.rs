//! Sites.

use diesel::prelude::*;
use loa_domain::ids::SiteId;
use loa_domain::site::Site;
use loa_domain::text;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, to_json};
use crate::schema::sites;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sites)]
pub(crate) struct Row {
    id: String,
    unit_id: String,
    slug: String,
    title: String,
    status: String,
    successor_id: Option<String>,
    pub(crate) sort_key: String,
    version: i64,
    created_at: chrono::NaiveDateTime,
    updated_at: chrono::NaiveDateTime,
}

impl Row {
    pub(crate) fn read(self) -> Result<Site, Error> {
        let at = At {
            table: "sites",
            id: &self.id,
        };
        Ok(Site {
            id: at.parse("id", &self.id)?,
            unit: at.parse("unit_id", &self.unit_id)?,
            title: at.json("title", &self.title)?,
            status: at.parse("status", &self.status)?,
            successor: at.parse_some("successor_id", self.successor_id.as_deref())?,
            version: self.version,
            slug: self.slug,
        })
    }
}

/// The site with this slug. A slug of another form is the slug of nothing.
///
/// # Errors
/// Of the database.
pub fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Site>, Error> {
    if !text::is_slug(slug) {
        return Ok(None);
    }
    let row: Option<Row> = sites::table
        .filter(sites::slug.eq(slug))
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// The sites with these ids, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, ids: &[SiteId]) -> Result<Vec<Site>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = sites::table
        .filter(sites::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// The site with this id.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, id: SiteId) -> Result<Option<Site>, Error> {
    let row: Option<Row> = sites::table
        .find(id.to_string())
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    row.map(Row::read).transpose()
}

/// Whether there is any site at all.
///
/// # Errors
/// Of the database.
pub fn system_any(conn: &mut Conn) -> Result<bool, Error> {
    let first: Option<String> = sites::table
        .select(sites::id)
        .first(conn.any())
        .optional()?;
    Ok(first.is_some())
}

/// Adds a site.
///
/// # Errors
/// `Taken` when the slug is in use.
pub fn insert(tx: &mut Tx<'_>, site: &Site, now: Moment) -> Result<(), Error> {
    let title = site.title.values().next().map_or("", String::as_str);
    let row = Row {
        id: site.id.to_string(),
        unit_id: site.unit.to_string(),
        slug: site.slug.clone(),
        title: to_json(&site.title)?,
        status: site.status.to_string(),
        successor_id: site.successor.map(|id| id.to_string()),
        sort_key: text::sort_key(title),
        version: site.version,
        created_at: now.naive(),
        updated_at: now.naive(),
    };
    diesel::insert_into(sites::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}
