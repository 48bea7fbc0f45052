//! Which host names sites may use, and taking and giving them up.
//!
//! The platform says which names a site may use; of these the site takes what it likes. A name is allowed
//! to one site only, an exact one before one with a star, so that nobody takes what others have, are
//! promised or have below their own. Both chains of the audit trail hear of it.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::change::ChangeKind;
use loa_domain::field::FieldCode;
use loa_domain::host::{covers, is_allowed_name, wildcard_over};
use loa_domain::ids::SiteId;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::right::Right;
use loa_domain::site::SiteSettings;
use loa_domain::time::Moment;
use loa_store::allowed_hosts::{self, AllowedHost};
use loa_store::{Conn, Tx, Written, changes, names, settings, sites};
use serde_json::json;

use super::checks::{Checks, repeated};
use super::settings::set_hosts;
use super::{Admin, must_on_platform, readable_site, record, site_changed};
use crate::error::if_taken;
use crate::{Error, IfMatch};

/// Names that a site can be allowed.
const MOST: usize = 50;

/// A name that a site may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHostView {
    /// The name.
    pub host: AllowedHost,
    /// Slug of the site.
    pub site: String,
    /// Name of whoever allowed it.
    pub by_name: Option<String>,
}

/// The names that a site may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHosts {
    /// The site.
    pub site: SiteId,
    /// By name.
    pub names: Vec<AllowedHostView>,
    /// Raised by each change of the site's settings too.
    pub version: i64,
}

impl Admin {
    /// All names that sites may use, by name.
    ///
    /// # Errors
    /// `Forbidden` but for the platform's administrators.
    pub fn list_allowed_hosts(
        &self,
        actor: &Actor,
        ask: &PageAsk,
    ) -> Result<Page<AllowedHostView>, Error> {
        must_on_platform(actor, Right::ManageSites)?;
        self.context.store.read(|conn| {
            let page = allowed_hosts::list(conn, ask)?;
            Ok(Page {
                items: views(conn, page.items)?,
                next: page.next,
                prev: page.prev,
                total: page.total,
            })
        })
    }

    /// The names that a site may use.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn allowed_hosts(&self, actor: &Actor, slug: &str) -> Result<AllowedHosts, Error> {
        self.context.store.read(|conn| {
            let site = readable_site(conn, actor, slug)?;
            let version = settings::get(conn, site.id)?.version;
            of_site(conn, site.id, version)
        })
    }

    /// Replaces the names that a site may use. It gives up at once what is no longer allowed.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`; those of the condition.
    pub fn replace_allowed_hosts(
        &self,
        actor: &Actor,
        slug: &str,
        wanted: &[String],
        if_match: &IfMatch,
    ) -> Result<AllowedHosts, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let site = readable_site(tx, actor, slug)?.id;
            sites::hold(tx, site)?;
            must_on_platform(actor, Right::ManageSites)?;
            // Another site may not take a name while it is looked whether it is free.
            changes::hold(tx)?;
            let before = settings::get(tx, site)?;
            let id = site.to_string();
            if_match.check(&self.context.secrets, "allowed_hosts", &id, before.version)?;
            let change = allowing(tx, &before, wanted)?;
            let (kept, version) = (change.kept(&before.hosts), before.version + 1);
            settings::update(tx, &SiteSettings { version, ..before }, now)?;
            allowed_hosts::remove(tx, site, &change.no_longer_allowed)?;
            change.apply(tx, site, &kept, (actor, now))?;
            Ok(Written {
                value: of_site(tx, site, version)?,
                changes: vec![site_changed(site, ChangeKind::Updated)],
                audit: change.told(site, actor, "site.allow_hosts"),
            })
        })
    }
}

/// What becomes of a site's hosts and of the names that it may use.
#[derive(Debug, Default)]
pub(super) struct HostChange {
    taken: Vec<String>,
    given_up: Vec<String>,
    allowed: Vec<String>,
    no_longer_allowed: Vec<String>,
}

impl HostChange {
    /// What a site may take instead of the hosts that it has. The platform's administrators allow by
    /// taking.
    ///
    /// # Errors
    /// `Invalid` for what is another site's or not allowed.
    pub(super) fn taking(
        tx: &mut Tx<'_>,
        actor: &Actor,
        (site, before): (SiteId, &[String]),
        wanted: &[String],
    ) -> Result<Self, Error> {
        if wanted.iter().any(|host| !before.contains(host)) {
            // Nobody is allowed a name while it is looked whose it is.
            changes::hold(tx)?;
        }
        let is_platform = actor.may_on_platform(Right::ManageSites);
        let of_others = settings::hosts_of_others(tx, site, wanted)?;
        let wild = wanted.iter().filter_map(|host| wildcard_over(host));
        let names: Vec<String> = wanted.iter().cloned().chain(wild).collect();
        let owners = allowed_hosts::owners(tx, &names)?;
        let (mut change, mut checks) = (Self::default(), Checks::default());
        for (index, host) in wanted.iter().enumerate() {
            if before.contains(host) {
                continue;
            }
            let exact = owners.get(host);
            let owner = exact.or_else(|| wildcard_over(host).and_then(|wild| owners.get(&wild)));
            if of_others.contains(host) || (is_platform && exact.is_some_and(|own| *own != site)) {
                checks.refuse(format!("/hosts/{index}"), FieldCode::Taken, OF_ANOTHER);
            } else if owner != Some(&site) && !is_platform {
                let detail = "not among the names that the platform allows this site";
                checks.refuse(format!("/hosts/{index}"), FieldCode::NotAllowed, detail);
            } else if owner != Some(&site) {
                change.allowed.push(host.clone());
            }
            change.taken.push(host.clone());
        }
        checks.done()?;
        change.given_up = without(before, wanted);
        Ok(change)
    }

