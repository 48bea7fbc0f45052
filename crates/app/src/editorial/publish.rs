//! Into the public eye and out of it.

use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::entry::{State, UpdateType, Withdrawal};
use loa_domain::ids::EntryId;
use loa_domain::published::{PublicWithdrawal, PublishedEntry};
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, editions, published, sections, slugs};

use super::apply::Done;
use super::desk::Desk;
use crate::Error;
use crate::projection::{Ingredients, content_of, path_of, render, section_of};

/// Makes the open edition the live one and renders it.
pub(super) fn publish(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    now: Moment,
    done: &mut Done,
) -> Result<(), Error> {
    let Some(mut open) = desk.open.take() else {
        return Err(Error::Internal("nothing to publish".to_owned()));
    };
    if let Some(mut old) = desk.live.take() {
        // Written first: an entry has at most one published edition at any moment.
        old.edition.state = State::Superseded;
        editions::update(tx, &old.edition, now)?;
    }
    let snapshot = content_of(&open.revision)?;
    open.edition.published_at = Some(now);
    open.edition.publish_at = None;
    let first = desk.entry.first_published_at.is_none();
    desk.entry.first_published_at.get_or_insert(now);
    if first || snapshot.update_type == UpdateType::Major {
        desk.entry.public_updated_at = Some(now);
    }
    desk.entry.open = None;
    desk.entry.live = Some(open.edition.id);
    desk.live = Some(open);
    let path = stamp_path(tx, desk, &snapshot)?;
    let before = published::path(tx, desk.at.site.id, desk.entry.id)?;
    let rendered = rendered(tx, desk, &path)?;
    published::replace(tx, &rendered)?;
    if published::owner_of_path(tx, desk.at.site.id, &path)?.is_none() {
        published::add_path(tx, &rendered)?;
    }
    published::set_withdrawal(tx, desk.at.site.id, desk.entry.id, None)?;
    let kind = match before {
        None => ChangeKind::Published,
        Some(old) if old != path => ChangeKind::Moved,
        Some(_) => ChangeKind::Updated,
    };
    done.changes.push(change(desk, desk.entry.id, kind));
    refresh_translations(tx, desk, &mut done.changes)
}

/// Takes the live edition out of the public eye.
pub(super) fn unpublish(
    tx: &mut Tx<'_>,
    desk: &Desk,
    withdrawal: &Withdrawal,
    done: &mut Done,
) -> Result<(), Error> {
    let told = PublicWithdrawal {
        kind: withdrawal.kind,
        reason: withdrawal.reason.clone(),
        redirect_to: withdrawal.redirect_to.clone(),
        at: withdrawal.at,
    };
    published::remove(tx, desk.at.site.id, desk.entry.id)?;
    published::set_withdrawal(tx, desk.at.site.id, desk.entry.id, Some(&told))?;
    done.changes
        .push(change(desk, desk.entry.id, ChangeKind::Withdrawn));
    refresh_translations(tx, desk, &mut done.changes)
}

/// The path of the slug: what it was when it was first public, or a new one that is kept from now on.
fn stamp_path(tx: &mut Tx<'_>, desk: &Desk, snapshot: &Snapshot) -> Result<String, Error> {
    let (site, locale) = (desk.at.site.id, &desk.entry.locale);
    if let Some(path) = published::path_of_slug(tx, site, locale, &snapshot.slug)? {
        return Ok(path);
    }
    let section = section_of(&desk.at.sections, snapshot.section)?;
    slugs::publish(tx, site, locale, &snapshot.slug)?;
    if !section.slug_fixed {
        sections::fix_slug(tx, section.id)?;
    }
    Ok(path_of(&desk.at.settings, locale, section, &snapshot.slug))
}

/// The live edition as readers get it.
pub(super) fn rendered(conn: &mut Conn, desk: &Desk, path: &str) -> Result<PublishedEntry, Error> {
    let Some(live) = &desk.live else {
        return Err(Error::Internal("nothing to render".to_owned()));
    };
    let translations =
        published::translations(conn, desk.at.site.id, desk.entry.translation_group)?;
    render(&Ingredients {
        site: &desk.at.site,
        settings: &desk.at.settings,
        sections: &desk.at.sections,
        entry: &desk.entry,
        edition: &live.edition,
        revision: &live.revision,
        path,
        translations: &translations,
    })
}

/// Renders a published entry again, and notes what is another now.
pub(super) fn render_again(
    tx: &mut Tx<'_>,
    id: EntryId,
    changes: &mut Vec<NewChange>,
) -> Result<(), Error> {
    let Some(desk) = Desk::system_writable(tx, id)? else {
        return Ok(());
    };
    let Some(live) = &desk.live else {
        return Ok(());
    };
    if live.edition.state != State::Published {
        return Ok(());
    }
    let site = desk.at.site.id;
    let slug = content_of(&live.revision)?.slug;
    let path = published::path_of_slug(tx, site, &desk.entry.locale, &slug)?
        .ok_or_else(|| Error::Internal(format!("entry {id} is published without a path")))?;
    let rendered = rendered(tx, &desk, &path)?;
    // Not the texts alone: a section that moved changes what lists filter by and no text, and
    // lists that are kept ready have to hear of that too.
    if published::is_stored(tx, &rendered)? {
        return Ok(());
    }
    let group = desk.entry.translation_group;
    let before = published::translations(tx, site, group)?;
    published::replace(tx, &rendered)?;
    changes.push(change(&desk, id, ChangeKind::Refreshed));
    if published::translations(tx, site, group)? != before {
        // It was missing or misplaced, and so was what its translations say of it.
        refresh_translations(tx, &desk, changes)?;
    }
    Ok(())
}

/// Translations name each other, so they are rendered in the same transaction.
pub(super) fn refresh_translations(
    tx: &mut Tx<'_>,
    desk: &Desk,
    changes: &mut Vec<NewChange>,
) -> Result<(), Error> {
    let others = published::translations(tx, desk.at.site.id, desk.entry.translation_group)?;
    for other in others.iter().filter(|other| other.id != desk.entry.id) {
        render_again(tx, other.id, changes)?;
    }
    Ok(())
}

pub(super) fn change(desk: &Desk, entry: EntryId, kind: ChangeKind) -> NewChange {
    NewChange {
        site: Some(desk.at.site.id),
        subject: SubjectKind::Entry,
        subject_id: entry.to_string(),
        kind,
    }
}
