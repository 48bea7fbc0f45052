//! The files of `demo/` and `data/`, as they are written. They are part of the binary.
//!
//! Not for what becomes of them: every file beside this one turns one part into rows or acts.

use loa_domain::content::ContentKind;
use loa_domain::entry::{UpdateType, WithdrawKind};
use loa_domain::locale::Locale;
use loa_domain::people::Role;
use loa_domain::site::{Contact, Localised, WorkflowPolicy};
use loa_domain::snapshot::{Byline, Source};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::failure::Failure;

const PROVINCE: &str = include_str!("../../../../demo/province.json");
const ENTRIES: &[(&str, &str)] = &[
    (
        "ninh-binh",
        include_str!("../../../../demo/entries/ninh-binh.json"),
    ),
    (
        "hai-tien",
        include_str!("../../../../demo/entries/hai-tien.json"),
    ),
    (
        "hai-hau",
        include_str!("../../../../demo/entries/hai-hau.json"),
    ),
    (
        "giao-thuy",
        include_str!("../../../../demo/entries/giao-thuy.json"),
    ),
    (
        "phuong-nam-dinh",
        include_str!("../../../../demo/entries/phuong-nam-dinh.json"),
    ),
];
const UNITS: &str = include_str!("../../../../data/units-nam-dinh.csv");

/// `province.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Province {
    pub(super) sites: Vec<DemoSite>,
    /// By the slug of the site; a parent stands before its children.
    pub(super) sections: BTreeMap<String, Vec<DemoSection>>,
    pub(super) staff: Vec<Person>,
}

/// A site with its settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoSite {
    pub(super) slug: String,
    pub(super) unit_code: String,
    pub(super) title: Localised,
    pub(super) hosts: Vec<String>,
    pub(super) locales: Vec<Locale>,
    pub(super) default_locale: Locale,
    pub(super) workflow_policy: WorkflowPolicy,
    pub(super) contact: Contact,
}

/// A section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoSection {
    pub(super) slug: String,
    pub(super) title: Localised,
    pub(super) rule: Option<String>,
    pub(super) parent: Option<String>,
}

/// Somebody with one role: at a site, at a unit, or on the platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) site: Option<String>,
    pub(super) unit_code: Option<String>,
    #[serde(default)]
    pub(super) sections: Vec<String>,
}

/// An entry and the state it ends in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoEntry {
    pub(super) key: String,
    #[serde(rename = "type")]
    pub(super) kind: ContentKind,
    pub(super) locale: Locale,
    /// Key of the original.
    pub(super) translation_of: Option<String>,
    pub(super) section: String,
    pub(super) slug: Option<String>,
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) byline: Vec<Byline>,
    pub(super) source: Option<Source>,
    pub(super) content: Value,
    /// Email address.
    pub(super) author: String,
    pub(super) state: Ending,
    /// Days from what brought it public, or from the last act if nothing did.
    pub(super) days_ago: i64,
    pub(super) publish_in_days: Option<i64>,
    /// What was asked for with the changes.
    pub(super) comment: Option<String>,
    /// Why it was published without approval.
    pub(super) force: Option<String>,
    pub(super) withdraw: Option<DemoWithdrawal>,
    pub(super) revision: Option<DemoRevision>,
    /// Where the second edition is, if it is not public.
    pub(super) revision_state: Option<Ending>,
}

/// Where an entry ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    Draft,
    InReview,
    ChangesRequested,
    InApproval,
    Approved,
    Scheduled,
    Published,
    /// Published, and a second edition after it.
    Revised,
    Withdrawn,
    Archived,
}

/// How an entry was withdrawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoWithdrawal {
    pub(super) kind: WithdrawKind,
    pub(super) reason: String,
    /// Key of the entry to read instead.
    pub(super) redirect_to: Option<String>,
}

/// What differs in the second edition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoRevision {
    pub(super) title: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) content: Option<Value>,
    pub(super) update_type: Option<UpdateType>,
    pub(super) change_note: Option<String>,
}

/// A line of `units-nam-dinh.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct UnitLine {
    pub(super) old_code: String,
    pub(super) old_name: String,
    pub(super) old_district_code: String,
    pub(super) old_district: String,
    pub(super) new_code: String,
    pub(super) new_name: String,
}

/// Sites, sections and staff.
///
/// # Errors
/// When the file is not as described here.
pub(super) fn province() -> Result<Province, Failure> {
    read("demo/province.json", PROVINCE)
}

/// The entries of each site, by the site's slug.
///
/// # Errors
/// When a file is not as described here.
pub(super) fn entries() -> Result<Vec<(&'static str, Vec<DemoEntry>)>, Failure> {
    ENTRIES
        .iter()
        .map(|(site, text)| Ok((*site, read(&format!("demo/entries/{site}.json"), text)?)))
        .collect()
}

/// The units before the reform, each with its successor.
///
/// # Errors
/// When the file is not as described here.
pub(super) fn unit_lines() -> Result<Vec<UnitLine>, Failure> {
    csv::Reader::from_reader(UNITS.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::failed(format!("data/units-nam-dinh.csv: {error}")))
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::failed(format!("{name}: {error}")))
}
