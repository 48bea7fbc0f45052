//! Carrying out a plan: its effects, the history, the entry's new version, all in one transaction.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::change::NewChange;
use loa_domain::entry::{
    Action, Approval, Forced, State, Target, Transition, WithdrawKind, Withdrawal,
};
use loa_domain::ids::UserId;
use loa_domain::time::Moment;
use loa_store::held::{self, Held};
use loa_store::{Tx, editions, entries, previews, transitions};
use loa_workflow::{Ask, Effect, Plan};
use serde_json::json;

use super::desk::{Desk, Sheet};
use super::{publish, revise};
use crate::ids::fresh;
use crate::{Context, Error, IfMatch};

/// What a held publication says of a live edition that ended before its time came.
const LIVE_WITHDRAWN: &str =
    "Bản đang đăng đã được gỡ hoặc hết hạn. / The live edition was withdrawn or has expired.";

/// Who carries a plan out, with what.
pub(super) struct Applied<'a> {
    /// None for the system.
    pub(super) by: Option<&'a Actor>,
    pub(super) ask: &'a Ask,
    pub(super) now: Moment,
}

/// What has to be told to readers and to the trail.
#[derive(Default)]
pub(super) struct Done {
    pub(super) changes: Vec<NewChange>,
    pub(super) audit: Vec<NewAudit>,
}

impl Context {
    /// Rights first, then the site's state, then the precondition: whoever may not act learns
    /// nothing of versions.
    pub(super) fn checked<T>(
        &self,
        desk: &Desk,
        if_match: &IfMatch,
        rights: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let allowed = rights(self);
        if let Err(error) = &allowed {
            let about_rights = match error {
                Error::Forbidden => true,
                Error::Refused(refusal) => refusal.reason.is_about_rights(),
                _ => false,
            };
            if about_rights {
                return allowed;
            }
        }
        desk.at.must_be_active()?;
        if_match.check(
            &self.secrets,
            "entry",
            &desk.entry.id.to_string(),
            desk.entry.version,
        )?;
        allowed
    }
}

