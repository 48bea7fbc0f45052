//! Sites.

use diesel::prelude::*;
use loa_domain::actor::Sites;
use loa_domain::ids::{SiteId, UnitId};
use loa_domain::locale::Locale;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::site::{Site, localised};
use loa_domain::text;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, text_key};
use crate::row::{At, exactly_one, to_json};
use crate::schema::{entries, sites};
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

/// The sites among those somebody may see, by title.
///
/// # Errors
/// Of the database.
pub fn list(conn: &mut Conn, visible: &Sites, ask: &PageAsk) -> Result<Page<Site>, Error> {
    let query = || {
        let query = sites::table.into_boxed();
        match visible {
            Sites::All => query,
            Sites::Only(some) => {
                let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
                query.filter(sites::id.eq_any(ids))
            }
        }
    };
    let range = range(ask, Order::Ascending);
    let rows: Vec<Row> = keyset!(query(), range, sites::sort_key, sites::id, text_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, sites::id, query()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: row.sort_key.clone(),
        id: row.id.clone(),
    })
    .try_map(Row::read)
}

/// The sites of a unit.
///
/// # Errors
/// Of the database.
pub fn of_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<SiteId>, Error> {
    let rows: Vec<String> = sites::table
        .filter(sites::unit_id.eq(unit.to_string()))
        .select(sites::id)
        .order(sites::id)
        .load(conn.any())?;
    ids(&rows)
}

/// The sites that a site took over.
///
/// # Errors
/// Of the database.
pub fn predecessors(conn: &mut Conn, site: SiteId) -> Result<Vec<SiteId>, Error> {
    let rows: Vec<String> = sites::table
        .filter(sites::successor_id.eq(site.to_string()))
        .select(sites::id)
        .order(sites::id)
        .load(conn.any())?;
    ids(&rows)
}

fn ids(rows: &[String]) -> Result<Vec<SiteId>, Error> {
    rows.iter()
        .map(|id| At { table: "sites", id }.parse("id", id))
        .collect()
}

/// Whether the site has an entry in this language.
///
/// # Errors
/// Of the database.
pub fn entries_use_locale(conn: &mut Conn, site: SiteId, locale: &Locale) -> Result<bool, Error> {
    let found: Option<String> = entries::table
        .filter(
            entries::site_id
                .eq(site.to_string())
                .and(entries::locale.eq(locale.as_str())),
        )
        .select(entries::id)
        .first(conn.any())
        .optional()?;
    Ok(found.is_some())
}

/// Locks a site's row until the end of the transaction, on either database: what is checked about
/// its settings and sections stays true meanwhile.
///
/// # Errors
/// `Stale` when there is no such site.
pub fn hold(tx: &mut Tx<'_>, site: SiteId) -> Result<(), Error> {
    let rows = diesel::update(sites::table.find(site.to_string()))
        .set(sites::version.eq(sites::version))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Replaces what may change of a site that has the version before `site.version`.
///
/// # Errors
/// `Stale` when it has another by now.
pub fn update(tx: &mut Tx<'_>, site: &Site, now: Moment) -> Result<(), Error> {
    let row = sites::table.filter(
        sites::id
            .eq(site.id.to_string())
            .and(sites::version.eq(site.version - 1)),
    );
    let rows = diesel::update(row)
        .set((
            sites::title.eq(to_json(&site.title)?),
            sites::status.eq(site.status.as_str()),
            sites::successor_id.eq(site.successor.map(|id| id.to_string())),
            sites::sort_key.eq(title_key(site)),
            sites::version.eq(site.version),
            sites::updated_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Sites are sorted by their Vietnamese titles.
fn title_key(site: &Site) -> String {
    let vietnamese = Locale::vietnamese();
    text::sort_key(localised(&site.title, &vietnamese, &vietnamese))
}

/// Adds a site.
///
/// # Errors
/// `Taken` when the slug is in use.
pub fn insert(tx: &mut Tx<'_>, site: &Site, now: Moment) -> Result<(), Error> {
    let row = Row {
        id: site.id.to_string(),
        unit_id: site.unit.to_string(),
        slug: site.slug.clone(),
        title: to_json(&site.title)?,
        status: site.status.to_string(),
        successor_id: site.successor.map(|id| id.to_string()),
        sort_key: title_key(site),
        version: site.version,
        created_at: now.naive(),
        updated_at: now.naive(),
    };
    diesel::insert_into(sites::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}
