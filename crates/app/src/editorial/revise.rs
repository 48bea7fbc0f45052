//! Opening a new edition with the content of the live one, or what is left of it.

use loa_domain::actor::Actor;
use loa_domain::entry::{Edition, State};
use loa_domain::ids::{EditionId, UserId};
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, editions, revisions, slugs};

use super::create::new_revision;
use super::desk::{Desk, Sheet, earlier_authors};
use super::slug;
use crate::Error;
use crate::ids::fresh;
use crate::projection::content_of;

/// Opens the edition. Whoever opens it is its first author, so that they may write in it; whose words
/// it begins with is noted, so that they do not approve them.
pub(super) fn open_edition(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    actor: &Actor,
    now: Moment,
) -> Result<(), Error> {
    let Some(live) = &desk.live else {
        return Err(Error::Internal("nothing to revise".to_owned()));
    };
    let editions = editions::of_entry(tx, desk.entry.id)?;
    let newest = editions.last().map_or(0, |edition| edition.number);
    let (mut snapshot, earlier) = match live.revision.expunged_at {
        None => (content_of(&live.revision)?, whose_words(live)),
        // The newest that is left may be of any edition.
        Some(_) => (what_is_left(tx, desk)?, all_authors(&editions)),
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
        earlier_authors: Some(earlier),
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

/// Who wrote the live text. Once somebody else has looked at all of it, by approving it or confirming
/// it afterwards, its own authors are enough; until then those count too whose words it has from before.
fn whose_words(live: &Sheet) -> Vec<UserId> {
    let mut who = live.edition.authors.clone();
    let looked_at = match &live.edition.forced {
        Some(forced) => forced.confirmed_by.is_some(),
        None => live.edition.approval.is_some(),
    };
    if !looked_at {
        who.extend(earlier_authors(live, None));
    }
    sorted(who)
}

/// Notes whose words come into the open edition with a revision of another one.
pub(super) fn take_over(conn: &mut Conn, desk: &mut Desk, from: EditionId) -> Result<(), Error> {
    let live = desk.live.as_ref();
    let Some(open) = desk.open.as_mut().filter(|open| open.edition.id != from) else {
        return Ok(());
    };
    let mut who = earlier_authors(open, live);
    for edition in editions::get_many(conn, &[from])? {
        who.extend(edition.authors);
        who.extend(edition.earlier_authors.unwrap_or_default());
    }
    open.edition.earlier_authors = Some(sorted(who));
    Ok(())
}

fn all_authors(editions: &[Edition]) -> Vec<UserId> {
    sorted(
        editions
            .iter()
            .flat_map(|own| own.authors.clone())
            .collect(),
    )
}

fn sorted(mut who: Vec<UserId>) -> Vec<UserId> {
    who.sort();
    who.dedup();
    who
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
