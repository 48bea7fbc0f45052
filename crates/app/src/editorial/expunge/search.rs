//! Finding all that is to go, and listing it without its texts.

use std::collections::{BTreeMap, BTreeSet};

use loa_domain::actor::Actor;
use loa_domain::audit::{AuditRecord, Chain};
use loa_domain::entry::{Edition, Entry};
use loa_domain::expunction::{Item, ItemKind};
use loa_domain::ids::{EntryId, RevisionId, SectionId, SiteId};
use loa_domain::needle::Needle;
use loa_store::{
    Conn, audit, editions, entries, published, revisions, settings, slugs, transitions,
};
use serde_json::Value;

use super::{ExpungeRequest, ExpungeWhat, address_key, may_expunge};
use crate::{Error, Secrets};

/// Revisions read at a time: each may be long.
const PAGE: i64 = 20;
/// Steps of the workflow read at a time.
const STEPS: i64 = 500;

/// What to look for.
pub(super) struct Search<'a> {
    pub(super) secrets: &'a Secrets,
    pub(super) needle: Option<&'a Needle>,
}

/// What was found.
pub(super) struct Found {
    pub(super) site: SiteId,
    pub(super) items: Vec<Item>,
    /// Sections of all revisions found.
    pub(super) sections: Vec<SectionId>,
}

/// What has been found so far; each thing once.
#[derive(Default)]
struct List {
    items: BTreeMap<(ItemKind, String), Item>,
    sections: BTreeSet<SectionId>,
}

impl List {
    fn add(&mut self, kind: ItemKind, key: String, entry: EntryId, number: i64) {
        self.add_at(kind, key, (entry, number), Vec::new());
    }

    fn add_at(
        &mut self,
        kind: ItemKind,
        key: String,
        (entry, number): (EntryId, i64),
        places: Vec<String>,
    ) {
        self.items.entry((kind, key.clone())).or_insert(Item {
            kind,
            key,
            entry,
            number,
            places,
        });
    }
}

impl Search<'_> {
    /// Looks through the entry, and for a text through its translations too.
    pub(super) fn run(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        request: &ExpungeRequest,
    ) -> Result<Found, Error> {
        let entry = entries::system_get(conn, request.entry)?.ok_or(Error::NotFound)?;
        // Whoever may not expunge here in any section is told so before anything is looked for.
        if !actor.may(loa_domain::right::Right::Expunge, entry.site) {
            may_expunge(actor, entry.site, &[])?;
        }
        let mut list = List::default();
        match (&request.what, self.needle) {
            (ExpungeWhat::Revision(number), _) => same_as(conn, &entry, *number, &mut list)?,
            (ExpungeWhat::Containing(_), Some(needle)) => {
                for (_, id) in entries::in_group(conn, entry.site, entry.translation_group)? {
                    self.look_through(conn, id, needle, &mut list)?;
                }
            }
            (ExpungeWhat::Containing(_), None) => {}
        }
        let concerned: BTreeSet<EntryId> = list.items.values().map(|item| item.entry).collect();
        for id in concerned.into_iter().chain([entry.id]) {
            let version = entries::system_get(conn, id)?
                .ok_or(Error::NotFound)?
                .version;
            list.add(ItemKind::Entry, id.to_string(), id, version);
        }
        Ok(Found {
            site: entry.site,
            items: list.items.into_values().collect(),
            sections: list.sections.into_iter().collect(),
        })
    }

    fn look_through(
        &self,
        conn: &mut Conn,
        id: EntryId,
        needle: &Needle,
        list: &mut List,
    ) -> Result<(), Error> {
        let entry = entries::system_get(conn, id)?.ok_or(Error::NotFound)?;
        list.add(ItemKind::Entry, id.to_string(), id, entry.version);
        contents(conn, id, needle, list)?;
        comments(conn, id, needle, list)?;
        for edition in editions::of_entry(conn, id)? {
            let told = edition.withdrawal.as_ref();
            let key = edition.id.to_string();
            let number = i64::from(edition.number);
            if told
                .and_then(|told| told.reason.as_deref())
                .is_some_and(|words| needle.is_in(words))
            {
                list.add(ItemKind::Withdrawal, key.clone(), id, number);
            }
            if told
                .and_then(|told| told.redirect_to.as_deref())
                .is_some_and(|to| needle.is_in_slug(to))
            {
                list.add(ItemKind::Redirect, key, id, number);
            }
        }
        records(conn, entry.site, id, list, |words| {
            needle.is_in(words) || needle.is_in_slug(words)
        })?;
        self.addresses(conn, &entry, needle, list)
    }

    /// Addresses that spell the text, and whoever leads there.
    fn addresses(
        &self,
        conn: &mut Conn,
        entry: &Entry,
        needle: &Needle,
        list: &mut List,
    ) -> Result<(), Error> {
        let paths = published::paths_of(conn, entry.site, entry.id)?;
        let reserved = slugs::of_entry(conn, entry.id)?;
        let all = paths.iter().map(|(slug, _)| slug).chain(&reserved);
        for slug in all.filter(|slug| needle.is_in_slug(slug)) {
            let key = address_key(self.secrets, slug);
            list.add(ItemKind::Address, key, entry.id, 0);
        }
        let doomed: Vec<&String> = paths
            .iter()
            .filter(|(slug, _)| needle.is_in_slug(slug))
            .map(|(_, path)| path)
            .collect();
        if doomed.is_empty() {
            return Ok(());
        }
        let hosts = settings::get(conn, entry.site)?.hosts;
        let mut addresses: Vec<String> = doomed.iter().map(ToString::to_string).collect();
        for host in hosts {
            addresses.extend(doomed.iter().map(|path| format!("https://{host}{path}")));
        }
        for edition in editions::system_leading_to(conn, &addresses)? {
            let inside = edition.site == entry.site;
            let there = redirect_of(&edition);
            if inside || there.is_some_and(|there| there.starts_with("https://")) {
                let (key, number) = (edition.id.to_string(), i64::from(edition.number));
                list.add(ItemKind::Redirect, key, edition.entry, number);
                records(conn, edition.site, edition.entry, list, |words| {
                    addresses.iter().any(|address| address == words)
                })?;
            }
        }
        Ok(())
    }
}

