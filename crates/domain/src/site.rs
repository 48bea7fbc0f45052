//! Sites and their settings.
//!
//! Not for the unit a site belongs to, nor for its sections and content.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{SiteId, UnitId};
use crate::locale::Locale;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What may still be done at a site.
    SiteStatus {
        /// Everything.
        Active = "active",
        /// Read, and nothing else.
        ReadOnly = "read_only",
        /// Read as an archive; the board is dissolved.
        Closed = "closed",
    }
}

vocabulary! {
    /// How many pairs of eyes see an entry before it is approved.
    WorkflowPolicy {
        /// An editor reviews, a chief editor approves.
        TwoStep = "two_step",
        /// A chief editor approves.
        OneStep = "one_step",
    }
}

vocabulary! {
    /// What of a site's desk people read whose role holds in some sections only.
    DeskReading {
        /// All of it, as everybody else there.
        Site = "site",
        /// What is in their sections.
        Sections = "sections",
    }
}

/// A text in several languages.
pub type Localised = BTreeMap<Locale, String>;

/// The text in `locale`, or in the fallback, or in any language.
pub fn localised<'a>(texts: &'a Localised, locale: &Locale, fallback: &Locale) -> &'a str {
    texts
        .get(locale)
        .or_else(|| texts.get(fallback))
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}

/// How to reach the board of a site (thông tin giao dịch).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Postal address.
    pub address: String,
    /// Phone.
    pub phone: String,
    /// Official email.
    pub email: String,
    /// Who answers for the site (người chịu trách nhiệm).
    pub responsible: String,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Identity.
    pub id: SiteId,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Its name in URLs; never changes.
    pub slug: String,
    /// Its title in each of its languages.
    pub title: Localised,
    /// What may still be done.
    pub status: SiteStatus,
    /// The site that took over.
    pub successor: Option<SiteId>,
    /// Raised by each change of the site itself.
    pub version: i64,
}

/// What a site's administrator sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// Whose.
    pub site: SiteId,
    /// The language of paths without a prefix.
    pub default_locale: Locale,
    /// Every language content may have; holds the default.
    pub locales: Vec<Locale>,
    /// How content is approved.
    pub workflow_policy: WorkflowPolicy,
    /// What of the desk people read whose role holds in some sections only.
    pub desk_reading: DeskReading,
    /// How to reach the board.
    pub contact: Contact,
    /// Host names, the main one first.
    pub hosts: Vec<String>,
    /// Raised by each change of the settings.
    pub version: i64,
}
