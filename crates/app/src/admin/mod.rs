//! Units, sites, sections, settings, people and the audit trail: one file a verb.
//!
//! What the caller may not read does not exist for them; what they may read and not change is
//! forbidden. Nothing that has content is deleted. Verbs named `system_*` are for the operator of the
//! machine, who works on the command line without an account: they ask for no right, follow the same
//! rules otherwise, and are in the audit trail without an actor.

mod access;
mod audit_trail;
mod checks;
mod hosts;
mod sections;
mod settings;
mod sign_ins;
mod sites;
mod units;
mod users;

use std::sync::Arc;

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::ids::{SiteId, UserId};
use loa_domain::right::Right;
use loa_domain::site::Site;
use loa_store::Conn;

pub use access::{AccessRequestView, ConfirmedAccess, PersonInRequest};
pub use audit_trail::AuditView;
pub use hosts::{AllowedHostView, AllowedHosts};
pub use sections::SectionRequest;
pub use settings::SettingsRequest;
pub use sign_ins::SignInView;
pub use sites::{NewSite, SiteChange, SiteView};
pub use units::{NewSuccession, UnitRequest};
pub(crate) use users::manages;
pub use users::{
    AskedLink, CreatedUser, GivenRole, NewMembership, NewPasswordLink, NewUser, UserRequest,
};

use crate::{Context, Error};

/// Units, sites, sections, settings, people and the audit trail: one file a verb.
#[derive(Clone)]
pub struct Admin {
    context: Arc<Context>,
}

impl Admin {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

/// A site whose settings, sections and people the actor may read; unknown otherwise.
fn readable_site(conn: &mut Conn, actor: &Actor, slug: &str) -> Result<Site, Error> {
    loa_store::sites::by_slug(conn, slug)?
        .filter(|site| actor.may(Right::ReadSite, site.id))
        .ok_or(Error::NotFound)
}

/// Refuses without the right at the site.
fn must(actor: &Actor, right: Right, site: SiteId) -> Result<(), Error> {
    if actor.may(right, site) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// Refuses without the right on the platform.
fn must_on_platform(actor: &Actor, right: Right) -> Result<(), Error> {
    if actor.may_on_platform(right) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

fn site_changed(site: SiteId, kind: ChangeKind) -> NewChange {
    NewChange {
        site: Some(site),
        subject: SubjectKind::Site,
        subject_id: site.to_string(),
        kind,
    }
}

/// A record of what an actor did to something, with the network address it was done from.
fn record(
    chain: Chain,
    actor: &Actor,
    action: &'static str,
    subject: (&'static str, String),
    mut detail: serde_json::Value,
) -> NewAudit {
    if let (Some(members), Some(address)) = (detail.as_object_mut(), &actor.address) {
        members.insert("address".to_owned(), address.as_str().into());
    }
    record_by(chain, Some(actor.user), action, subject, detail)
}

/// The same where nobody need be signed in: the operator of the machine acts as the system.
fn record_by(
    chain: Chain,
    by: Option<UserId>,
    action: &'static str,
    (subject, id): (&'static str, String),
    detail: serde_json::Value,
) -> NewAudit {
    NewAudit {
        chain,
        actor: by,
        action,
        subject,
        subject_id: id,
        detail,
    }
}
