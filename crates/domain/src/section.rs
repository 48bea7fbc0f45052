//! Sections of a site (chuyên mục).
//!
//! Not for the menus of a front end, which may show sections in another order.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{SectionId, SiteId};
use crate::site::Localised;

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Identity.
    pub id: SectionId,
    /// Whose.
    pub site: SiteId,
    /// The section above.
    pub parent: Option<SectionId>,
    /// First part of the paths of its entries; fixed once one was published.
    pub slug: String,
    /// Title in each language of the site.
    pub title: Localised,
    /// Order among its siblings.
    pub position: i32,
    /// First day on which it takes new content.
    pub opens_on: Option<NaiveDate>,
    /// First day on which it no longer does.
    pub closes_on: Option<NaiveDate>,
    /// The rule of law it satisfies, by its code.
    pub rule: Option<String>,
    /// Whether a published path holds its slug.
    pub slug_fixed: bool,
    /// Raised by each change.
    pub version: i64,
}

impl Section {
    /// Whether it takes new content on this day.
    pub fn open_on(&self, day: NaiveDate) -> bool {
        self.opens_on.is_none_or(|first| first <= day) && self.closes_on.is_none_or(|end| day < end)
    }
}

/// First parts of addresses that programs at a site's host have for themselves; those of this program
/// are among them.
const RESERVED: [&str; 7] = [
    "api", "docs", "healthz", "metrics", "problems", "readyz", "static",
];

/// Whether paths of entries may not begin with this word.
pub fn is_reserved(slug: &str) -> bool {
    RESERVED.contains(&slug)
}

/// The given sections and everything below them.
pub fn with_subsections(
    all: &[(SectionId, Option<SectionId>)],
    chosen: &[SectionId],
) -> BTreeSet<SectionId> {
    let mut found: BTreeSet<SectionId> = chosen.iter().copied().collect();
    loop {
        let before = found.len();
        for (id, parent) in all {
            if parent.is_some_and(|p| found.contains(&p)) {
                found.insert(*id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether `child` placed under `parent` would be below itself.
pub fn makes_a_circle(
    all: &[(SectionId, Option<SectionId>)],
    child: SectionId,
    parent: Option<SectionId>,
) -> bool {
    parent.is_some_and(|parent| with_subsections(all, &[child]).contains(&parent))
}
