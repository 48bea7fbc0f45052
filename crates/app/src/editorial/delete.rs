//! Deleting what was never handed in.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::right::Right;
use loa_store::{Written, entries, idempotency};
use serde_json::json;

use super::desk::Desk;
use super::{Editorial, EntryAddress};
use crate::{Error, IfMatch};

impl Editorial {
    /// Deletes an entry that was never handed in; its slug is free again, and nothing is left of its
    /// words, not in answers kept for requests that are sent again either.
    ///
    /// # Errors
    /// `Forbidden` for whoever is neither its author nor an editor, `NotDeletable` once it was
    /// handed in.
    pub fn delete(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        if_match: &IfMatch,
    ) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let desk = Desk::writable(tx, actor, address)?;
            let rights = desk.rights(actor);
            let own = desk
                .open
                .as_ref()
                .is_some_and(|open| open.edition.authors.contains(&actor.user));
            self.context.checked(&desk, if_match, |_| {
                let may = rights.has(Right::SaveAny) || (own && rights.has(Right::SaveOwn));
                if may { Ok(()) } else { Err(Error::Forbidden) }
            })?;
            if desk.entry.submitted || desk.live.is_some() {
                return Err(Error::NotDeletable);
            }
            entries::delete(tx, desk.entry.id, desk.entry.version)?;
            idempotency::expunge(tx, desk.entry.id)?;
            Ok(Written::audited(
                (),
                NewAudit {
                    chain: Chain::Site(desk.entry.site),
                    actor: Some(actor.user),
                    action: "entry.delete",
                    subject: "entry",
                    subject_id: desk.entry.id.to_string(),
                    detail: json!({}),
                },
            ))
        })
    }
}
