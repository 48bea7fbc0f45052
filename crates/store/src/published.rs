//! Writing the projection: published documents, their paths and withdrawals.
//!
//! Not for reading it for the public: that is `delivery`.

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use loa_domain::ids::{EntryId, SectionId, SiteId, TranslationGroupId};
use loa_domain::locale::Locale;
use loa_domain::published::{PublicWithdrawal, PublishedEntry, TranslationRef};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::editions::Due;
use crate::error::Error;
use crate::row::At;
use crate::schema::{
    published_attributes as attributes, published_entries as published, published_paths as paths,
    published_withdrawals as withdrawals, sites,
};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = published)]
struct Row {
    site_id: String,
    entry_id: String,
    origin_site_id: String,
    kind: String,
    locale: String,
    translation_group_id: String,
    section_id: String,
    slug: String,
    path: String,
    revision_id: String,
    edition: i32,
    first_published_at: NaiveDateTime,
    public_updated_at: NaiveDateTime,
    title_key: String,
    updated_at: NaiveDateTime,
    expire_at: Option<NaiveDateTime>,
    format: i32,
    document: String,
    card: String,
}

impl Row {
    fn of(entry: &PublishedEntry) -> Self {
        Self {
            site_id: entry.site.to_string(),
            entry_id: entry.entry.to_string(),
            origin_site_id: entry.origin.to_string(),
            kind: entry.kind.to_string(),
            locale: entry.locale.to_string(),
            translation_group_id: entry.translation_group.to_string(),
            section_id: entry.section.to_string(),
            slug: entry.slug.clone(),
            path: entry.path.clone(),
            revision_id: entry.revision.to_string(),
            edition: entry.edition,
            first_published_at: entry.sort.first_published_at.naive(),
            public_updated_at: entry.sort.public_updated_at.naive(),
            title_key: entry.sort.title.clone(),
            updated_at: entry.updated_at.naive(),
            expire_at: entry.expire_at.map(Moment::naive),
            format: entry.format,
            document: entry.document.clone(),
            card: entry.card.clone(),
        }
    }
}

#[derive(Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = attributes)]
struct AttributeRow {
    site_id: String,
    entry_id: String,
    kind: String,
    locale: String,
    name: String,
    value: String,
    first_published_at: NaiveDateTime,
    public_updated_at: NaiveDateTime,
    title_key: String,
}

impl AttributeRow {
    /// In the order of their keys.
    fn all_of(entry: &PublishedEntry) -> Vec<Self> {
        let mut rows: Vec<Self> = entry
            .attributes
            .iter()
            .map(|attribute| Self {
                site_id: entry.site.to_string(),
                entry_id: entry.entry.to_string(),
                kind: entry.kind.to_string(),
                locale: entry.locale.to_string(),
                name: attribute.name.to_string(),
                value: attribute.value.clone(),
                first_published_at: entry.sort.first_published_at.naive(),
                public_updated_at: entry.sort.public_updated_at.naive(),
                title_key: entry.sort.title.clone(),
            })
            .collect();
        rows.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
        rows
    }
}

