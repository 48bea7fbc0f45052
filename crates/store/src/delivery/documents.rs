//! Single published entries, and what became of those that are no longer where they were.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::content::ContentKind;
use loa_domain::ids::{EntryId, SiteId};
use loa_domain::locale::Locale;
use loa_domain::published::PublicWithdrawal;
use loa_domain::time::Moment;

use super::coalesce;
use super::sites::{RefRow, SiteRef, read_ref, ref_columns};
use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::row::At;
use crate::schema::{
    published_entries as published, published_paths as paths, published_withdrawals as withdrawals,
    site_settings, sites,
};

/// Where a published entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Identity.
    pub entry: EntryId,
    /// Content type.
    pub kind: ContentKind,
    /// Language.
    pub locale: Locale,
    /// Last part of its path.
    pub slug: String,
    /// Path on the site's host.
    pub path: String,
    /// When it ends by itself.
    pub expire_at: Option<Moment>,
}

/// A published entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Where it is.
    pub place: Place,
    /// The exact body of `data`.
    pub document: String,
}

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A published entry.
    Live(Live),
    /// An older address of an entry that is here now.
    Moved(Place),
    /// An entry that is no longer public.
    Withdrawn(PublicWithdrawal),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = published)]
struct PlaceRow {
    entry_id: String,
    kind: String,
    locale: String,
    slug: String,
    path: String,
    expire_at: Option<NaiveDateTime>,
}

impl PlaceRow {
    fn read(self) -> Result<Place, Error> {
        let at = At {
            table: "published_entries",
            id: &self.entry_id,
        };
        Ok(Place {
            entry: at.parse("entry_id", &self.entry_id)?,
            kind: at.parse("kind", &self.kind)?,
            locale: at.parse("locale", &self.locale)?,
            expire_at: self.expire_at.map(Moment::from_naive),
            slug: self.slug,
            path: self.path,
        })
    }
}

/// Reads the one published entry that a condition fits.
macro_rules! live {
    ($conn:expr, $site:expr, $fits:expr) => {{
        let row: Option<(PlaceRow, String)> = published::table
            .filter(published::site_id.eq($site.to_string()).and($fits))
            .select((PlaceRow::as_select(), published::document))
            .first($conn.any())
            .optional()?;
        match row {
            Some((place, document)) => Some(Live {
                place: place.read()?,
                document,
            }),
            None => None,
        }
    }};
}

/// A published entry by the names in its address, with its site: what most readers ask for, in one
/// query. None when it is not there, for whatever reason.
///
/// # Errors
/// Of the database.
pub fn live(
    conn: &mut Conn,
    site: &str,
    locale: Option<&Locale>,
    kind: ContentKind,
    slug: &str,
) -> Result<Option<(SiteRef, Live)>, Error> {
    let locale = coalesce(locale.map(Locale::as_str), site_settings::default_locale);
    let query = sites::table
        .inner_join(site_settings::table)
        .inner_join(published::table.on(published::site_id.eq(sites::id)))
        .filter(
            sites::slug
                .eq(site)
                .and(published::locale.eq(locale))
                .and(published::slug.eq(slug))
                .and(published::kind.eq(kind.as_str())),
        )
        // In the order of `PlaceRow`; `as_select` would be for one of the databases.
        .select((
            ref_columns!(),
            (
                published::entry_id,
                published::kind,
                published::locale,
                published::slug,
                published::path,
                published::expire_at,
            ),
            published::document,
        ));
    // Not behind `MultiConnection`, which makes the text of a query anew for every execution.
    let row: Result<(RefRow, PlaceRow, String), _> = match conn.any() {
        AnyConn::Sqlite(own) => query.first(own),
        AnyConn::Pg(own) => query.first(own),
    };
    let row = row.optional()?;
    let Some((site, place, document)) = row else {
        return Ok(None);
    };
    let place = place.read()?;
    Ok(Some((read_ref(site)?, Live { place, document })))
}

/// What a slug leads to, for one content type. An address of another type leads nowhere here.
///
/// # Errors
/// Of the database.
pub fn by_slug(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    kind: ContentKind,
    slug: &str,
) -> Result<Option<Found>, Error> {
    let fits = published::locale
        .eq(locale.as_str())
        .and(published::slug.eq(slug));
    if let Some(live) = live!(conn, site, fits) {
        return Ok((live.place.kind == kind).then_some(Found::Live(live)));
    }
    let owner: Option<String> = paths::table
        .filter(
            paths::site_id
                .eq(site.to_string())
                .and(paths::locale.eq(locale.as_str()))
                .and(paths::slug.eq(slug)),
        )
        .select(paths::entry_id)
        .first(conn.any())
        .optional()?;
    let found = match owner {
        Some(owner) => once_here(conn, site, &owner)?,
        None => None,
    };
    Ok(found.filter(|found| !matches!(found, Found::Moved(place) if place.kind != kind)))
}