fn redirect_of(edition: &Edition) -> Option<&str> {
    edition.withdrawal.as_ref()?.redirect_to.as_deref()
}

/// A revision and all of its entry that say the same.
fn same_as(conn: &mut Conn, entry: &Entry, number: i32, list: &mut List) -> Result<(), Error> {
    let named = revisions::by_number(conn, entry.id, number)?.ok_or(Error::NotFound)?;
    each_revision(conn, entry.id, |revision| {
        if revision.sha256 == named.sha256 {
            list.sections.insert(revision.section);
            let key = revision.id.to_string();
            list.add(
                ItemKind::Revision,
                key,
                entry.id,
                i64::from(revision.number),
            );
        }
        Ok(())
    })
}

fn contents(
    conn: &mut Conn,
    entry: EntryId,
    needle: &Needle,
    list: &mut List,
) -> Result<(), Error> {
    each_revision(conn, entry, |revision| {
        let snapshot: Value = serde_json::from_str(&revision.snapshot)?;
        let places = needle.places(&snapshot);
        if !places.is_empty() {
            list.sections.insert(revision.section);
            let (key, number) = (revision.id.to_string(), i64::from(revision.number));
            list.add_at(ItemKind::Revision, key, (entry, number), places);
        }
        Ok(())
    })
}

/// Every revision of an entry that still has content.
fn each_revision(
    conn: &mut Conn,
    entry: EntryId,
    mut look: impl FnMut(&loa_domain::entry::Revision) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let some = revisions::whole_after(conn, entry, after, PAGE)?;
        some.iter().try_for_each(&mut look)?;
        match some.last() {
            Some(last) => after = last.number,
            None => return Ok(()),
        }
    }
}

fn comments(
    conn: &mut Conn,
    entry: EntryId,
    needle: &Needle,
    list: &mut List,
) -> Result<(), Error> {
    let mut before = None;
    loop {
        let some = transitions::of_entry(conn, entry, before, STEPS)?;
        for step in &some {
            if step
                .comment
                .as_deref()
                .is_some_and(|words| needle.is_in(words))
            {
                let (key, number) = (step.id.to_string(), i64::from(step.number));
                list.add(ItemKind::Comment, key, entry, number);
            }
        }
        match some.last() {
            Some(oldest) => before = Some(oldest.number),
            None => return Ok(()),
        }
    }
}

/// Records of the audit trail whose words hold it.
fn records(
    conn: &mut Conn,
    site: SiteId,
    entry: EntryId,
    list: &mut List,
    holds: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    for record in audit::about(conn, Chain::Site(site), "entry", &entry.to_string())? {
        if words_of(&record).any(&holds) {
            let key = format!("{} {}", record.chain, record.number);
            list.add(ItemKind::Record, key, entry, record.number);
        }
    }
    Ok(())
}

fn words_of(record: &AuditRecord) -> impl Iterator<Item = &str> {
    audit::WORDS
        .iter()
        .filter_map(|name| record.detail.get(name)?.as_str())
}

/// Sections of the revisions in a list.
pub(super) fn sections_of(conn: &mut Conn, list: &[Item]) -> Result<Vec<SectionId>, Error> {
    let ids: Vec<RevisionId> = list
        .iter()
        .filter(|item| item.kind == ItemKind::Revision)
        .filter_map(|item| item.key.parse().ok())
        .collect();
    Ok(revisions::sections_of(conn, &ids)?)
}
