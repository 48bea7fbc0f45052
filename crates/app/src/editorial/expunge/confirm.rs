//! The second person confirms, and it is done: one transaction, then the files are cleaned.

use std::collections::BTreeMap;

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::expunction::{Expunction, ExpunctionState, Item, ItemKind};
use loa_domain::ids::{EntryId, ExpunctionId, SiteId};
use loa_domain::time::Moment;
use loa_store::{Tx, Written, audit, expunctions, sites};
use loa_workflow::Ask;
use serde_json::json;

use super::show::ExpunctionView;
use super::take_away::Taking;
use super::{ENTRY_CHANGED, found, unchanged};
use crate::editorial::apply::{Applied, Done};
use crate::editorial::desk::Desk;
use crate::editorial::{Editorial, publish};
use crate::error::again_if_stale;
use crate::{Context, Error};

/// What was done, and whether the files are clean.
#[derive(Debug)]
pub struct Confirmed {
    /// The request as it is now.
    pub view: ExpunctionView,
    /// Why the database's files could not be cleaned: the text is in no table any more, but may be in
    /// the files. Confirming again cleans them.
    pub unclean: Option<Error>,
}

impl Editorial {
    /// Takes away what was listed. Confirming again what is confirmed cleans the files, if that is
    /// still to be done.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden`; `StateConflict` when the same person asked, the request was cancelled,
    /// or an entry is not as it was then.
    pub fn confirm_expunction(&self, actor: &Actor, id: ExpunctionId) -> Result<Confirmed, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            confirm(&self.context, tx, actor, id)
        })?;
        let clean = || -> Result<(), Error> {
            if self.system_expunction(id)?.expunction.cleaned_at.is_none() {
                self.context.store.scrub()?;
                self.context.system_write(now, |tx| {
                    expunctions::set_cleaned(tx, id, now)?;
                    Ok(Written::quiet(()))
                })?;
            }
            Ok(())
        };
        let unclean = clean().err();
        Ok(Confirmed {
            view: self.system_expunction(id)?,
            unclean,
        })
    }
}

fn confirm(
    context: &Context,
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ExpunctionId,
) -> Result<Written<()>, Error> {
    let now = context.now();
    let site = expunctions::system_get(tx, id)?
        .ok_or(Error::NotFound)?
        .site;
    sites::hold(tx, site).map_err(again_if_stale)?;
    let (own, list) = found(tx, actor, id)?;
    match own.state {
        ExpunctionState::Confirmed => return Ok(Written::quiet(())),
        ExpunctionState::Cancelled => return Err(Error::StateConflict("expunction_decided")),
        ExpunctionState::Asked => {}
    }
    if own.asked_by == actor.user {
        return Err(Error::StateConflict("same_person"));
    }
    unchanged(tx, &own, &list)?;
    let mut done = Done::default();
    take_all_away(context, tx, actor, &list, now, &mut done)?;
    for item in list.iter().filter(|item| item.kind == ItemKind::Record) {
        let record = record_of(&item.key)?;
        audit::expunge(tx, &context.secrets.audit_keys(), record, id)?;
    }
    expunctions::decide(tx, id, ExpunctionState::Confirmed, actor.user, now)
        .map_err(again_if_stale)?;
    Ok(Written {
        value: (),
        changes: done.changes,
        audit: vec![record(&own, &list, actor)],
    })
}

/// Everything goes before translations are rendered again: they must not meet what is half gone.
fn take_all_away(
    context: &Context,
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &[Item],
    now: Moment,
    done: &mut Done,
) -> Result<(), Error> {
    let mut by_entry: BTreeMap<EntryId, Vec<&Item>> = BTreeMap::new();
    for item in list.iter().filter(|item| item.kind != ItemKind::Entry) {
        by_entry.entry(item.entry).or_default().push(item);
    }
    let ask = Ask::default();
    let applied = Applied {
        by: Some(actor),
        ask: &ask,
        now,
    };
    let mut desks = Vec::new();
    for (entry, items) in by_entry {
        let mut desk =
            Desk::system_writable(tx, entry)?.ok_or(Error::StateConflict(ENTRY_CHANGED))?;
        let taking = Taking {
            applied: &applied,
            secrets: &context.secrets,
            items,
        };
        taking.run(tx, &mut desk, done)?;
        desks.push(desk);
    }
    for desk in &desks {
        publish::refresh_translations(tx, desk, &mut done.changes)?;
    }
    Ok(())
}

/// Chain and number of a record, from its key.
fn record_of(key: &str) -> Result<(Chain, i64), Error> {
    let wrong = || Error::Internal(format!("no record is called {key}"));
    let (chain, number) = key.split_once(' ').ok_or_else(wrong)?;
    let site: SiteId = chain.parse().map_err(|_| wrong())?;
    Ok((Chain::Site(site), number.parse().map_err(|_| wrong())?))
}

/// Who asked, who confirmed, why, and which numbers; not a word of the text.
fn record(own: &Expunction, list: &[Item], actor: &Actor) -> NewAudit {
    let numbers = |kind| -> Vec<_> {
        list.iter()
            .filter(|item| item.kind == kind)
            .map(|item| json!({"entry": item.entry, "number": item.number}))
            .collect()
    };
    NewAudit {
        chain: Chain::Site(own.site),
        actor: Some(actor.user),
        action: "expunction.confirm",
        subject: "expunction",
        subject_id: own.id.to_string(),
        detail: json!({
            "entry": own.entry, "asked_by": own.asked_by, "reason": own.reason,
            "revisions": numbers(ItemKind::Revision), "comments": numbers(ItemKind::Comment),
            "withdrawals": numbers(ItemKind::Withdrawal), "redirects": numbers(ItemKind::Redirect),
            "addresses": numbers(ItemKind::Address), "records": numbers(ItemKind::Record),
        }),
    }
}
