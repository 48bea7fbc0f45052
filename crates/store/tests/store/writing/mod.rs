//! The write path: the log, the audit chains, collisions, and databases that are busy or away.

mod audit_chains;
mod away;
mod busy;
mod collisions;
mod evidence;
mod generations;
mod log;
mod transactions;

use loa_domain::audit::{Chain, NewAudit};
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::ids::SiteId;
use loa_store::{Error, Store, Written, units};

use crate::seed;

/// Sites 1 to `count`, all of unit 1.
fn sites(store: &Store, count: u64) -> Vec<SiteId> {
    seed::write(store, |tx| {
        units::insert(
            tx,
            &seed::unit(1, "14218", None, "2025-07-01", None),
            seed::moment(),
        )?;
        (1..=count).try_for_each(|n| {
            let site = seed::site_of(n, 1, &format!("site-{n}"), None);
            seed::add_site(tx, &site, &[])
        })
    });
    (1..=count).map(|n| seed::id(2, n)).collect()
}

pub(crate) fn change(site: Option<SiteId>, what: &str) -> NewChange {
    NewChange {
        site,
        subject: SubjectKind::Site,
        subject_id: what.to_owned(),
        kind: ChangeKind::Updated,
    }
}

pub(crate) fn record(chain: Chain, what: &str) -> NewAudit {
    NewAudit {
        chain,
        actor: None,
        action: "site.update",
        subject: "site",
        subject_id: what.to_owned(),
        detail: serde_json::json!({"what": what}),
    }
}

/// Writes a change and a record in the platform's chain.
pub(crate) fn note(store: &Store, what: &str) -> Result<(), Error> {
    store.write(seed::moment(), |_| {
        Ok(Written {
            value: (),
            changes: vec![change(None, what)],
            audit: vec![record(Chain::Platform, what)],
        })
    })
}
