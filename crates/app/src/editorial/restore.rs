//! Saving the content of an older revision again.

use loa_domain::actor::Actor;
use loa_store::slugs;

use super::desk::Desk;
use super::history::find;
use super::revise::take_over;
use super::save::{may_move, may_save, open_slug, replace};
use super::views::EditorialEntry;
use super::{Editorial, EntryAddress};
use crate::idempotency::{Idempotency, once};
use crate::projection::{content_of, section_of};
use crate::{Error, IfMatch};

impl Editorial {
    /// A save with the content of revision `number`. Its slug is taken over too, unless it belongs
    /// to other content meanwhile. Whoever wrote in that revision's edition has words in this one then.
    ///
    /// # Errors
    /// As for saving; `NotFound` for a revision that the entry does not have, `Expunged`.
    pub fn restore(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        number: i32,
        if_match: &IfMatch,
        idempotency: Option<&Idempotency>,
    ) -> Result<EditorialEntry, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let mut desk = Desk::writable(tx, actor, address)?;
            let revision = find(tx, &desk, number)?;
            once(tx, actor.user, idempotency, now, |tx| {
                self.context
                    .checked(&desk, if_match, |_| may_save(&desk, actor, &[], now))?;
                let section = section_of(&desk.at.sections, revision.section)?.clone();
                may_move(&desk, actor, &section, now)?;
                let mut snapshot = content_of(&revision)?;
                let (site, locale) = (desk.at.site.id, &desk.entry.locale);
                let owner = slugs::owner(tx, site, locale, &snapshot.slug)?;
                if owner.is_some_and(|owner| owner != desk.entry.id) {
                    snapshot.slug = open_slug(&desk)?;
                }
                take_over(tx, &mut desk, revision.edition)?;
                replace(tx, desk, actor, &snapshot, now)
            })
        })
    }
}
