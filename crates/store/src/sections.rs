//! Sections of sites.

use chrono::NaiveDate;
use diesel::prelude::*;
use loa_domain::ids::{SectionId, SiteId};
use loa_domain::section::Section;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one, to_json};
use crate::schema::sections;
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sections)]
struct Row {
    id: String,
    site_id: String,
    parent_id: Option<String>,
    slug: String,
    title: String,
    position: i32,
    opens_on: Option<NaiveDate>,
    closes_on: Option<NaiveDate>,
    rule: Option<String>,
    slug_fixed: bool,
    version: i64,
    created_at: chrono::NaiveDateTime,
    updated_at: chrono::NaiveDateTime,
}

impl Row {
    fn read(self) -> Result<Section, Error> {
        let at = At {
            table: "sections",
            id: &self.id,
        };
        Ok(Section {
            id: at.parse("id", &self.id)?,
            site: at.parse("site_id", &self.site_id)?,
            parent: at.parse_some("parent_id", self.parent_id.as_deref())?,
            title: at.json("title", &self.title)?,
            position: self.position,
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            slug_fixed: self.slug_fixed,
            version: self.version,
            slug: self.slug,
            rule: self.rule,
        })
    }
}

/// Every section of a site, by position.
///
/// # Errors
/// Of the database.
pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Section>, Error> {
    let rows: Vec<Row> = sections::table
        .filter(sections::site_id.eq(site.to_string()))
        .order((sections::position, sections::id))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Sections with these ids, of whatever site, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, ids: &[SectionId]) -> Result<Vec<Section>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = sections::table
        .filter(sections::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds a section.
///
/// # Errors
/// `Taken` when the slug is in use at the site.
pub fn insert(tx: &mut Tx<'_>, section: &Section, now: Moment) -> Result<(), Error> {
    let row = Row {
        id: section.id.to_string(),
        site_id: section.site.to_string(),
        parent_id: section.parent.map(|id| id.to_string()),
        slug: section.slug.clone(),
        title: to_json(&section.title)?,
        position: section.position,
        opens_on: section.opens_on,
        closes_on: section.closes_on,
        rule: section.rule.clone(),
        slug_fixed: section.slug_fixed,
        version: section.version,
        created_at: now.naive(),
        updated_at: now.naive(),
    };
    diesel::insert_into(sections::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// Replaces a section that has the version before `section.version`.
///
/// # Errors
/// `Stale` when it has another by now or its slug was fixed meanwhile, `Taken` when the slug is in
/// use at the site.
pub fn update(tx: &mut Tx<'_>, section: &Section, now: Moment) -> Result<(), Error> {
    let row = sections::table.filter(
        sections::id
            .eq(section.id.to_string())
            .and(sections::version.eq(section.version - 1))
            .and(sections::slug_fixed.eq(section.slug_fixed)),
    );
    let rows = diesel::update(row)
        .set((
            sections::parent_id.eq(section.parent.map(|id| id.to_string())),
            sections::slug.eq(&section.slug),
            sections::title.eq(to_json(&section.title)?),
            sections::position.eq(section.position),
            sections::opens_on.eq(section.opens_on),
            sections::closes_on.eq(section.closes_on),
            sections::rule.eq(section.rule.as_deref()),
            sections::version.eq(section.version),
            sections::updated_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Fixes the slug of a section: a published path holds it now. Not a change anyone edits, so the
/// version stays.
///
/// # Errors
/// Of the database.
pub fn fix_slug(tx: &mut Tx<'_>, id: SectionId) -> Result<(), Error> {
    diesel::update(sections::table.find(id.to_string()))
        .set(sections::slug_fixed.eq(true))
        .execute(tx.any())?;
    Ok(())
}

/// Ids of the sections with these slugs, at these sites or (when none is named) at any.
///
/// # Errors
/// Of the database.
pub fn with_slugs(
    conn: &mut Conn,
    sites: &[SiteId],
    slugs: &[String],
) -> Result<Vec<SectionId>, Error> {
    let mut query = sections::table
        .filter(sections::slug.eq_any(slugs.to_vec()))
        .select(sections::id)
        .into_boxed();
    if !sites.is_empty() {
        let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
        query = query.filter(sections::site_id.eq_any(sites));
    }
    let ids: Vec<String> = query.load(conn.any())?;
    ids.iter()
        .map(|id| {
            At {
                table: "sections",
                id,
            }
            .parse("id", id)
        })
        .collect()
}
