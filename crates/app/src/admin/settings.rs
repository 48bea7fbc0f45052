//! A site's settings: languages, workflow policy, contact and hosts.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::SiteId;
use loa_domain::locale::Locale;
use loa_domain::right::Right;
use loa_domain::site::{Contact, DeskReading, Site, SiteSettings, WorkflowPolicy};
use loa_store::{Conn, Tx, Written, published, sections, settings, sites};
use serde_json::json;

use super::checks::Checks;
use super::hosts::HostChange;
use super::{Admin, must, readable_site, record, site_changed};
use crate::error::if_taken;
use crate::{Error, IfMatch};

/// Settings as they are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRequest {
    /// The language of paths without a prefix.
    pub default_locale: Locale,
    /// Every language content may have.
    pub locales: Vec<Locale>,
    /// How content is approved.
    pub workflow_policy: WorkflowPolicy,
    /// What of the desk people with limited roles read; as it is when missing.
    pub desk_reading: Option<DeskReading>,
    /// How to reach the board.
    pub contact: Contact,
    /// Host names, the main one first: of those that the platform allows.
    pub hosts: Vec<String>,
}

impl Admin {
    /// A site's settings.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_settings(&self, actor: &Actor, slug: &str) -> Result<SiteSettings, Error> {
        self.context.store.read(|conn| {
            let site = readable_site(conn, actor, slug)?;
            settings::get(conn, site.id).map_err(Error::from)
        })
    }

    /// Replaces a site's settings.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`, `StateConflict` when a language that goes has entries;
    /// those of the condition.
    pub fn replace_settings(
        &self,
        actor: &Actor,
        slug: &str,
        request: &SettingsRequest,
        if_match: &IfMatch,
    ) -> Result<SiteSettings, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let site = readable_site(tx, actor, slug)?;
            sites::hold(tx, site.id)?;
            must(actor, Right::ManageSettings, site.id)?;
            let before = settings::get(tx, site.id)?;
            let id = site.id.to_string();
            if_match.check(&self.context.secrets, "settings", &id, before.version)?;
            check(tx, &site, request)?;
            let held = (site.id, before.hosts.as_slice());
            let hosts = HostChange::taking(tx, actor, held, &request.hosts)?;
            locales_may_go(tx, &before, request)?;
            if request.default_locale != before.default_locale && published::ever(tx, site.id)? {
                // Paths were given out that begin with a tag, and others that do not.
                let detail = "fixed since something was published";
                let error = FieldError::new("/default_locale", FieldCode::Immutable, detail);
                return Err(Error::field(error));
            }
            let after = SiteSettings {
                site: site.id,
                default_locale: request.default_locale.clone(),
                locales: request.locales.clone(),
                workflow_policy: request.workflow_policy,
                desk_reading: request.desk_reading.unwrap_or(before.desk_reading),
                contact: request.contact.clone(),
                hosts: request.hosts.clone(),
                version: before.version + 1,
            };
            settings::update(tx, &after, now)?;
            hosts.apply(tx, site.id, &after.hosts, (actor, now))?;
            let detail = json!({
                "workflow_policy": after.workflow_policy, "locales": after.locales,
                "default_locale": after.default_locale, "hosts": after.hosts,
                "desk_reading": after.desk_reading,
            });
            let chain = Chain::Site(site.id);
            let mut audit = vec![record(
                chain,
                actor,
                "settings.update",
                ("site", id),
                detail,
            )];
            audit.extend(hosts.told(site.id, actor, "site.hosts"));
            Ok(Written {
                value: after,
                changes: vec![site_changed(site.id, ChangeKind::Updated)],
                audit,
            })
        })
    }
}

fn check(conn: &mut Conn, site: &Site, request: &SettingsRequest) -> Result<(), Error> {
    let mut checks = Checks::default();
    checks.locales(&request.locales, &request.default_locale);
    checks.hosts(&request.hosts);
    checks.contact(&request.contact);
    let sections = sections::of_site(conn, site.id)?;
    let titled = std::iter::once(&site.title).chain(sections.iter().map(|section| &section.title));
    if titled
        .into_iter()
        .any(|title| !title.contains_key(&request.default_locale))
    {
        let detail = "the site and each section first need a title in this language";
        checks.refuse("/default_locale", FieldCode::NotAllowed, detail);
    }
    for (index, locale) in request.locales.iter().enumerate() {
        // Paths of other languages begin with their tag, where those of the default have a section.
        if sections
            .iter()
            .any(|section| locale.as_str().eq_ignore_ascii_case(&section.slug))
        {
            let detail = "a section has this slug";
            checks.refuse(format!("/locales/{index}"), FieldCode::Taken, detail);
        }
    }
    checks.done()
}

fn locales_may_go(
    conn: &mut Conn,
    before: &SiteSettings,
    request: &SettingsRequest,
) -> Result<(), Error> {
    for locale in &before.locales {
        if !request.locales.contains(locale)
            && sites::entries_use_locale(conn, before.site, locale)?
        {
            return Err(Error::StateConflict("locale_in_use"));
        }
    }
    Ok(())
}

/// Sets the hosts, which were free when they were checked.
pub(super) fn set_hosts(tx: &mut Tx<'_>, site: SiteId, hosts: &[String]) -> Result<(), Error> {
    settings::set_hosts(tx, site, hosts).map_err(|error| {
        if_taken(error, || {
            let detail = "the host of another site";
            Error::field(FieldError::new("/hosts", FieldCode::Taken, detail))
        })
    })
}
