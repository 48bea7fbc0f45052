//! Reserved slugs: unique per site and language across types. A published one is never given to
//! other content.

use diesel::prelude::*;
use loa_domain::ids::{EntryId, SiteId};
use loa_domain::locale::Locale;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::paths;
use crate::tx::Tx;

/// Whose slug it is.
///
/// # Errors
/// Of the database.
pub fn owner(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    slug: &str,
) -> Result<Option<EntryId>, Error> {
    let owner: Option<String> = paths::table
        .find((site.to_string(), locale.as_str(), slug))
        .select(paths::entry_id)
        .first(conn.any())
        .optional()?;
    At {
        table: "paths",
        id: slug,
    }
    .parse_some("entry_id", owner.as_deref())
}

/// Reserved slugs that begin with `stem`.
///
/// # Errors
/// Of the database.
pub fn beginning_with(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    stem: &str,
) -> Result<Vec<String>, Error> {
    // Slugs are ASCII below `~`, so this is the range of all that begin with the stem.
    Ok(paths::table
        .filter(
            paths::site_id
                .eq(site.to_string())
                .and(paths::locale.eq(locale.as_str()))
                .and(paths::slug.ge(stem))
                .and(paths::slug.lt(format!("{stem}~"))),
        )
        .select(paths::slug)
        .load(conn.any())?)
}

/// Reserves a slug for an entry; what it had reserved and never published is free again.
///
/// # Errors
/// `Taken` when it belongs to other content.
pub fn reserve(
    tx: &mut Tx<'_>,
    site: SiteId,
    locale: &Locale,
    slug: &str,
    entry: EntryId,
) -> Result<(), Error> {
    let id = entry.to_string();
    let others = paths::table.filter(
        paths::entry_id
            .eq(&id)
            .and(paths::published.eq(false))
            .and(paths::slug.ne(slug)),
    );
    diesel::delete(others).execute(tx.any())?;
    match owner(tx, site, locale, slug)? {
        Some(own) if own == entry => return Ok(()),
        Some(_) => return Err(Error::Taken),
        None => {}
    }
    diesel::insert_into(paths::table)
        .values((
            paths::site_id.eq(site.to_string()),
            paths::locale.eq(locale.as_str()),
            paths::slug.eq(slug),
            paths::entry_id.eq(&id),
            paths::published.eq(false),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// Keeps a slug for its entry for ever.
///
/// # Errors
/// Of the database.
pub fn publish(tx: &mut Tx<'_>, site: SiteId, locale: &Locale, slug: &str) -> Result<(), Error> {
    diesel::update(paths::table.find((site.to_string(), locale.as_str(), slug)))
        .set(paths::published.eq(true))
        .execute(tx.any())?;
    Ok(())
}

/// Every slug that an entry has or had.
///
/// # Errors
/// Of the database.
pub fn of_entry(conn: &mut Conn, entry: EntryId) -> Result<Vec<String>, Error> {
    Ok(paths::table
        .filter(paths::entry_id.eq(entry.to_string()))
        .order(paths::slug)
        .select(paths::slug)
        .load(conn.any())?)
}

/// Forgets a slug of an entry, published or not.
///
/// # Errors
/// Of the database.
pub fn expunge(tx: &mut Tx<'_>, entry: EntryId, slug: &str) -> Result<(), Error> {
    let row = paths::table.filter(
        paths::entry_id
            .eq(entry.to_string())
            .and(paths::slug.eq(slug)),
    );
    diesel::delete(row).execute(tx.any())?;
    Ok(())
}
