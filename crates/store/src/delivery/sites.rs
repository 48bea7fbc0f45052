//! Sites as readers see them: with unit, hosts, languages, contact and the sites before and after.

use std::collections::HashMap;

use diesel::prelude::*;
use loa_domain::ids::{SiteId, UnitId};
use loa_domain::locale::Locale;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::site::{Site, SiteSettings};
use loa_domain::text;
use loa_domain::unit::Unit;

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range};
use crate::row::At;
use crate::schema::{allowed_hosts, site_hosts, site_settings, sites, units as unit_table};
use crate::{settings, sites as all_sites, units};

/// What reading anything of a site starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRef {
    /// Identity.
    pub id: SiteId,
    /// Its name in URLs.
    pub slug: String,
    /// The language of paths without a prefix.
    pub default_locale: Locale,
    /// Every language content may have.
    pub locales: Vec<Locale>,
    /// The last number of the change log that is about this site, at the same instant.
    pub sequence: i64,
}

pub(super) type RefRow = (String, String, String, String, Option<i64>);

/// The columns of a [`RefRow`], with the sequence: one query reads both, so nothing can change between
/// the two.
macro_rules! ref_columns {
    () => {{
        use $crate::schema::{changes, site_settings, sites};
        (
            sites::id,
            sites::slug,
            site_settings::default_locale,
            site_settings::locales,
            changes::table
                .filter(changes::site_id.eq(sites::id.nullable()))
                .select(diesel::dsl::max(changes::seq))
                .single_value(),
        )
    }};
}
pub(super) use ref_columns;

/// Reads the one site that a condition fits.
macro_rules! site_ref {
    ($conn:expr, $fits:expr) => {{
        let row: Option<RefRow> = sites::table
            .inner_join(site_settings::table)
            .filter($fits)
            .select(ref_columns!())
            .first($conn.any())
            .optional()?;
        row.map(read_ref).transpose()
    }};
}

pub(super) fn read_ref(
    (id, slug, default_locale, locales, sequence): RefRow,
) -> Result<SiteRef, Error> {
    let [site, at] = ["sites", "site_settings"].map(|table| At { table, id: &id });
    Ok(SiteRef {
        id: site.parse("id", &id)?,
        default_locale: at.parse("default_locale", &default_locale)?,
        locales: at.json("locales", &locales)?,
        sequence: sequence.unwrap_or(0),
        slug,
    })
}

/// Ids of the site that has a host which the platform allows it.
macro_rules! owner_of {
    ($host:expr) => {
        site_hosts::table
            .inner_join(allowed_hosts::table.on(allowed_hosts::site_id.eq(site_hosts::site_id)))
            .filter(
                site_hosts::host
                    .eq($host)
                    .and(allowed_hosts::name.eq_any(settings::names_over($host))),
            )
            .select(site_hosts::site_id)
    };
}

/// The site with this slug.
///
/// # Errors
/// Of the database.
pub fn find(conn: &mut Conn, slug: &str) -> Result<Option<SiteRef>, Error> {
    if !text::is_slug(slug) {
        return Ok(None);
    }
    site_ref!(conn, sites::slug.eq(slug))
}

/// The site that this host is an alias of, as the platform allows; hosts are in lower case.
///
/// # Errors
/// Of the database.
pub fn find_by_host(conn: &mut Conn, host: &str) -> Result<Option<SiteRef>, Error> {
    site_ref!(conn, sites::id.eq_any(owner_of!(host)))
}

/// A site with everything readers are told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicSite {
    /// The site.
    pub site: Site,
    /// Its languages, hosts and contact.
    pub settings: SiteSettings,
    /// The unit it belongs to.
    pub unit: Unit,
    /// The site that took over.
    pub successor: Option<Site>,
    /// The sites it took over from, by slug.
    pub predecessors: Vec<Site>,
}

/// Which sites to list; all conditions have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFilter {
    /// This host is an alias of it.
    pub host: Option<String>,
    /// Its unit has, or had, this code.
    pub unit_code: Option<String>,
    /// Its unit is, or is below, a unit without one above it that has or had this code.
    pub province_code: Option<String>,
}

