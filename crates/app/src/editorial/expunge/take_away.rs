//! Taking listed things away from one entry.

use std::collections::BTreeSet;

use loa_domain::change::ChangeKind;
use loa_domain::entry::{Action, EXPUNGED_TITLE, State, Target, WithdrawKind, Withdrawal};
use loa_domain::expunction::{Item, ItemKind};
use loa_domain::ids::{EditionId, RevisionId, TransitionId};
use loa_domain::published::PublicWithdrawal;
use loa_store::{Tx, editions, idempotency, previews, published, revisions, slugs, transitions};
use loa_workflow::Plan;

use super::{ENTRY_CHANGED, is_found_by};
use crate::editorial::apply::{Applied, Done, archive_open};
use crate::editorial::desk::Desk;
use crate::editorial::publish::change;
use crate::{Error, Secrets};

/// What readers are told; why is nobody's business but the board's.
const PUBLIC_REASON: &str = "Nội dung đã được gỡ bỏ vĩnh viễn. / The content was removed for good.";

/// What is to be taken from one entry, by whom.
pub(super) struct Taking<'a> {
    pub(super) applied: &'a Applied<'a>,
    pub(super) secrets: &'a Secrets,
    pub(super) items: Vec<&'a Item>,
}

impl Taking<'_> {
    /// Does it, but for rendering translations again.
    pub(super) fn run(
        &self,
        tx: &mut Tx<'_>,
        desk: &mut Desk,
        done: &mut Done,
    ) -> Result<(), Error> {
        let gone: Vec<RevisionId> = self.ids(ItemKind::Revision)?;
        let comments: Vec<TransitionId> = self.ids(ItemKind::Comment)?;
        revisions::expunge(tx, &gone, self.applied.now)?;
        previews::revoke_of(tx, &gone, self.applied.now)?;
        transitions::expunge_comments(tx, &comments)?;
        for sheet in [&mut desk.open, &mut desk.live].into_iter().flatten() {
            if gone.contains(&sheet.revision.id) {
                sheet.revision.expunged_at = Some(self.applied.now);
                EXPUNGED_TITLE.clone_into(&mut sheet.revision.title);
                sheet.revision.snapshot.clear();
            }
        }
        self.archive(tx, desk)?;
        let withdrawn = self.withdraw(tx, desk)?;
        self.applied.write(tx, desk)?;
        self.unsay(tx, desk)?;
        let moved = self.forget_addresses(tx, desk)?;
        idempotency::expunge(tx, desk.entry.id)?;
        if let Some(kind) = self.told(desk, withdrawn, moved) {
            done.changes.push(change(desk, desk.entry.id, kind));
        }
        Ok(())
    }

    /// An open edition whose newest content is gone is put away.
    fn archive(&self, tx: &mut Tx<'_>, desk: &mut Desk) -> Result<(), Error> {
        let Some(open) = desk
            .open
            .as_mut()
            .filter(|open| open.revision.expunged_at.is_some())
        else {
            return Ok(());
        };
        let plan = Plan {
            action: Action::Archive,
            target: Target::Open,
            from: open.edition.state,
            to: State::Archived,
            effects: &[],
        };
        open.edition.state = State::Archived;
        open.edition.publish_at = None;
        let subject = open.clone();
        self.applied.record(tx, desk, &plan, &subject)?;
        archive_open(tx, desk, self.applied.now)
    }

    /// A live edition whose content is gone is no longer public; gives whether it was.
    fn withdraw(&self, tx: &mut Tx<'_>, desk: &mut Desk) -> Result<bool, Error> {
        let live = desk.live.as_mut().filter(|live| {
            live.revision.expunged_at.is_some() && live.edition.state == State::Published
        });
        let Some(live) = live else {
            return Ok(false);
        };
        let plan = Plan {
            action: Action::Withdraw,
            target: Target::Live,
            from: State::Published,
            to: State::Withdrawn,
            effects: &[],
        };
        let withdrawal = Withdrawal {
            kind: WithdrawKind::Gone,
            reason: Some(PUBLIC_REASON.to_owned()),
            redirect_to: None,
            at: self.applied.now,
        };
        live.edition.state = State::Withdrawn;
        live.edition.withdrawal = Some(withdrawal.clone());
        let subject = live.clone();
        published::remove(tx, desk.at.site.id, desk.entry.id)?;
        previews::revoke_all_of(tx, desk.entry.id, self.applied.now)?;
        tell_readers(tx, desk, &withdrawal)?;
        self.applied.hold_schedule(tx, desk)?;
        self.applied.record(tx, desk, &plan, &subject)?;
        Ok(true)
    }

    /// Takes back what was said to readers when something was withdrawn.
    fn unsay(&self, tx: &mut Tx<'_>, desk: &Desk) -> Result<(), Error> {
        let reasons: Vec<EditionId> = self.ids(ItemKind::Withdrawal)?;
        let redirects: Vec<EditionId> = self.ids(ItemKind::Redirect)?;
        let all: BTreeSet<EditionId> = reasons.iter().chain(&redirects).copied().collect();
        let all: Vec<EditionId> = all.into_iter().collect();
        for mut edition in editions::get_many(tx, &all)? {
            let Some(withdrawal) = edition.withdrawal.as_mut() else {
                continue;
            };
            if reasons.contains(&edition.id) {
                withdrawal.reason = None;
            }
            if redirects.contains(&edition.id) {
                withdrawal.redirect_to = None;
                withdrawal.kind = WithdrawKind::Gone;
            }
            let withdrawal = withdrawal.clone();
            editions::update(tx, &edition, self.applied.now)?;
            // An archived one was withdrawn before, and its readers are still told how.
            let is_live = desk.entry.live == Some(edition.id);
            if is_live && edition.state != State::Published {
                tell_readers(tx, desk, &withdrawal)?;
            }
        }
        Ok(())
    }

    /// Forgets addresses; gives whether one of them was ever public.
    fn forget_addresses(&self, tx: &mut Tx<'_>, desk: &Desk) -> Result<bool, Error> {
        let keys: BTreeSet<&str> = self
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::Address)
            .map(|item| item.key.as_str())
            .collect();
        if keys.is_empty() {
            return Ok(false);
        }
        let (site, entry) = (desk.at.site.id, desk.entry.id);
        let mut all: BTreeSet<String> = slugs::of_entry(tx, entry)?.into_iter().collect();
        let public = published::paths_of(tx, site, entry)?;
        all.extend(public.into_iter().map(|(slug, _)| slug));
        all.retain(|slug| is_found_by(self.secrets, slug, &keys));
        if all.len() != keys.len() {
            // The installation's secret was changed meanwhile, and the old one is gone.
            return Err(Error::StateConflict(ENTRY_CHANGED));
        }
        let mut moved = false;
        for slug in all {
            slugs::expunge(tx, entry, &slug)?;
            moved |= published::expunge_path(tx, site, entry, &slug)?;
        }
        Ok(moved)
    }

    /// What caches and clients have to hear.
    fn told(&self, desk: &Desk, withdrawn: bool, moved: bool) -> Option<ChangeKind> {
        let is_public = desk
            .live
            .as_ref()
            .is_some_and(|live| live.edition.state == State::Published);
        let of = |kind| self.items.iter().any(|item| item.kind == kind);
        let content = of(ItemKind::Revision) || moved;
        if withdrawn || (!is_public && content && desk.entry.first_published_at.is_some()) {
            Some(ChangeKind::Expunged)
        } else if moved || of(ItemKind::Withdrawal) || of(ItemKind::Redirect) {
            Some(ChangeKind::Refreshed)
        } else {
            None
        }
    }

    fn ids<Id: std::str::FromStr>(&self, kind: ItemKind) -> Result<Vec<Id>, Error> {
        self.items
            .iter()
            .filter(|item| item.kind == kind)
            .map(|item| {
                let wrong = || Error::Internal(format!("{kind} {} is no id", item.key));
                item.key.parse().map_err(|_| wrong())
            })
            .collect()
    }
}

fn tell_readers(tx: &mut Tx<'_>, desk: &Desk, withdrawal: &Withdrawal) -> Result<(), Error> {
    let told = PublicWithdrawal {
        kind: withdrawal.kind,
        reason: withdrawal.reason.clone(),
        redirect_to: withdrawal.redirect_to.clone(),
        at: withdrawal.at,
    };
    Ok(published::set_withdrawal(
        tx,
        desk.at.site.id,
        desk.entry.id,
        Some(&told),
    )?)
}