impl Applied<'_> {
    fn user(&self) -> Option<UserId> {
        self.by.map(|actor| actor.user)
    }

    /// Applies a plan to the desk, as it was read, and writes everything.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        desk: &mut Desk,
        plan: &Plan,
    ) -> Result<Done, Error> {
        let mut done = Done::default();
        let subject = target(desk, plan.target)?.clone();
        if plan.target == Target::Open {
            // Waiting for a time is a state: whoever leaves it drops the time.
            let open = target_mut(desk, Target::Open)?;
            open.edition.state = plan.to;
            if plan.to != State::Scheduled {
                open.edition.publish_at = None;
            }
        } else {
            target_mut(desk, Target::Live)?.edition.state = plan.to;
        }
        desk.entry.submitted |= plan.action == Action::Submit || plan.to == State::Published;
        for effect in plan.effects {
            self.effect(tx, desk, *effect, &mut done)?;
        }
        if plan.target == Target::Open
            && plan.from == State::Approved
            && plan.action != Action::Assign
        {
            // A person has taken it up.
            held::remove(tx, desk.entry.id)?;
        }
        if plan.action == Action::Archive && plan.target == Target::Open {
            archive_open(tx, desk, self.now)?;
        }
        self.record(tx, desk, plan, &subject)?;
        self.write(tx, desk)?;
        done.audit.insert(0, self.audit(desk, plan, &subject));
        Ok(done)
    }

    fn effect(
        &self,
        tx: &mut Tx<'_>,
        desk: &mut Desk,
        effect: Effect,
        done: &mut Done,
    ) -> Result<(), Error> {
        match effect {
            Effect::VoidApproval => target_mut(desk, Target::Open)?.edition.approval = None,
            Effect::Approve => {
                let by = self.user().ok_or_else(nobody)?;
                let open = target_mut(desk, Target::Open)?;
                let sha256 = open.revision.sha256.clone();
                open.edition.approval = Some(Approval {
                    by,
                    at: self.now,
                    sha256,
                });
            }
            Effect::NoteForce => {
                let by = self.user().ok_or_else(nobody)?;
                target_mut(desk, Target::Open)?.edition.forced = Some(Forced {
                    by,
                    confirmed_by: None,
                });
            }
            Effect::NoteConfirmation => {
                let by = self.user().ok_or_else(nobody)?;
                if let Some(forced) = target_mut(desk, Target::Live)?.edition.forced.as_mut() {
                    forced.confirmed_by = Some(by);
                }
            }
            Effect::SetTime => {
                target_mut(desk, Target::Open)?.edition.publish_at = self.ask.publish_at;
            }
            Effect::ClearTime => target_mut(desk, Target::Open)?.edition.publish_at = None,
            Effect::SetAssignee => {
                target_mut(desk, Target::Open)?.edition.assignee =
                    self.ask.assignee.map(|(user, _)| user);
            }
            Effect::Publish => publish::publish(tx, desk, self.now, done)?,
            Effect::Unpublish => {
                let withdrawal = self.withdrawal();
                target_mut(desk, Target::Live)?.edition.withdrawal = Some(withdrawal.clone());
                previews::revoke_all_of(tx, desk.entry.id, self.now)?;
                publish::unpublish(tx, desk, &withdrawal, done)?;
            }
            Effect::HoldSchedule => self.hold_schedule(tx, desk)?,
            Effect::OpenEdition => {
                revise::open_edition(tx, desk, self.by.ok_or_else(nobody)?, self.now)?;
            }
        }
        Ok(())
    }

    fn withdrawal(&self) -> Withdrawal {
        Withdrawal {
            kind: self.ask.kind.unwrap_or(WithdrawKind::Expired),
            reason: self.ask.reason.clone(),
            redirect_to: self.ask.redirect_to.clone(),
            at: self.now,
        }
    }

    /// What waits to follow a withdrawn edition waits for a person instead of a time.
    pub(super) fn hold_schedule(&self, tx: &mut Tx<'_>, desk: &mut Desk) -> Result<(), Error> {
        let Some(open) = desk
            .open
            .as_mut()
            .filter(|open| open.edition.state == State::Scheduled)
        else {
            return Ok(());
        };
        open.edition.state = State::Approved;
        open.edition.publish_at = None;
        let transition = Transition {
            id: fresh(self.now),
            site: desk.entry.site,
            entry: desk.entry.id,
            edition: open.edition.id,
            number: 0,
            action: Action::Unschedule,
            from: State::Scheduled,
            to: State::Approved,
            revision: open.revision.id,
            actor: self.user(),
            comment: Some(LIVE_WITHDRAWN.to_owned()),
            at: self.now,
        };
        transitions::append(tx, &transition)?;
        let why = Held {
            at: self.now,
            reason: LIVE_WITHDRAWN.to_owned(),
        };
        Ok(held::put(tx, desk.entry.site, desk.entry.id, &why)?)
    }

    pub(super) fn record(
        &self,
        tx: &mut Tx<'_>,
        desk: &Desk,
        plan: &Plan,
        subject: &Sheet,
    ) -> Result<(), Error> {
        // A save makes its revision before it is applied, so the desk has the one it is about.
        let transition = Transition {
            id: fresh(self.now),
            site: desk.entry.site,
            entry: desk.entry.id,
            edition: subject.edition.id,
            number: 0,
            action: plan.action,
            from: plan.from,
            to: plan.to,
            revision: subject.revision.id,
            actor: self.user(),
            comment: self.ask.comment.clone().or_else(|| self.ask.reason.clone()),
            at: self.now,
        };
        Ok(transitions::append(tx, &transition)?)
    }

    pub(super) fn write(&self, tx: &mut Tx<'_>, desk: &mut Desk) -> Result<(), Error> {
        for sheet in [&desk.live, &desk.open].into_iter().flatten() {
            editions::update(tx, &sheet.edition, self.now)?;
        }
        let before = desk.entry.version;
        desk.entry.version = before + 1;
        desk.entry.updated_at = self.now;
        entries::update(tx, &desk.entry, &desk.head_columns()?, before).map_err(|error| match error
        {
            loa_store::Error::Stale => Error::PreconditionFailed,
            other => other.into(),
        })
    }

    fn audit(&self, desk: &Desk, plan: &Plan, subject: &Sheet) -> NewAudit {
        NewAudit {
            chain: Chain::Site(desk.entry.site),
            actor: self.user(),
            action: audit_word(plan.action),
            subject: "entry",
            subject_id: desk.entry.id.to_string(),
            detail: json!({
                "edition": subject.edition.number, "revision": subject.revision.number,
                "sha256": subject.revision.sha256, "from": plan.from, "to": plan.to,
                "publish_at": self.ask.publish_at, "kind": self.ask.kind, "reason": self.ask.reason,
                "redirect_to": self.ask.redirect_to,
                "assignee": self.ask.assignee.map(|(user, _)| user),
            }),
        }
    }
}

/// An archived open edition is the entry's last one, unless something is or was public beside it.
pub(super) fn archive_open(tx: &mut Tx<'_>, desk: &mut Desk, now: Moment) -> Result<(), Error> {
    let Some(archived) = desk.open.take() else {
        return Ok(());
    };
    desk.entry.open = None;
    held::remove(tx, desk.entry.id)?;
    if desk.live.is_none() {
        desk.entry.live = Some(archived.edition.id);
        desk.live = Some(archived);
    } else {
        editions::update(tx, &archived.edition, now)?;
    }
    Ok(())
}

fn target(desk: &Desk, target: Target) -> Result<&Sheet, Error> {
    match target {
        Target::Open => desk.open.as_ref(),
        Target::Live => desk.live.as_ref(),
    }
    .ok_or_else(|| Error::Internal("a plan without its edition".to_owned()))
}

fn target_mut(desk: &mut Desk, target: Target) -> Result<&mut Sheet, Error> {
    match target {
        Target::Open => desk.open.as_mut(),
        Target::Live => desk.live.as_mut(),
    }
    .ok_or_else(|| Error::Internal("a plan without its edition".to_owned()))
}

fn nobody() -> Error {
    Error::Internal("the system did what only a person does".to_owned())
}

const fn audit_word(action: Action) -> &'static str {
    match action {
        Action::Save => "entry.save",
        Action::Submit => "entry.submit",
        Action::Recall => "entry.recall",
        Action::Assign => "entry.assign",
        Action::RequestChanges => "entry.request_changes",
        Action::Pass => "entry.pass",
        Action::Approve => "entry.approve",
        Action::Publish => "entry.publish",
        Action::Schedule => "entry.schedule",
        Action::Unschedule => "entry.unschedule",
        Action::ForcePublish => "entry.force_publish",
        Action::Confirm => "entry.confirm",
        Action::Revise => "entry.revise",
        Action::Withdraw => "entry.withdraw",
        Action::Expire => "entry.expire",
        Action::Archive => "entry.archive",
    }
}
