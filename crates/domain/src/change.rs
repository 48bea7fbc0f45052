//! The change log: what readers of published things have to be told.
//!
//! Not the audit trail, which says who did what; a change says only that something public moved.

use crate::ids::SiteId;
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of thing changed.
    SubjectKind {
        /// A published entry.
        Entry = "entry",
        /// A section.
        Section = "section",
        /// A site or its settings.
        Site = "site",
        /// A unit.
        Unit = "unit",
    }
}

vocabulary! {
    /// What happened to it.
    ChangeKind {
        /// Public for the first time, or again.
        Published = "published",
        /// Its own content changed.
        Updated = "updated",
        /// Something it embeds changed.
        Refreshed = "refreshed",
        /// No longer public.
        Withdrawn = "withdrawn",
        /// At another address.
        Moved = "moved",
        /// Removed from all history.
        Expunged = "expunged",
    }
}

impl ChangeKind {
    /// Whether it takes something from readers that they had.
    pub const fn takes_back(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Expunged)
    }
}

/// A change as a use case reports it; the store gives it its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The site, or none for what all sites share.
    pub site: Option<SiteId>,
    /// What kind of thing.
    pub subject: SubjectKind,
    /// Its id.
    pub subject_id: String,
    /// What happened.
    pub kind: ChangeKind,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Position: follows the order of commits, without gaps.
    pub seq: i64,
    /// The site, or none for what all sites share.
    pub site: Option<SiteId>,
    /// What kind of thing.
    pub subject: SubjectKind,
    /// Its id.
    pub subject_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// When.
    pub at: Moment,
}
