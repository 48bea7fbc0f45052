//! Opening a new edition with the content of the live one.

use loa_domain::actor::Actor;
use loa_domain::entry::{Edition, State};
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Tx, editions, revisions};

use super::create::new_revision;
use super::desk::{Desk, Sheet};
use crate::Error;
use crate::ids::fresh;

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
    let mut snapshot = Snapshot::from_canonical(&live.revision.snapshot)?;
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
