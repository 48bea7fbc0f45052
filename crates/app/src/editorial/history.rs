//! Editions, revisions and transitions of an entry.

use loa_domain::actor::Actor;
use loa_domain::entry::{Action, Revision, State};
use loa_domain::ids::{EditionId, UserId};
use loa_domain::paging::{Key, Page, PageAsk, Start};
use loa_domain::time::Moment;
use loa_store::{Conn, editions, names, revisions, transitions};
use serde::Serialize;
use serde_json::Value;

use super::desk::Desk;
use super::views::{PersonRef, WithdrawalView, person};
use super::{Editorial, EntryAddress};
use crate::Error;
use crate::projection::content_of;

/// An edition of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EditionView {
    /// Number.
    pub edition: i32,
    /// State.
    pub state: State,
    /// Everyone who wrote a revision of it.
    pub authors: Vec<PersonRef>,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<PersonRef>,
    /// When it became public.
    #[schema(required)]
    pub published_at: Option<Moment>,
    /// Who published it without approval.
    #[schema(required)]
    pub forced_by: Option<PersonRef>,
    /// Who looked again then.
    #[schema(required)]
    pub confirmed_by: Option<PersonRef>,
    /// Whether nobody has.
    pub needs_second_look: bool,
    /// How it was withdrawn.
    #[schema(required)]
    pub withdrawal: Option<WithdrawalView>,
}

/// A revision in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevisionSummary {
    /// Number within the entry.
    pub revision: i32,
    /// Number of its edition.
    pub edition: i32,
    /// Title it gives.
    pub title: String,
    /// SHA-256 of its content in canonical form.
    pub sha256: String,
    /// Who wrote it.
    pub author: PersonRef,
    /// When.
    pub created_at: Moment,
    /// When its content was taken away for good; the title says so too.
    #[schema(required)]
    pub expunged_at: Option<Moment>,
}

/// A revision with its content.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RevisionView {
    /// Number within the entry.
    pub revision: i32,
    /// Number of its edition.
    pub edition: i32,
    /// SHA-256 of its content in canonical form.
    pub sha256: String,
    /// Who wrote it.
    pub author: PersonRef,
    /// When.
    pub created_at: Moment,
    /// Everything a reader could see of it.
    #[schema(value_type = Object)]
    pub snapshot: Value,
}

/// A recorded action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = RecordedTransition)]
pub struct TransitionView {
    /// 1, 2, 3, … within the entry.
    pub number: i32,
    /// What was done.
    pub action: Action,
    /// To which edition.
    pub edition: i32,
    /// From where.
    pub from: State,
    /// To where.
    pub to: State,
    /// By whom; null for the system.
    #[schema(required)]
    pub actor: Option<PersonRef>,
    /// With which words.
    #[schema(required)]
    pub comment: Option<String>,
    /// When.
    pub at: Moment,
}