/// The entry with this id; never moved.
///
/// # Errors
/// Of the database.
pub fn by_id(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<Option<Found>, Error> {
    let id = entry.to_string();
    if let Some(live) = live!(conn, site, published::entry_id.eq(&id)) {
        return Ok(Some(Found::Live(live)));
    }
    Ok(withdrawal(conn, site, &id)?.map(Found::Withdrawn))
}

/// What a path on the site's host leads to.
///
/// # Errors
/// Of the database.
pub(super) fn by_path(conn: &mut Conn, site: SiteId, path: &str) -> Result<Option<Found>, Error> {
    if let Some(live) = live!(conn, site, published::path.eq(path)) {
        return Ok(Some(Found::Live(live)));
    }
    let owner: Option<String> = paths::table
        .find((site.to_string(), path))
        .select(paths::entry_id)
        .first(conn.any())
        .optional()?;
    match owner {
        Some(owner) => once_here(conn, site, &owner),
        None => Ok(None),
    }
}

/// The entry, in whatever language of the site, that a slug of another language stands for: the
/// translation into `wanted` where there is one, else into `default`, else the one with the slug. What
/// has ended by `now` counts for none.
///
/// # Errors
/// Of the database.
pub fn in_any_language(
    conn: &mut Conn,
    site: SiteId,
    languages: &[Locale],
    kind: ContentKind,
    slug: &str,
    (preferred, now): ([&Locale; 2], Moment),
) -> Result<Option<Live>, Error> {
    let lasts = || {
        let end = published::expire_at;
        end.is_null().or(end.gt(now.naive()).assume_not_null())
    };
    let tags: Vec<&str> = languages.iter().map(Locale::as_str).collect();
    let named: Option<(String, String)> = published::table
        .filter(
            published::site_id
                .eq(site.to_string())
                .and(published::locale.eq_any(tags))
                .and(published::slug.eq(slug))
                .and(published::kind.eq(kind.as_str()))
                .and(lasts()),
        )
        .order((published::public_updated_at.desc(), published::entry_id))
        .select((published::entry_id, published::translation_group_id))
        .first(conn.any())
        .optional()?;
    let Some((named, group)) = named else {
        return Ok(None);
    };
    let mut members: Vec<(String, String)> = published::table
        .filter(
            published::translation_group_id
                .eq(group)
                .and(published::site_id.eq(site.to_string()))
                .and(published::kind.eq(kind.as_str()))
                .and(lasts()),
        )
        .select((published::locale, published::entry_id))
        .load(conn.any())?;
    // Not by the database: SQLite would read the whole site in this order.
    members.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    let chosen = preferred
        .iter()
        .find_map(|wanted| members.iter().find(|(tag, _)| tag == wanted.as_str()))
        .map_or(&named, |(_, id)| id);
    Ok(live!(conn, site, published::entry_id.eq(chosen)))
}

/// What became of an entry that had an address once.
fn once_here(conn: &mut Conn, site: SiteId, entry: &str) -> Result<Option<Found>, Error> {
    let place: Option<PlaceRow> = published::table
        .find((site.to_string(), entry))
        .select(PlaceRow::as_select())
        .first(conn.any())
        .optional()?;
    if let Some(place) = place {
        return Ok(Some(Found::Moved(place.read()?)));
    }
    Ok(withdrawal(conn, site, entry)?.map(Found::Withdrawn))
}

fn withdrawal(
    conn: &mut Conn,
    site: SiteId,
    entry: &str,
) -> Result<Option<PublicWithdrawal>, Error> {
    let row: Option<(String, Option<String>, Option<String>, NaiveDateTime)> = withdrawals::table
        .find((site.to_string(), entry))
        .select((
            withdrawals::kind,
            withdrawals::reason,
            withdrawals::redirect_to,
            withdrawals::at,
        ))
        .first(conn.any())
        .optional()?;
    let Some((kind, reason, redirect_to, at)) = row else {
        return Ok(None);
    };
    let row = At {
        table: "published_withdrawals",
        id: entry,
    };
    Ok(Some(PublicWithdrawal {
        kind: row.parse("kind", &kind)?,
        reason,
        redirect_to,
        at: Moment::from_naive(at),
    }))
}
