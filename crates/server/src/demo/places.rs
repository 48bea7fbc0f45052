//! Sites with their settings, hosts and sections.

use std::collections::BTreeMap;

use loa_app::{App, fresh_id};
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::ids::{SectionId, SiteId, UnitId};
use loa_domain::section::Section;
use loa_domain::site::{DeskReading, Site, SiteSettings, SiteStatus};
use loa_domain::time::Moment;
use loa_store::{Error, Written, allowed_hosts, sections, settings, sites};
use serde_json::json;

use super::SEEDED;
use super::source::{DemoSection, DemoSite, Province};
use crate::failure::Failure;

/// What was made.
pub(super) struct Places {
    /// Units of today by code.
    pub(super) units: BTreeMap<String, UnitId>,
    /// Sites by slug.
    pub(super) sites: BTreeMap<String, SiteId>,
    /// Sections by slug of the site and own slug.
    pub(super) sections: BTreeMap<(String, String), SectionId>,
}

/// Stores every site, each in one transaction.
///
/// # Errors
/// Of the database; when a site's unit or a section's parent is unknown.
pub(super) fn seed(
    app: &App,
    province: &Province,
    units: BTreeMap<String, UnitId>,
) -> Result<Places, Failure> {
    let mut places = Places {
        units,
        sites: BTreeMap::new(),
        sections: BTreeMap::new(),
    };
    for demo in &province.sites {
        let site = site(&places, demo, app.now())?;
        let sections = match province.sections.get(&demo.slug) {
            Some(of_site) => sections_of(&mut places, &site, of_site, app.now())?,
            None => Vec::new(),
        };
        places.sites.insert(site.slug.clone(), site.id);
        store(app, &site, &settings_of(&site, demo), &sections)?;
    }
    Ok(places)
}

fn store(
    app: &App,
    site: &Site,
    own: &SiteSettings,
    list: &[Section],
) -> Result<(), loa_store::Error> {
    let now = app.now();
    app.store().write(now, |tx| {
        sites::insert(tx, site, now)?;
        settings::insert(tx, own, now)?;
        allowed_hosts::system_give(tx, site.id, &own.hosts, now)?;
        let mut changes = vec![change(site.id, SubjectKind::Site, site.id.to_string())];
        for section in list {
            sections::insert(tx, section, now)?;
            changes.push(change(
                site.id,
                SubjectKind::Section,
                section.id.to_string(),
            ));
        }
        let record = NewAudit {
            chain: Chain::Site(site.id),
            actor: None,
            action: SEEDED,
            subject: "site",
            subject_id: site.id.to_string(),
            detail: json!({"sections": list.len()}),
        };
        Ok::<_, Error>(Written {
            value: (),
            changes,
            audit: vec![record],
        })
    })
}

fn change(site: SiteId, subject: SubjectKind, subject_id: String) -> NewChange {
    NewChange {
        site: Some(site),
        subject,
        subject_id,
        kind: ChangeKind::Published,
    }
}

fn site(places: &Places, demo: &DemoSite, now: Moment) -> Result<Site, Failure> {
    let unit = places
        .units
        .get(&demo.unit_code)
        .ok_or_else(|| Failure::failed(format!("{}: no unit {}", demo.slug, demo.unit_code)))?;
    Ok(Site {
        id: fresh_id(now),
        unit: *unit,
        slug: demo.slug.clone(),
        title: demo.title.clone(),
        status: SiteStatus::Active,
        successor: None,
        version: 1,
    })
}

fn settings_of(site: &Site, demo: &DemoSite) -> SiteSettings {
    SiteSettings {
        site: site.id,
        default_locale: demo.default_locale.clone(),
        locales: demo.locales.clone(),
        workflow_policy: demo.workflow_policy,
        desk_reading: DeskReading::Site,
        contact: demo.contact.clone(),
        hosts: demo.hosts.clone(),
        version: 1,
    }
}

fn sections_of(
    places: &mut Places,
    site: &Site,
    list: &[DemoSection],
    now: Moment,
) -> Result<Vec<Section>, Failure> {
    let mut sections = Vec::with_capacity(list.len());
    for (position, demo) in (0..).zip(list) {
        let key = |slug: &str| (site.slug.clone(), slug.to_owned());
        let parent = match &demo.parent {
            Some(slug) => Some(*places.sections.get(&key(slug)).ok_or_else(|| {
                Failure::failed(format!("{}: no section {slug} before its child", site.slug))
            })?),
            None => None,
        };
        let id = fresh_id(now);
        places.sections.insert(key(&demo.slug), id);
        sections.push(Section {
            id,
            site: site.id,
            parent,
            slug: demo.slug.clone(),
            title: demo.title.clone(),
            position,
            opens_on: None,
            closes_on: None,
            rule: demo.rule.clone(),
            slug_fixed: false,
            version: 1,
        });
    }
    Ok(sections)
}
