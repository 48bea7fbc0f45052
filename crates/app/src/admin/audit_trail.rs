//! The audit trail, for those who may read it.

use loa_domain::actor::Actor;
use loa_domain::audit::{AuditRecord, Chain};
use loa_domain::paging::{Page, PageAsk};
use loa_domain::right::Right;
use loa_store::{audit, names};

use super::{Admin, must, must_on_platform, readable_site};
use crate::Error;

/// A record with the name of whoever did it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditView {
    /// The record.
    pub record: AuditRecord,
    /// Name of the actor; none for the system.
    pub actor_name: Option<String>,
}

impl Admin {
    /// A site's chain, or the platform's, newest first.
    ///
    /// # Errors
    /// `NotFound` for a site the actor may not read, `Forbidden` without the right.
    pub fn list_audit(
        &self,
        actor: &Actor,
        site: Option<&str>,
        ask: &PageAsk,
    ) -> Result<Page<AuditView>, Error> {
        self.context.store.read(|conn| {
            let chain = if let Some(slug) = site {
                let site = readable_site(conn, actor, slug)?;
                must(actor, Right::ReadAudit, site.id)?;
                Chain::Site(site.id)
            } else {
                must_on_platform(actor, Right::ReadAudit)?;
                Chain::Platform
            };
            let page = audit::page_of(conn, chain, ask)?;
            let actors: Vec<_> = page.items.iter().filter_map(|item| item.actor).collect();
            let names = names::of(conn, &actors)?;
            page.try_map(|record| {
                Ok(AuditView {
                    actor_name: record.actor.and_then(|id| names.get(&id).cloned()),
                    record,
                })
            })
        })
    }
}
