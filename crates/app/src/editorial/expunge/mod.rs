//! Taking a text away for good: one person asks, another confirms what is listed then.
//!
//! For the command line; no route leads here. Not for proving who they are: that is `identity`.

mod cancel;
mod confirm;
mod request;
mod search;
mod show;
mod take_away;

use std::collections::BTreeSet;

use loa_domain::actor::Actor;
use loa_domain::expunction::{Expunction, Item, ItemKind};
use loa_domain::ids::{SectionId, SiteId};
use loa_domain::right::Right;
use loa_store::{Conn, entries, expunctions};

pub use confirm::Confirmed;
pub use request::{ExpungeRequest, ExpungeWhat};
pub use show::{ExpunctionView, ItemView, RevisionNote};

use crate::{Error, Secrets};

/// What the state of things says when an entry is not as it was when somebody asked.
const ENTRY_CHANGED: &str = "entry_changed";

/// Refuses whoever may not expunge in all of these sections; whoever may not know the site learns
/// nothing.
fn may_expunge(actor: &Actor, site: SiteId, sections: &[SectionId]) -> Result<(), Error> {
    if actor.rights_in(site, sections).has(Right::Expunge) {
        return Ok(());
    }
    let known = actor.rights_at(site);
    if known.has(Right::ReadEntries) || known.has(Right::ReadSite) {
        Err(Error::Forbidden)
    } else {
        Err(Error::NotFound)
    }
}

/// What an address is found again by, without being kept.
fn address_key(secrets: &Secrets, slug: &str) -> String {
    secrets.content_tag("expunged address", slug.as_bytes())
}

/// Whether an address is found by one of these, which may be of a time before the secret changed.
fn is_found_by(secrets: &Secrets, slug: &str, keys: &BTreeSet<&str>) -> bool {
    let others = secrets.other_content_tags("expunged address", slug.as_bytes());
    std::iter::once(address_key(secrets, slug))
        .chain(others)
        .any(|key| keys.contains(key.as_str()))
}

/// Refuses unless every entry is as it was when the list was made.
fn unchanged(conn: &mut Conn, expunction: &Expunction, list: &[Item]) -> Result<(), Error> {
    let changed = || Error::StateConflict(ENTRY_CHANGED);
    let seen = || list.iter().filter(|item| item.kind == ItemKind::Entry);
    for item in seen() {
        let entry = entries::system_get(conn, item.entry)?.ok_or_else(changed)?;
        if entry.version != item.number {
            return Err(changed());
        }
    }
    if expunction.by_text {
        let entry = entries::system_get(conn, expunction.entry)?.ok_or_else(changed)?;
        let group = entries::in_group(conn, entry.site, entry.translation_group)?;
        if !group
            .iter()
            .all(|(_, id)| seen().any(|item| item.entry == *id))
        {
            return Err(changed());
        }
    }
    Ok(())
}

/// A request with its list, for whoever may expunge there.
fn found(
    conn: &mut Conn,
    actor: &Actor,
    id: loa_domain::ids::ExpunctionId,
) -> Result<(Expunction, Vec<Item>), Error> {
    let expunction = expunctions::system_get(conn, id)?.ok_or(Error::NotFound)?;
    let list = expunctions::items(conn, id)?;
    let sections = search::sections_of(conn, &list)?;
    may_expunge(actor, expunction.site, &sections)?;
    Ok((expunction, list))
}
