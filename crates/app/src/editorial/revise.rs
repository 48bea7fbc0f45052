//! Opening a new edition with the content of the live one, or what is left of it.

use loa_domain::actor::Actor;
use loa_domain::entry::{Edition, State};
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Tx, editions, revisions, slugs};

use super::create::new_revision;
use super::desk::{Desk, Sheet};
use super::slug;
use crate::Error;
use crate::ids::fresh;
use crate::projection::content_of;

/// Opens the edition. Whoever opens it is its first author, so that they may write in it.
pub(super) fn open_edition(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    actor: &Actor,
    now: Moment,
) -> Result<(), Error> {
    let Some(live) = &desk.live else {
        return Err(Error::Internal("nothing to revise".to_owned()));
    };
    let newest = editions::of_entry(tx, desk.entry.id)?
        .last()
        .map_or(0, |edition| edition.number);
    let mut snapshot = match live.revision.expunged_at {
        None => content_of(&live.revision)?,
        Some(_) => what_is_left(tx, desk)?,
    };
    // What the last edition told readers of its own change says nothing of this one.
    snapshot.change_note = None;
    let edition = Edition {
        id: fresh(now),
        site: desk.entry.site,
        entry: desk.entry.id,
        number: newest + 1,
        state: State::Draft,
        revision: fresh(now),
        authors: vec![actor.user],
        assignee: None,
        approval: None,
        publish_at: None,
        published_at: None,
        forced: None,
        withdrawal: None,
    };
    let number = revisions::last_number(tx, desk.entry.id)? + 1;
    let revision = new_revision(&edition, number, &snapshot, actor, now)?;
    editions::insert(tx, &edition, now)?;
    revisions::insert(tx, &revision)?;
    desk.entry.open = Some(edition.id);
    desk.open = Some(Sheet { edition, revision });
    Ok(())
}

/// The newest content of an entry whose live content was expunged. Its slug may have been given up
/// meanwhile.
fn what_is_left(tx: &mut Tx<'_>, desk: &Desk) -> Result<Snapshot, Error> {
    let left = revisions::newest_whole(tx, desk.entry.id)?.ok_or(Error::Expunged)?;
    let mut snapshot = content_of(&left)?;
    let (site, locale) = (desk.at.site.id, &desk.entry.locale);
    let owner = slugs::owner(tx, site, locale, &snapshot.slug)?;
    if owner.is_some_and(|owner| owner != desk.entry.id) {
        snapshot.slug = slug::derived(tx, site, locale, &snapshot.title, desk.entry.kind)?;
    }
    slug::reserve(tx, site, locale, &snapshot.slug, desk.entry.id)?;
    Ok(snapshot)
}
