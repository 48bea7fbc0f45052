//! Saving the content of an older revision again.

use loa_domain::actor::Actor;
use loa_domain::snapshot::Snapshot;
use loa_store::revisions;

use super::desk::Desk;
use super::save::{may_save, replace};
use super::views::EditorialEntry;
use super::{Editorial, EntryAddress};
use crate::idempotency::{Idempotency, once};
use crate::{Error, IfMatch};

impl Editorial {
    /// A save with the content of revision `number`. Its slug is taken over too, unless it belongs
    /// to other content meanwhile.
    ///
    /// # Errors
    /// As for saving; `NotFound` for a revision that the entry does not have.
    pub fn restore(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        number: i32,
        if_match: &IfMatch,
        idempotency: Option<&Idempotency>,
    ) -> Result<EditorialEntry, Error> {
        let now = self.context.now();
        self.context.store.write(now, |tx| {
            let desk = Desk::readable(tx, actor, address)?;
            let revision =
                revisions::by_number(tx, desk.entry.id, number)?.ok_or(Error::NotFound)?;
            once(tx, actor.user, idempotency, now, |tx| {
                self.context.checked(&desk, if_match, |context| {
                    may_save(context, &desk, actor, revision.section)
                })?;
                let snapshot = Snapshot::from_canonical(&revision.snapshot)?;
                replace(&self.context, tx, desk, actor, &snapshot)
            })
        })
    }
}
