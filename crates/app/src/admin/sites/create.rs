//! A new site.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{SiteId, UnitId};
use loa_domain::locale::Locale;
use loa_domain::right::Right;
use loa_domain::site::{
    Contact, DeskReading, Localised, Site, SiteSettings, SiteStatus, WorkflowPolicy,
};
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, settings, sites, units};
use serde_json::json;

use super::{SiteView, view};
use crate::admin::checks::{Checks, lines};
use crate::admin::hosts::HostChange;
use crate::admin::{Admin, must_on_platform, record, site_changed};
use crate::error::if_taken;
use crate::idempotency::{Idempotency, once};
use crate::{Error, ids};

/// A site as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSite {
    /// Its name in URLs; never changes.
    pub slug: String,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Its title in each of its languages.
    pub title: Localised,
    /// Host names, the main one first.
    pub hosts: Vec<String>,
    /// Its languages.
    pub locales: Vec<Locale>,
    /// The language of paths without a prefix.
    pub default_locale: Locale,
    /// How content is approved.
    pub workflow_policy: WorkflowPolicy,
    /// How to reach the board.
    pub contact: Contact,
}

impl Admin {
    /// Makes a site, without sections.
    ///
    /// # Errors
    /// `Forbidden`; `Invalid`.
    pub fn create_site(
        &self,
        actor: &Actor,
        request: &NewSite,
        idempotency: Option<&Idempotency>,
    ) -> Result<SiteView, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            must_on_platform(actor, Right::ManageSites)?;
            once(tx, actor.user, idempotency, now, |tx| {
                let id = ids::fresh(now);
                check(tx, request)?;
                let hosts = HostChange::taking(tx, actor, (id, &[]), &request.hosts)?;
                let site = insert(tx, request, id, now)?;
                hosts.apply(tx, id, &request.hosts, (actor, now))?;
                let subject = ("site", id.to_string());
                let detail = json!({"slug": site.slug, "unit": site.unit});
                let created = record(Chain::Platform, actor, "site.create", subject, detail);
                let mut audit = vec![created];
                audit.extend(hosts.told(id, actor, "site.hosts"));
                Ok(Written {
                    value: view(tx, site)?,
                    changes: vec![site_changed(id, ChangeKind::Published)],
                    audit,
                })
            })
        })
    }
}

fn check(conn: &mut Conn, request: &NewSite) -> Result<(), Error> {
    let mut checks = Checks::default();
    checks.slug(&request.slug);
    checks.titles(&request.title, &request.locales, &request.default_locale);
    checks.locales(&request.locales, &request.default_locale);
    checks.hosts(&request.hosts);
    checks.contact(&request.contact);
    if units::get(conn, request.unit)?.is_none() {
        checks.refuse("/unit", FieldCode::NotFound, "no unit has this id");
    }
    checks.done()?;
    if sites::by_slug(conn, &request.slug)?.is_some() {
        return Err(slug_taken());
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, request: &NewSite, id: SiteId, now: Moment) -> Result<Site, Error> {
    let site = Site {
        id,
        unit: request.unit,
        slug: request.slug.clone(),
        title: lines(&request.title),
        status: SiteStatus::Active,
        successor: None,
        version: 1,
    };
    sites::insert(tx, &site, now).map_err(|error| if_taken(error, slug_taken))?;
    let first = SiteSettings {
        site: id,
        default_locale: request.default_locale.clone(),
        locales: request.locales.clone(),
        workflow_policy: request.workflow_policy,
        desk_reading: DeskReading::Site,
        contact: request.contact.clone(),
        hosts: request.hosts.clone(),
        version: 1,
    };
    settings::insert(tx, &first, now)?;
    Ok(site)
}

fn slug_taken() -> Error {
    Error::field(FieldError::new(
        "/slug",
        FieldCode::Taken,
        "another site has this slug",
    ))
}