/// A page of sites by title.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    filter: &SiteFilter,
    order: Order,
    ask: &PageAsk,
) -> Result<Page<PublicSite>, Error> {
    let province = match &filter.province_code {
        Some(code) => Some(below_province(conn, code)?),
        None => None,
    };
    let base = || {
        let mut query = sites::table.into_boxed();
        if let Some(host) = &filter.host {
            query = query.filter(sites::id.eq_any(owner_of!(host)));
        }
        if let Some(code) = &filter.unit_code {
            let units = unit_table::table
                .filter(unit_table::code.eq(code))
                .select(unit_table::id);
            query = query.filter(sites::unit_id.eq_any(units));
        }
        if let Some(province) = &province {
            query = query.filter(sites::unit_id.eq_any(province));
        }
        query
    };
    let key = |key: &Key| Ok::<_, Error>(key.key.clone());
    let rows: Vec<all_sites::Row> =
        keyset!(base(), range(ask, order), sites::sort_key, sites::id, key)
            .select(all_sites::Row::as_select())
            .load(conn.any())?;
    let found = rows
        .into_iter()
        .map(|row| Ok((row.sort_key.clone(), row.read()?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let total = if ask.count {
        Some(count_to_limit!(conn, sites::id, base()))
    } else {
        None
    };
    let page = Page::of(ask, found, total, |(key, site)| Key {
        key: key.clone(),
        id: site.id.to_string(),
    });
    let listed = page.items.into_iter().map(|(_, site)| site).collect();
    Ok(Page {
        items: complete(conn, listed)?,
        next: page.next,
        prev: page.prev,
        total: page.total,
    })
}

/// A site with everything readers are told of it.
///
/// # Errors
/// Of the database.
pub fn get(conn: &mut Conn, slug: &str) -> Result<Option<PublicSite>, Error> {
    let site = all_sites::by_slug(conn, slug)?;
    Ok(complete(conn, site.into_iter().collect())?.pop())
}

/// Ids of a province and of the units on the two levels below it.
fn below_province(conn: &mut Conn, code: &str) -> Result<Vec<String>, Error> {
    let mut level: Vec<String> = unit_table::table
        .filter(
            unit_table::code
                .eq(code)
                .and(unit_table::parent_id.is_null()),
        )
        .select(unit_table::id)
        .load(conn.any())?;
    let mut all = level.clone();
    for _ in 0..2 {
        level = unit_table::table
            .filter(unit_table::parent_id.eq_any(&level))
            .select(unit_table::id)
            .load(conn.any())?;
        all.extend(level.iter().cloned());
    }
    Ok(all)
}

/// Adds settings, units and the sites before and after, in one query for each.
fn complete(conn: &mut Conn, listed: Vec<Site>) -> Result<Vec<PublicSite>, Error> {
    let ids: Vec<SiteId> = listed.iter().map(|site| site.id).collect();
    let unit_ids: Vec<UnitId> = listed.iter().map(|site| site.unit).collect();
    let mut settings: HashMap<SiteId, SiteSettings> = settings::get_many(conn, &ids)?
        .into_iter()
        .map(|settings| (settings.site, settings))
        .collect();
    let units: HashMap<UnitId, Unit> = units::get_many(conn, &unit_ids)?
        .into_iter()
        .map(|unit| (unit.id, unit))
        .collect();
    let related = related(conn, &listed)?;
    listed
        .into_iter()
        .map(|site| {
            let id = site.id.to_string();
            let at = At {
                table: "sites",
                id: &id,
            };
            Ok(PublicSite {
                settings: settings
                    .remove(&site.id)
                    .ok_or_else(|| at.corrupt("no settings"))?,
                unit: units
                    .get(&site.unit)
                    .cloned()
                    .ok_or_else(|| at.corrupt("no unit"))?,
                successor: related
                    .iter()
                    .find(|other| site.successor == Some(other.id))
                    .cloned(),
                predecessors: related
                    .iter()
                    .filter(|other| other.successor == Some(site.id))
                    .cloned()
                    .collect(),
                site,
            })
        })
        .collect()
}

/// Successors of the sites and those they are successors of, by slug.
fn related(conn: &mut Conn, listed: &[Site]) -> Result<Vec<Site>, Error> {
    let ids: Vec<String> = listed.iter().map(|site| site.id.to_string()).collect();
    let successors: Vec<String> = listed
        .iter()
        .filter_map(|site| site.successor)
        .map(|id| id.to_string())
        .collect();
    let rows: Vec<all_sites::Row> = sites::table
        .filter(
            sites::id
                .eq_any(successors)
                .or(sites::successor_id.eq_any(ids)),
        )
        .order(sites::slug)
        .select(all_sites::Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(all_sites::Row::read).collect()
}
