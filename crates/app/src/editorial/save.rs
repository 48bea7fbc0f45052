//! Saving: replacing the content of the open edition.

use loa_domain::actor::Actor;
use loa_domain::entry::Action;
use loa_domain::ids::SectionId;
use loa_domain::section::Section;
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, editions, revisions};
use loa_workflow::{Ask, By, Plan, plan};

use super::apply::Applied;
use super::content::{Cleaned, ContentRequest, may_write_in, takes_new};
use super::create::new_revision;
use super::desk::Desk;
use super::views::{EditorialEntry, Saved};
use super::{Editorial, EntryAddress, slug};
use crate::ids::fresh;
use crate::projection::content_of;
use crate::{Error, IfMatch};

impl Editorial {
    /// Replaces the content of the open edition by the request's as it was cleaned. Content of the same hash changes nothing: no new
    /// revision, author or version.
    ///
    /// # Errors
    /// `Refused` where the workflow allows no saving, `PreconditionFailed` for a stale tag,
    /// `Invalid` for refused fields.
    pub fn save(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        (request, cleaned): (&ContentRequest, &Cleaned),
        if_match: &IfMatch,
    ) -> Result<Saved, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let desk = Desk::writable(tx, actor, address)?;
            self.context
                .checked(&desk, if_match, |_| may_save(&desk, actor, &[], now))?;
            let section = desk.at.section(&request.section)?.clone();
            may_move(&desk, actor, &section, now)?;
            let content = cleaned
                .0
                .as_ref()
                .map_err(|errors| Error::Invalid(errors.clone()))?;
            let slug = match &request.slug {
                Some(slug) => {
                    slug::given(tx, desk.at.site.id, &desk.entry.locale, slug, desk.entry.id)?
                }
                None => open_slug(&desk)?,
            };
            let snapshot = content.placed(tx, section.id, slug)?;
            let written = replace(tx, desk, actor, &snapshot, now)?;
            Ok(Written {
                value: Saved {
                    entry: written.value,
                    warnings: content.warnings.clone(),
                },
                changes: written.changes,
                audit: written.audit,
            })
        })
    }
}

/// The slug of the open edition.
pub(super) fn open_slug(desk: &Desk) -> Result<String, Error> {
    match &desk.open {
        Some(open) => Ok(content_of(&open.revision)?.slug),
        None => Err(Error::Internal("no open edition to save".to_owned())),
    }
}

/// Whether the workflow lets the actor save, in the sections of now and in these.
pub(super) fn may_save(
    desk: &Desk,
    actor: &Actor,
    also: &[SectionId],
    now: Moment,
) -> Result<Plan, Error> {
    let there = actor.rights_in(desk.at.site.id, also);
    let by = By::Person {
        user: actor.user,
        rights: desk.rights(actor).intersection(there),
    };
    Ok(plan(
        &desk.facts(now)?,
        Action::Save,
        by,
        &Ask::default(),
        now,
    )?)
}

/// Refuses content that moves to where the actor may not write, or where nothing new is taken.
pub(super) fn may_move(desk: &Desk, actor: &Actor, to: &Section, now: Moment) -> Result<(), Error> {
    let stays = desk
        .open
        .as_ref()
        .is_some_and(|open| open.revision.section == to.id);
    if !stays {
        may_write_in(&desk.at, actor, to)?;
        takes_new(to, now)?;
    }
    Ok(())
}

/// Puts a snapshot in place of the open edition's newest, if it differs.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    mut desk: Desk,
    actor: &Actor,
    snapshot: &Snapshot,
    now: Moment,
) -> Result<Written<EditorialEntry>, Error> {
    let plan = may_save(&desk, actor, &[snapshot.section], now)?;
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
    let done = applied.apply(tx, &mut desk, &plan)?;
    let entry = desk.view(tx, actor, now)?;
    Ok(Written {
        value: entry,
        changes: done.changes,
        audit: done.audit,
    })
}
