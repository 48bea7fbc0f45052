//! What the second person is shown: the list, without a word of the texts.

use std::collections::HashMap;

use loa_domain::expunction::{Expunction, Item, ItemKind};
use loa_domain::ids::{ExpunctionId, RevisionId, UserId};
use loa_domain::time::Moment;
use loa_store::revisions::RevisionLine;
use loa_store::{Conn, expunctions, names, revisions, sites};

use crate::Error;
use crate::editorial::Editorial;

/// How many requests are listed.
const LISTED: i64 = 200;

/// A request as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpunctionView {
    /// The request.
    pub expunction: Expunction,
    /// Slug of its site.
    pub site: String,
    /// Name of the person who asked.
    pub asked_by: String,
    /// Name of the person who confirmed or cancelled.
    pub decided_by: Option<String>,
    /// What it concerns; empty in lists.
    pub items: Vec<ItemView>,
}

/// A thing it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// The thing.
    pub item: Item,
    /// More of a revision.
    pub revision: Option<RevisionNote>,
}

/// What stays of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionNote {
    /// Name of its author.
    pub author: String,
    /// When it was saved.
    pub created_at: Moment,
    /// SHA-256 of its content.
    pub sha256: String,
}

impl Editorial {
    /// The newest requests, newest first, without what they concern. For the machine's operator.
    ///
    /// # Errors
    /// Of the database.
    pub fn system_expunctions(&self) -> Result<Vec<ExpunctionView>, Error> {
        self.context.store.read(|conn| {
            let all = expunctions::system_list(conn, LISTED)?;
            all.into_iter()
                .map(|own| view(conn, own, Vec::new()))
                .collect()
        })
    }

    /// A request with what it concerns. For the machine's operator.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn system_expunction(&self, id: ExpunctionId) -> Result<ExpunctionView, Error> {
        self.context.store.read(|conn| {
            let own = expunctions::system_get(conn, id)?.ok_or(Error::NotFound)?;
            let items = expunctions::items(conn, id)?;
            view(conn, own, items)
        })
    }
}

/// Adds names to a request.
pub(super) fn view(
    conn: &mut Conn,
    expunction: Expunction,
    items: Vec<Item>,
) -> Result<ExpunctionView, Error> {
    let ids: Vec<RevisionId> = items
        .iter()
        .filter(|item| item.kind == ItemKind::Revision)
        .filter_map(|item| item.key.parse().ok())
        .collect();
    let lines = revisions::lines_of(conn, &ids)?;
    let mut people: Vec<UserId> = lines.values().map(|line| line.author).collect();
    people.push(expunction.asked_by);
    people.extend(expunction.decided_by);
    let names = names::of(conn, &people)?;
    let name = |id: &UserId| names.get(id).cloned().unwrap_or_default();
    let site = sites::get(conn, expunction.site)?.ok_or(Error::NotFound)?;
    Ok(ExpunctionView {
        site: site.slug,
        asked_by: name(&expunction.asked_by),
        decided_by: expunction.decided_by.as_ref().map(name),
        expunction,
        items: items
            .into_iter()
            .map(|item| ItemView {
                revision: note(&item, &lines, &names),
                item,
            })
            .collect(),
    })
}

fn note(
    item: &Item,
    lines: &HashMap<String, RevisionLine>,
    names: &HashMap<UserId, String>,
) -> Option<RevisionNote> {
    let line = lines.get(&item.key)?;
    Some(RevisionNote {
        author: names.get(&line.author).cloned().unwrap_or_default(),
        created_at: line.created_at,
        sha256: line.sha256.clone(),
    })
}
