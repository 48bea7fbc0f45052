//! Replacing what may change of a site: title, status and successor.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::{ChangeKind, NewChange};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::SiteId;
use loa_domain::right::Right;
use loa_domain::site::{Localised, Site, SiteStatus};
use loa_store::{Conn, Written, settings, sites};
use serde_json::json;

use super::{SiteView, view};
use crate::admin::checks::{Checks, lines};
use crate::admin::{Admin, must, must_on_platform, readable_site, record, site_changed};
use crate::{Error, IfMatch};

/// What may change of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteChange {
    /// Its title in each of its languages.
    pub title: Localised,
    /// What may still be done.
    pub status: SiteStatus,
    /// Slug of the site that took over.
    pub successor: Option<String>,
}

impl Admin {
    /// Replaces title, status and successor. The title is the site's own affair; to close a site
    /// and to name its successor is the platform's.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`; those of the condition.
    pub fn replace_site(
        &self,
        actor: &Actor,
        slug: &str,
        request: &SiteChange,
        if_match: &IfMatch,
    ) -> Result<SiteView, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let before = readable_site(tx, actor, slug)?;
            sites::hold(tx, before.id)?;
            must(actor, Right::ManageSettings, before.id)?;
            let successor = successor(tx, &before, request.successor.as_deref(), actor)?;
            if request.status != before.status || successor != before.successor {
                must_on_platform(actor, Right::ManageSites)?;
            }
            let id = before.id.to_string();
            if_match.check(&self.context.secrets, "site", &id, before.version)?;
            let current = settings::get(tx, before.id)?;
            let mut checks = Checks::default();
            checks.titles(&request.title, &current.locales, &current.default_locale);
            checks.done()?;
            let site = Site {
                title: lines(&request.title),
                status: request.status,
                successor,
                version: before.version + 1,
                ..before.clone()
            };
            sites::update(tx, &site, now)?;
            let detail = json!({"status": site.status, "successor": site.successor});
            let chain = Chain::Site(site.id);
            Ok(Written {
                changes: changes(tx, &before, &site)?,
                audit: vec![record(chain, actor, "site.update", ("site", id), detail)],
                value: view(tx, site)?,
            })
        })
    }
}

/// The site with the successor's slug, which must not lead back here.
fn successor(
    conn: &mut Conn,
    site: &Site,
    slug: Option<&str>,
    actor: &Actor,
) -> Result<Option<SiteId>, Error> {
    let refuse =
        |code, detail: &str| Err(Error::field(FieldError::new("/successor", code, detail)));
    let Some(slug) = slug else {
        return Ok(None);
    };
    let Some(successor) = sites::by_slug(conn, slug)? else {
        return refuse(FieldCode::NotFound, "no site has this slug");
    };
    if site.successor == Some(successor.id) || !actor.may_on_platform(Right::ManageSites) {
        return Ok(Some(successor.id));
    }
    let mut seen = vec![successor.id];
    let mut next = successor.successor;
    while let Some(id) = next.filter(|id| !seen.contains(id)) {
        seen.push(id);
        next = sites::get(conn, id)?.and_then(|site| site.successor);
    }
    if seen.contains(&site.id) {
        return refuse(FieldCode::NotAllowed, "would succeed itself");
    }
    Ok(Some(successor.id))
}

/// The site, and those that show it as their predecessor or successor.
fn changes(conn: &mut Conn, before: &Site, after: &Site) -> Result<Vec<NewChange>, Error> {
    let mut touched = sites::predecessors(conn, after.id)?;
    touched.extend([before.successor, after.successor].into_iter().flatten());
    touched.push(after.id);
    touched.sort_unstable();
    touched.dedup();
    Ok(touched
        .into_iter()
        .map(|site| site_changed(site, ChangeKind::Updated))
        .collect())
}
