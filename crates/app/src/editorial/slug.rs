//! Choosing and reserving slugs.

use std::collections::HashSet;

use loa_domain::content::ContentKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{EntryId, SiteId};
use loa_domain::locale::Locale;
use loa_domain::text;
use loa_store::{Conn, Tx, slugs};

use crate::Error;
use crate::error::if_taken;

/// The slug asked for, if it is free.
pub(super) fn given(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    slug: &str,
    entry: EntryId,
) -> Result<String, Error> {
    if !text::is_slug(slug) {
        let detail = "expected words of a–z and 0–9 joined by hyphens";
        return Err(Error::field(FieldError::new(
            "/slug",
            FieldCode::Invalid,
            detail,
        )));
    }
    match slugs::owner(conn, site, locale, slug)? {
        Some(owner) if owner != entry => Err(taken()),
        _ => Ok(slug.to_owned()),
    }
}

/// A free slug made of a title: the second of its kind gets `-2`.
pub(super) fn derived(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    title: &str,
    kind: ContentKind,
) -> Result<String, Error> {
    // A title without a single letter or digit of the Latin script has no slug of its own.
    let stem = text::slugify(title).unwrap_or_else(|| kind.as_str().to_owned());
    let used: HashSet<String> = slugs::beginning_with(conn, site, locale, &short(&stem))?
        .into_iter()
        .collect();
    if !used.contains(&stem) {
        return Ok(stem);
    }
    let limit = u32::try_from(used.len()).unwrap_or(u32::MAX - 2) + 2;
    // One more candidate than there are slugs in use: one of them is free.
    (2..=limit)
        .map(|n| text::numbered(&stem, n))
        .find(|candidate| !used.contains(candidate))
        .ok_or_else(taken)
}

/// Reserves the slug for the entry.
pub(super) fn reserve(
    tx: &mut Tx<'_>,
    site: SiteId,
    locale: &Locale,
    slug: &str,
    entry: EntryId,
) -> Result<(), Error> {
    slugs::reserve(tx, site, locale, slug, entry).map_err(|error| if_taken(error, taken))
}

/// Numbers shorten long stems, so the search begins with what no number cuts off.
fn short(stem: &str) -> String {
    stem.chars().take(80).collect()
}

fn taken() -> Error {
    Error::field(FieldError::new(
        "/slug",
        FieldCode::SlugTaken,
        "belongs to other content of the site",
    ))
}