impl Editorial {
    /// Every edition of an entry, newest first.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn editions(
        &self,
        actor: &Actor,
        address: &EntryAddress,
    ) -> Result<Vec<EditionView>, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            let all = editions::of_entry(conn, desk.entry.id)?;
            let people: Vec<UserId> = all
                .iter()
                .flat_map(|e| {
                    let forced = e.forced.as_ref();
                    e.authors.iter().copied().chain(
                        [
                            e.approval.as_ref().map(|a| a.by),
                            forced.map(|f| f.by),
                            forced.and_then(|f| f.confirmed_by),
                        ]
                        .into_iter()
                        .flatten(),
                    )
                })
                .collect();
            let names = names::of(conn, &people)?;
            Ok(all
                .into_iter()
                .rev()
                .map(|e| EditionView {
                    edition: e.number,
                    state: e.state,
                    needs_second_look: e.needs_second_look(),
                    authors: e.authors.iter().map(|id| person(&names, *id)).collect(),
                    approved_by: e.approval.as_ref().map(|a| person(&names, a.by)),
                    published_at: e.published_at,
                    forced_by: e.forced.as_ref().map(|f| person(&names, f.by)),
                    confirmed_by: e
                        .forced
                        .as_ref()
                        .and_then(|f| f.confirmed_by)
                        .map(|id| person(&names, id)),
                    withdrawal: e.withdrawal.map(|w| WithdrawalView {
                        kind: w.kind,
                        reason: w.reason,
                        redirect_to: w.redirect_to,
                        at: w.at,
                    }),
                })
                .collect())
        })
    }

    /// Revisions of an entry, newest first.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn revisions(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        ask: &PageAsk,
    ) -> Result<Page<RevisionSummary>, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            let found =
                revisions::of_entry(conn, desk.entry.id, before(ask), i64::from(ask.size) + 1)?;
            let numbers = edition_numbers(conn, &desk)?;
            let people: Vec<UserId> = found.iter().map(|revision| revision.author).collect();
            let names = names::of(conn, &people)?;
            let items = found
                .into_iter()
                .map(|r| RevisionSummary {
                    revision: r.number,
                    edition: number_of(&numbers, r.edition),
                    author: person(&names, r.author),
                    title: r.title,
                    sha256: r.sha256,
                    created_at: r.created_at,
                    expunged_at: r.expunged_at,
                })
                .collect();
            Ok(forward(Page::of(
                ask,
                items,
                None,
                |item: &RevisionSummary| key(item.revision),
            )))
        })
    }

    /// A revision with its content.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read; `Expunged`.
    pub fn revision(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        number: i32,
    ) -> Result<RevisionView, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            let revision = find(conn, &desk, number)?;
            let numbers = edition_numbers(conn, &desk)?;
            let names = names::of(conn, &[revision.author])?;
            // Read through the types, so that an old form shows as it would be restored.
            let snapshot = content_of(&revision)?.to_canonical()?;
            Ok(RevisionView {
                revision: revision.number,
                edition: number_of(&numbers, revision.edition),
                sha256: revision.sha256,
                author: person(&names, revision.author),
                created_at: revision.created_at,
                snapshot: serde_json::from_str(&snapshot)?,
            })
        })
    }

    /// What was done to an entry, newest first.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn transitions(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        ask: &PageAsk,
    ) -> Result<Page<TransitionView>, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            let found =
                transitions::of_entry(conn, desk.entry.id, before(ask), i64::from(ask.size) + 1)?;
            let numbers = edition_numbers(conn, &desk)?;
            let people: Vec<UserId> = found
                .iter()
                .filter_map(|transition| transition.actor)
                .collect();
            let names = names::of(conn, &people)?;
            let items = found
                .into_iter()
                .map(|t| TransitionView {
                    number: t.number,
                    action: t.action,
                    edition: number_of(&numbers, t.edition),
                    from: t.from,
                    to: t.to,
                    actor: t.actor.map(|id| person(&names, id)),
                    comment: t.comment,
                    at: t.at,
                })
                .collect();
            Ok(forward(Page::of(
                ask,
                items,
                None,
                |item: &TransitionView| key(item.number),
            )))
        })
    }
}

/// A revision of the entry on the desk.
pub(super) fn find(conn: &mut Conn, desk: &Desk, number: i32) -> Result<Revision, Error> {
    revisions::by_number(conn, desk.entry.id, number)?.ok_or(Error::NotFound)
}

/// A history is read from its end, and there is no way back in it.
fn forward<T>(page: Page<T>) -> Page<T> {
    Page { prev: None, ..page }
}

fn before(ask: &PageAsk) -> Option<i32> {
    match &ask.start {
        Start::First => None,
        Start::After(key) | Start::Before(key) => key.key.parse().ok(),
    }
}

fn key(number: i32) -> Key {
    Key {
        key: number.to_string(),
        id: number.to_string(),
    }
}

fn edition_numbers(conn: &mut Conn, desk: &Desk) -> Result<Vec<(EditionId, i32)>, Error> {
    Ok(editions::of_entry(conn, desk.entry.id)?
        .into_iter()
        .map(|e| (e.id, e.number))
        .collect())
}

fn number_of(numbers: &[(EditionId, i32)], id: EditionId) -> i32 {
    numbers
        .iter()
        .find(|(own, _)| *own == id)
        .map_or(0, |(_, number)| *number)
}