/// In which form a published entry was rendered; none when it is not there.
///
/// # Errors
/// Of the database.
pub fn system_format(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<Option<i32>, Error> {
    Ok(published::table
        .find((site.to_string(), entry.to_string()))
        .select(published::format)
        .first(conn.any())
        .optional()?)
}

/// How many entries are published, on all sites.
///
/// # Errors
/// Of the database.
pub fn system_count(conn: &mut Conn) -> Result<i64, Error> {
    Ok(published::table.count().get_result(conn.any())?)
}

/// Whether a published entry is stored exactly so, with what lists sort and filter by.
///
/// # Errors
/// Of the database.
pub fn is_stored(conn: &mut Conn, entry: &PublishedEntry) -> Result<bool, Error> {
    let (site, id) = (entry.site.to_string(), entry.entry.to_string());
    let row: Option<Row> = published::table
        .find((&site, &id))
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    if row != Some(Row::of(entry)) {
        return Ok(false);
    }
    let rows: Vec<AttributeRow> = attributes::table
        .filter(
            attributes::site_id
                .eq(&site)
                .and(attributes::entry_id.eq(&id)),
        )
        .order((attributes::name, attributes::value))
        .select(AttributeRow::as_select())
        .load(conn.any())?;
    Ok(rows == AttributeRow::all_of(entry))
}

/// The path of a published entry.
///
/// # Errors
/// Of the database.
pub fn path(conn: &mut Conn, site: SiteId, entry: EntryId) -> Result<Option<String>, Error> {
    Ok(published::table
        .find((site.to_string(), entry.to_string()))
        .select(published::path)
        .first(conn.any())
        .optional()?)
}

/// Site and path of a published entry, wherever it is.
///
/// # Errors
/// Of the database.
pub fn place(conn: &mut Conn, entry: EntryId) -> Result<Option<(SiteId, String)>, Error> {
    let found: Option<(String, String)> = published::table
        .filter(published::entry_id.eq(entry.to_string()))
        .order(published::site_id)
        .select((published::site_id, published::path))
        .first(conn.any())
        .optional()?;
    let id = entry.to_string();
    let at = At {
        table: "published_entries",
        id: &id,
    };
    found
        .map(|(site, path)| Ok((at.parse("site_id", &site)?, path)))
        .transpose()
}

/// Puts a published entry in place of what was there.
///
/// # Errors
/// `Taken` when slug or path belong to other content, which reservations forbid.
pub fn replace(tx: &mut Tx<'_>, entry: &PublishedEntry) -> Result<(), Error> {
    remove(tx, entry.site, entry.entry)?;
    diesel::insert_into(published::table)
        .values(Row::of(entry))
        .execute(tx.any())?;
    for attribute in AttributeRow::all_of(entry) {
        diesel::insert_into(attributes::table)
            .values(attribute)
            .execute(tx.any())?;
    }
    Ok(())
}

/// Takes an entry out of the projection; gives whether it was there.
///
/// # Errors
/// Of the database.
pub fn remove(tx: &mut Tx<'_>, site: SiteId, entry: EntryId) -> Result<bool, Error> {
    // Attributes go with it, by their foreign key.
    let row = published::table.find((site.to_string(), entry.to_string()));
    Ok(diesel::delete(row).execute(tx.any())? == 1)
}

/// The path that was ever public under this slug.
///
/// # Errors
/// Of the database.
pub fn path_of_slug(
    conn: &mut Conn,
    site: SiteId,
    locale: &Locale,
    slug: &str,
) -> Result<Option<String>, Error> {
    Ok(paths::table
        .filter(
            paths::site_id
                .eq(site.to_string())
                .and(paths::locale.eq(locale.as_str()))
                .and(paths::slug.eq(slug)),
        )
        .select(paths::path)
        .first(conn.any())
        .optional()?)
}

/// Whose path it is, or was.
///
/// # Errors
/// Of the database.
pub fn owner_of_path(conn: &mut Conn, site: SiteId, path: &str) -> Result<Option<EntryId>, Error> {
    let owner: Option<String> = paths::table
        .find((site.to_string(), path))
        .select(paths::entry_id)
        .first(conn.any())
        .optional()?;
    At {
        table: "published_paths",
        id: path,
    }
    .parse_some("entry_id", owner.as_deref())
}

/// Whether anything was ever public at a site.
///
/// # Errors
/// Of the database.
pub fn ever(conn: &mut Conn, site: SiteId) -> Result<bool, Error> {
    let any: Option<String> = paths::table
        .filter(paths::site_id.eq(site.to_string()))
        .select(paths::entry_id)
        .first(conn.any())
        .optional()?;
    Ok(any.is_some())
}

/// Notes a new public path.
///
/// # Errors
/// `Taken` when it was public before.
pub fn add_path(tx: &mut Tx<'_>, entry: &PublishedEntry) -> Result<(), Error> {
    diesel::insert_into(paths::table)
        .values((
            paths::site_id.eq(entry.site.to_string()),
            paths::path.eq(&entry.path),
            paths::locale.eq(entry.locale.as_str()),
            paths::slug.eq(&entry.slug),
            paths::entry_id.eq(entry.entry.to_string()),
        ))
        .execute(tx.any())?;
    Ok(())
}

/// What readers are told of an entry that is no longer public; none when it is.
///
/// # Errors
/// Of the database.
pub fn set_withdrawal(
    tx: &mut Tx<'_>,
    site: SiteId,
    entry: EntryId,
    withdrawal: Option<&PublicWithdrawal>,
) -> Result<(), Error> {
    let (site, entry) = (site.to_string(), entry.to_string());
    diesel::delete(withdrawals::table.find((&site, &entry))).execute(tx.any())?;
    if let Some(withdrawal) = withdrawal {
        diesel::insert_into(withdrawals::table)
            .values((
                withdrawals::site_id.eq(&site),
                withdrawals::entry_id.eq(&entry),
                withdrawals::kind.eq(withdrawal.kind.as_str()),
                withdrawals::reason.eq(&withdrawal.reason),
                withdrawals::redirect_to.eq(&withdrawal.redirect_to),
                withdrawals::at.eq(withdrawal.at.naive()),
            ))
            .execute(tx.any())?;
    }
    Ok(())
}

/// Published members of a translation group at a site, by language.
///
/// # Errors
/// Of the database.
pub fn translations(
    conn: &mut Conn,
    site: SiteId,
    group: TranslationGroupId,
) -> Result<Vec<TranslationRef>, Error> {
    let rows: Vec<(String, String, String, String)> = published::table
        .filter(
            published::site_id
                .eq(site.to_string())
                .and(published::translation_group_id.eq(group.to_string())),
        )
        .order(published::locale)
        .select((
            published::locale,
            published::entry_id,
            published::slug,
            published::path,
        ))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(locale, id, slug, path)| {
            let at = At {
                table: "published_entries",
                id: &id,
            };
            Ok(TranslationRef {
                locale: at.parse("locale", &locale)?,
                id: at.parse("entry_id", &id)?,
                slug,
                path,
            })
        })
        .collect()
}

