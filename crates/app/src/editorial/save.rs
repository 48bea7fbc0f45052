//! Saving: replacing the content of the open edition.

use loa_domain::actor::Actor;
use loa_domain::entry::Action;
use loa_domain::right::RightSet;
use loa_domain::snapshot::Snapshot;
use loa_store::{Tx, Written, editions, revisions};
use loa_workflow::{Ask, By, plan};

use super::apply::Applied;
use super::content::{ContentRequest, may_enter, snapshot};
use super::create::new_revision;
use super::desk::Desk;
use super::views::Saved;
use super::{Editorial, EntryAddress, slug};
use crate::ids::fresh;
use crate::{Context, Error, IfMatch};

impl Editorial {
    /// Replaces the content of the open edition. Content of the same hash changes nothing: no new
    /// revision, author or version.
    ///
    /// # Errors
    /// `Refused` where the workflow allows no saving, `PreconditionFailed` for a stale tag,
    /// `Invalid` for refused fields.
    pub fn save(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        request: &ContentRequest,
        if_match: &IfMatch,
    ) -> Result<Saved, Error> {
        let now = self.context.now();
        self.context.store.write(now, |tx| {
            let desk = Desk::readable(tx, actor, address)?;
            let section = desk.at.section(&request.section)?.id;
            let moved = desk
                .open
                .as_ref()
                .is_some_and(|open| open.revision.section != section);
            if moved {
                may_enter(&desk.at, actor, &request.section, now)?;
            }
            self.context.checked(&desk, if_match, |_| {
                may_save(&self.context, &desk, actor, section)
            })?;
            let keep = desk
                .open
                .as_ref()
                .map(|open| Snapshot::from_canonical(&open.revision.snapshot))
                .transpose()?;
            let slug = match (&request.slug, keep) {
                (Some(slug), _) => {
                    slug::given(tx, desk.at.site.id, &desk.entry.locale, slug, desk.entry.id)?
                }
                (None, Some(kept)) => kept.slug,
                (None, None) => return Err(Error::Internal("no open edition to save".to_owned())),
            };
            let (snapshot, warnings) = snapshot(tx, &desk.at, request, slug)?;
            let written = replace(&self.context, tx, desk, actor, &snapshot)?;
            Ok(Written {
                value: Saved {
                    entry: written.value,
                    warnings,
                },
                changes: written.changes,
                audit: written.audit,
            })
        })
    }
}

/// Whether the workflow lets the actor save, in the sections of now and in the new one.
pub(super) fn may_save(
    context: &Context,
    desk: &Desk,
    actor: &Actor,
    new_section: loa_domain::ids::SectionId,
) -> Result<(), Error> {
    let by = by_with(desk, actor, new_section);
    let now = context.now();
    plan(&desk.facts(now)?, Action::Save, by, &Ask::default(), now)?;
    Ok(())
}

fn by_with(desk: &Desk, actor: &Actor, new_section: loa_domain::ids::SectionId) -> By {
    let there = if desk.at.must_be_active().is_ok() {
        actor.rights_in(desk.at.site.id, &[new_section])
    } else {
        RightSet::EMPTY
    };
    By::Person {
        user: actor.user,
        rights: desk.rights(actor).intersection(there),
    }
}

/// Puts a snapshot in place of the open edition's newest, if it differs.
pub(super) fn replace(
    context: &Context,
    tx: &mut Tx<'_>,
    mut desk: Desk,
    actor: &Actor,
    snapshot: &Snapshot,
) -> Result<Written<super::views::EditorialEntry>, Error> {
    let now = context.now();
    let before = desk.entry.version;
    let by = by_with(&desk, actor, snapshot.section);
    let plan = plan(&desk.facts(now)?, Action::Save, by, &Ask::default(), now)?;
    let Some(open) = desk.open.as_mut() else {
        return Err(Error::Internal(
            "a save was planned without an open edition".to_owned(),
        ));
    };
    open.edition.revision = fresh(now);
    let number = revisions::last_number(tx, desk.entry.id)? + 1;
    let revision = new_revision(&open.edition, number, snapshot, actor, now)?;
    if revision.sha256 == open.revision.sha256 {
        open.edition.revision = open.revision.id;
        return Ok(Written::quiet(desk.view(tx, actor, now)?));
    }
    slug::reserve(
        tx,
        desk.at.site.id,
        &desk.entry.locale,
        &snapshot.slug,
        desk.entry.id,
    )?;
    revisions::insert(tx, &revision)?;
    if !open.edition.authors.contains(&actor.user) {
        editions::add_author(tx, &open.edition, actor.user)?;
        open.edition.authors.push(actor.user);
        open.edition.authors.sort();
    }
    open.revision = revision;
    let applied = Applied {
        by: Some(actor),
        ask: &Ask::default(),
        now,
    };
    let done = applied.apply(tx, &mut desk, &plan, before)?;
    let entry = desk.view(tx, actor, now)?;
    Ok(Written {
        value: entry,
        changes: done.changes,
        audit: done.audit,
    })
}
