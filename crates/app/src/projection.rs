//! Rendering what readers get, from a revision and what it embeds.
//!
//! A pure function of stored values: rendering again gives the same bytes. Not for deciding what is
//! public.

use loa_domain::content::Content;
use loa_domain::entry::{Edition, Entry, Revision};
use loa_domain::ids::SectionId;
use loa_domain::locale::Locale;
use loa_domain::published::{
    Attribute, AttributeName, Card, FORMAT, Links, PublicByline, PublishedEntry, SectionRef,
    SortKeys, TranslationRef,
};
use loa_domain::section::Section;
use loa_domain::site::{Site, SiteSettings, localised};
use loa_domain::snapshot::Snapshot;
use loa_domain::text;
use serde::Serialize;
use serde_json::Value;

use crate::Error;
use crate::delivery::address::entry_address;

/// Everything a document is made of.
pub struct Ingredients<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its settings.
    pub settings: &'a SiteSettings,
    /// All its sections.
    pub sections: &'a [Section],
    /// The entry.
    pub entry: &'a Entry,
    /// Its published edition.
    pub edition: &'a Edition,
    /// That edition's revision.
    pub revision: &'a Revision,
    /// Its path on the site's host.
    pub path: &'a str,
    /// Published members of the translation group; the entry itself may be among them.
    pub translations: &'a [TranslationRef],
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    card: &'a Card,
    content: &'a Value,
}

/// What a revision says.
///
/// # Errors
/// `Expunged` when that was taken away.
pub(crate) fn content_of(revision: &Revision) -> Result<Snapshot, Error> {
    if revision.expunged_at.is_some() {
        return Err(Error::Expunged);
    }
    Ok(Snapshot::from_canonical(&revision.snapshot)?)
}

/// Renders an entry whose edition is published.
///
/// # Errors
/// When the revision was expunged or is no snapshot, its section is not one of the site, or dates are
/// missing.
pub fn render(from: &Ingredients<'_>) -> Result<PublishedEntry, Error> {
    let snapshot = content_of(from.revision)?;
    let card = card(from, &snapshot)?;
    let content = delivered_content(&snapshot.content)?;
    let document = serde_json::to_string(&Document {
        card: &card,
        content: &content,
    })?;
    Ok(PublishedEntry {
        site: from.site.id,
        entry: from.entry.id,
        origin: from.entry.site,
        kind: from.entry.kind,
        locale: from.entry.locale.clone(),
        translation_group: from.entry.translation_group,
        section: snapshot.section,
        path: from.path.to_owned(),
        revision: from.revision.id,
        edition: from.edition.number,
        sort: SortKeys {
            first_published_at: card.first_published_at,
            public_updated_at: card.public_updated_at,
            title: text::sort_key(&snapshot.title),
        },
        updated_at: card.updated_at,
        expire_at: snapshot.expire_at,
        format: FORMAT,
        document,
        card: serde_json::to_string(&card)?,
        attributes: attributes(from.sections, &snapshot),
        slug: snapshot.slug,
    })
}

/// What lists carry of an entry.
fn card(from: &Ingredients<'_>, snapshot: &Snapshot) -> Result<Card, Error> {
    let missing = || {
        Error::Internal(format!(
            "entry {} is published without its dates",
            from.entry.id
        ))
    };
    Ok(Card {
        id: from.entry.id,
        kind: from.entry.kind,
        site: from.site.slug.clone(),
        locale: from.entry.locale.clone(),
        slug: snapshot.slug.clone(),
        path: from.path.to_owned(),
        title: snapshot.title.clone(),
        summary: snapshot.summary.clone(),
        section: section_ref(from, snapshot.section)?,
        tags: snapshot.tags.clone(),
        byline: snapshot
            .byline
            .iter()
            .map(|name| PublicByline {
                name: name.name.clone(),
            })
            .collect(),
        source: snapshot.source.clone(),
        cover: None,
        first_published_at: from.entry.first_published_at.ok_or_else(missing)?,
        public_updated_at: from.entry.public_updated_at.ok_or_else(missing)?,
        updated_at: from.edition.published_at.ok_or_else(missing)?,
        change_note: snapshot.change_note.clone(),
        edition: from.edition.number,
        translations: from
            .translations
            .iter()
            .filter(|other| other.id != from.entry.id)
            .cloned()
            .collect(),
        links: Links {
            this: entry_address(
                &from.site.slug,
                from.entry.kind,
                &snapshot.slug,
                &from.entry.locale,
                &from.settings.default_locale,
            ),
        },
    })
}

/// The content as readers get it, with its derived fields.
pub(crate) fn delivered_content(content: &Content) -> Result<Value, Error> {
    Ok(content.to_delivered()?)
}

/// The path of a slug in a section: other languages than the site's own carry a prefix.
pub fn path_of(settings: &SiteSettings, locale: &Locale, section: &Section, slug: &str) -> String {
    if *locale == settings.default_locale {
        format!("/{}/{slug}", section.slug)
    } else {
        format!("/{locale}/{}/{slug}", section.slug)
    }
}

/// The section of a site with this id.
pub(crate) fn section_of(sections: &[Section], id: SectionId) -> Result<&Section, Error> {
    sections
        .iter()
        .find(|section| section.id == id)
        .ok_or_else(|| Error::Internal(format!("section {id} is not one of the site")))
}

fn section_ref(from: &Ingredients<'_>, id: SectionId) -> Result<SectionRef, Error> {
    let section = section_of(from.sections, id)?;
    let title = localised(
        &section.title,
        &from.entry.locale,
        &from.settings.default_locale,
    )
    .to_owned();
    Ok(SectionRef {
        slug: section.slug.clone(),
        title,
    })
}

/// The section and all above it, and each tag without case and diacritics.
fn attributes(sections: &[Section], snapshot: &Snapshot) -> Vec<Attribute> {
    let mut found: Vec<Attribute> = snapshot
        .tags
        .iter()
        .map(|tag| Attribute {
            name: AttributeName::Tag,
            value: text::fold(tag),
        })
        .collect();
    let mut at = Some(snapshot.section);
    // A section has no more ancestors than there are sections, even if a row were wrong.
    for _ in sections {
        let Some(section) = at.and_then(|id| sections.iter().find(|section| section.id == id))
        else {
            break;
        };
        found.push(Attribute {
            name: AttributeName::Section,
            value: section.slug.clone(),
        });
        at = section.parent;
    }
    found.sort();
    found.dedup();
    found
}
