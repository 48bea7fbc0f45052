//! Sections of a site. They are closed, never deleted.

mod create;
mod get;
mod list;
mod replace;

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{SectionId, SiteId};
use loa_domain::section::{Section, is_reserved, makes_a_circle};
use loa_domain::site::{Localised, Site, SiteSettings, SiteStatus};

use super::checks::{Checks, line, lines};
use crate::Error;
use crate::error::if_taken;

/// A section as it is made or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionRequest {
    /// The section above.
    pub parent: Option<SectionId>,
    /// First part of the paths of its entries.
    pub slug: String,
    /// Title in each language of the site.
    pub title: Localised,
    /// Order among its siblings; the last when it is missing.
    pub position: Option<i32>,
    /// First day on which it takes new content.
    pub opens_on: Option<NaiveDate>,
    /// First day on which it no longer does.
    pub closes_on: Option<NaiveDate>,
    /// The rule of law it satisfies, by its code.
    pub rule: Option<String>,
}

/// Sections a site can have.
const MOST: usize = 500;

impl SectionRequest {
    /// The section, once everything about it is checked against the others.
    fn checked(
        &self,
        settings: &SiteSettings,
        others: &[Section],
        base: &Base,
    ) -> Result<Section, Error> {
        let mut checks = Checks::default();
        checks.titles(&self.title, &settings.locales, &settings.default_locale);
        self.check_slug(&mut checks, settings, others, base.id);
        self.check_parent(&mut checks, others, base.id);
        if matches!((self.opens_on, self.closes_on), (Some(from), Some(to)) if to <= from) {
            checks.refuse("/closes_on", FieldCode::Invalid, "after the first day");
        }
        if let Some(rule) = &self.rule {
            checks.line("/rule", rule, 100);
        }
        checks.done()?;
        let last = others.iter().map(|other| other.position).max();
        Ok(Section {
            id: base.id,
            site: settings.site,
            parent: self.parent,
            slug: self.slug.clone(),
            title: lines(&self.title),
            position: self
                .position
                .unwrap_or_else(|| last.map_or(0, |last| last.saturating_add(1))),
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            rule: self.rule.as_deref().map(line),
            slug_fixed: base.slug_fixed,
            version: base.version,
        })
    }

    fn check_slug(
        &self,
        checks: &mut Checks,
        settings: &SiteSettings,
        others: &[Section],
        id: SectionId,
    ) {
        checks.slug(&self.slug);
        let has_it = others
            .iter()
            .any(|other| other.id == id && other.slug == self.slug);
        if is_reserved(&self.slug) && !has_it {
            let detail = "paths that begin so belong to programs at the site's host";
            checks.refuse("/slug", FieldCode::NotAllowed, detail);
        }
        if settings
            .locales
            .iter()
            .any(|locale| locale.as_str().eq_ignore_ascii_case(&self.slug))
        {
            let detail = "a language of the site, which begins paths of its own";
            checks.refuse("/slug", FieldCode::NotAllowed, detail);
        }
        if others
            .iter()
            .any(|other| other.id != id && other.slug == self.slug)
        {
            checks.refuse("/slug", FieldCode::Taken, SLUG_TAKEN);
        }
    }

    fn check_parent(&self, checks: &mut Checks, others: &[Section], id: SectionId) {
        let Some(parent) = self.parent else {
            return;
        };
        let tree: Vec<_> = others
            .iter()
            .map(|other| (other.id, other.parent))
            .collect();
        if !others.iter().any(|other| other.id == parent) {
            let detail = "no section of this site has this id";
            checks.refuse("/parent", FieldCode::NotFound, detail);
        } else if makes_a_circle(&tree, id, Some(parent)) {
            checks.refuse("/parent", FieldCode::NotAllowed, "would be below itself");
        }
    }
}

/// What a section keeps or is given.
struct Base {
    id: SectionId,
    version: i64,
    slug_fixed: bool,
}

const SLUG_TAKEN: &str = "another section of the site has this slug";

fn slug_taken(error: loa_store::Error) -> Error {
    if_taken(error, || {
        Error::field(FieldError::new("/slug", FieldCode::Taken, SLUG_TAKEN))
    })
}

fn must_be_active(site: &Site) -> Result<(), Error> {
    match site.status {
        SiteStatus::Active => Ok(()),
        SiteStatus::ReadOnly | SiteStatus::Closed => Err(Error::StateConflict("site_not_active")),
    }
}

fn changed(site: SiteId, section: SectionId, kind: ChangeKind) -> NewChange {
    NewChange {
        site: Some(site),
        subject: SubjectKind::Section,
        subject_id: section.to_string(),
        kind,
    }
}

/// Each section before those below it, siblings in their order. Sections come sorted by position.
fn in_tree_order(all: Vec<Section>) -> Vec<Section> {
    let mut below: BTreeMap<Option<SectionId>, VecDeque<Section>> = BTreeMap::new();
    for section in all {
        below.entry(section.parent).or_default().push_back(section);
    }
    let mut ordered = Vec::new();
    let mut path = vec![None];
    while let Some(parent) = path.last().copied() {
        match below.get_mut(&parent).and_then(VecDeque::pop_front) {
            Some(section) => {
                path.push(Some(section.id));
                ordered.push(section);
            }
            None => {
                path.pop();
            }
        }
    }
    ordered
}