/// Published entries of some sections (or of the whole site when none are named), by id.
///
/// # Errors
/// Of the database.
pub fn ids_after(
    conn: &mut Conn,
    site: SiteId,
    sections: Option<&[SectionId]>,
    after: &str,
    limit: i64,
) -> Result<Vec<EntryId>, Error> {
    let mut query = published::table
        .filter(
            published::site_id
                .eq(site.to_string())
                .and(published::entry_id.gt(after)),
        )
        .order(published::entry_id)
        .limit(limit)
        .select(published::entry_id)
        .into_boxed();
    if let Some(sections) = sections {
        let ids: Vec<String> = sections.iter().map(ToString::to_string).collect();
        query = query.filter(published::section_id.eq_any(ids));
    }
    let ids: Vec<String> = query.load(conn.any())?;
    ids.iter()
        .map(|id| {
            At {
                table: "published_entries",
                id,
            }
            .parse("entry_id", id)
        })
        .collect()
}

/// Entries whose time is over, oldest first, after one of them.
///
/// # Errors
/// Of the database.
pub fn system_expired(
    conn: &mut Conn,
    now: Moment,
    after: Option<&Due>,
    limit: i64,
) -> Result<Vec<Due>, Error> {
    let mut query = published::table
        .filter(published::expire_at.le(now.naive()))
        .order((published::expire_at, published::entry_id))
        .limit(limit)
        .select((published::expire_at.assume_not_null(), published::entry_id))
        .into_boxed();
    if let Some(after) = after {
        let at = after.at.naive();
        let later = published::expire_at.gt(at).assume_not_null();
        query = query.filter(
            published::expire_at
                .ge(at)
                .and(later.or(published::entry_id.gt(after.key.clone()))),
        );
    }
    let rows: Vec<(NaiveDateTime, String)> = query.load(conn.any())?;
    rows.into_iter()
        .map(|(when, id)| {
            let at = At {
                table: "published_entries",
                id: &id,
            };
            Ok(Due {
                entry: at.parse("entry_id", &id)?,
                at: Moment::from_naive(when),
                key: id,
            })
        })
        .collect()
}

/// Sites with documents in an older form.
///
/// # Errors
/// Of the database.
pub fn system_sites_below(conn: &mut Conn, format: i32) -> Result<Vec<SiteId>, Error> {
    let older = published::table.filter(
        published::site_id
            .eq(sites::id)
            .and(published::format.lt(format)),
    );
    let ids: Vec<String> = sites::table
        .filter(exists(older))
        .select(sites::id)
        .load(conn.any())?;
    ids.iter()
        .map(|id| At { table: "sites", id }.parse("id", id))
        .collect()
}

/// Slug and path of every address that an entry ever had at a site.
///
/// # Errors
/// Of the database.
pub fn paths_of(
    conn: &mut Conn,
    site: SiteId,
    entry: EntryId,
) -> Result<Vec<(String, String)>, Error> {
    Ok(paths::table
        .filter(
            paths::site_id
                .eq(site.to_string())
                .and(paths::entry_id.eq(entry.to_string())),
        )
        .order(paths::path)
        .select((paths::slug, paths::path))
        .load(conn.any())?)
}

/// Forgets an address that an entry had; gives whether it had it.
///
/// # Errors
/// Of the database.
pub fn expunge_path(
    tx: &mut Tx<'_>,
    site: SiteId,
    entry: EntryId,
    slug: &str,
) -> Result<bool, Error> {
    let row = paths::table.filter(
        paths::site_id
            .eq(site.to_string())
            .and(paths::entry_id.eq(entry.to_string()))
            .and(paths::slug.eq(slug)),
    );
    Ok(diesel::delete(row).execute(tx.any())? > 0)
}