    fn kept(&self, hosts: &[String]) -> Vec<String> {
        without(hosts, &self.given_up)
    }

    /// Allows what is new, and sets the hosts.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        site: SiteId,
        hosts: &[String],
        (actor, now): (&Actor, Moment),
    ) -> Result<(), Error> {
        for name in &self.allowed {
            let host = AllowedHost {
                name: name.clone(),
                site,
                by: Some(actor.user),
                at: Some(now),
            };
            allowed_hosts::insert(tx, &host).map_err(|error| if_taken(error, of_another))?;
        }
        set_hosts(tx, site, hosts)
    }

    /// Records for the site's chain and for the platform's, where anything changes.
    pub(super) fn told(&self, site: SiteId, actor: &Actor, action: &'static str) -> Vec<NewAudit> {
        let all = [
            &self.taken,
            &self.given_up,
            &self.allowed,
            &self.no_longer_allowed,
        ];
        if all.iter().all(|names| names.is_empty()) {
            return Vec::new();
        }
        let detail = json!({
            "site": site, "taken": self.taken, "given_up": self.given_up,
            "allowed": self.allowed, "no_longer_allowed": self.no_longer_allowed,
        });
        [Chain::Site(site), Chain::Platform]
            .map(|chain| {
                record(
                    chain,
                    actor,
                    action,
                    ("site", site.to_string()),
                    detail.clone(),
                )
            })
            .into()
    }
}

const OF_ANOTHER: &str = "the host of another site";

fn of_another() -> Error {
    let mut checks = Checks::default();
    checks.refuse("/hosts", FieldCode::Taken, OF_ANOTHER);
    checks.done().err().unwrap_or(Error::NotFound)
}

/// What changes when a site may use these names and no others.
fn allowing(
    conn: &mut Conn,
    before: &SiteSettings,
    wanted: &[String],
) -> Result<HostChange, Error> {
    let mut checks = Checks::default();
    if wanted.len() > MOST {
        checks.refuse("/allowed_hosts", FieldCode::TooMany, "at most 50");
    }
    for index in repeated(wanted) {
        checks.refuse(format!("/allowed_hosts/{index}"), FieldCode::Taken, "twice");
    }
    for (index, name) in wanted.iter().enumerate() {
        if !is_allowed_name(name) {
            let detail = "a host name in lower case, or *. and one, as in *.haitien.gov.vn";
            checks.refuse(
                format!("/allowed_hosts/{index}"),
                FieldCode::Invalid,
                detail,
            );
        }
    }
    checks.done()?;
    let own = allowed_hosts::of_site(conn, before.site)?;
    let own: Vec<String> = own.into_iter().map(|host| host.name).collect();
    let allowed = without(wanted, &own);
    let owners = allowed_hosts::owners(conn, &allowed)?;
    let of_others = settings::hosts_of_others(conn, before.site, &allowed)?;
    let mut checks = Checks::default();
    for (index, name) in wanted.iter().enumerate() {
        if allowed.contains(name) && (owners.contains_key(name) || of_others.contains(name)) {
            let detail = "allowed to another site, or its host";
            checks.refuse(format!("/allowed_hosts/{index}"), FieldCode::Taken, detail);
        }
    }
    checks.done()?;
    let is_allowed = |host: &&String| wanted.iter().any(|name| covers(name, host));
    let kept: Vec<String> = before.hosts.iter().filter(is_allowed).cloned().collect();
    Ok(HostChange {
        taken: Vec::new(),
        given_up: without(&before.hosts, &kept),
        allowed,
        no_longer_allowed: without(&own, wanted),
    })
}

fn without(names: &[String], others: &[String]) -> Vec<String> {
    let left = names.iter().filter(|name| !others.contains(name));
    left.cloned().collect()
}

fn of_site(conn: &mut Conn, site: SiteId, version: i64) -> Result<AllowedHosts, Error> {
    let own = allowed_hosts::of_site(conn, site)?;
    Ok(AllowedHosts {
        site,
        names: views(conn, own)?,
        version,
    })
}

/// Adds the names of sites and people, in two queries for any number of hosts.
fn views(conn: &mut Conn, found: Vec<AllowedHost>) -> Result<Vec<AllowedHostView>, Error> {
    let site_ids: Vec<_> = found.iter().map(|host| host.site).collect();
    let people: Vec<_> = found.iter().filter_map(|host| host.by).collect();
    let sites = sites::get_many(conn, &site_ids)?;
    let names = names::of(conn, &people)?;
    found
        .into_iter()
        .map(|host| {
            let site = sites.iter().find(|site| site.id == host.site);
            let lost = || Error::Internal(format!("{} is allowed to no site", host.name));
            Ok(AllowedHostView {
                site: site.ok_or_else(lost)?.slug.clone(),
                by_name: host.by.and_then(|id| names.get(&id).cloned()),
                host,
            })
        })
        .collect()
}
