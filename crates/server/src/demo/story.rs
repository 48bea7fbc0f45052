//! From the state an entry ends in to the acts that lead there, in the order of time.
//!
//! Pure: nothing is done here. Not for how an act is done.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use loa_domain::entry::Action;
use loa_domain::site::WorkflowPolicy;
use loa_domain::time::Moment;

use super::board::Board;
use super::calendar::{Calendar, Hour, eve, moment};
use super::source::{DemoEntry, Ending, Person};
use crate::failure::Failure;

/// Something that somebody did.
pub(super) struct Act<'s> {
    pub(super) at: Moment,
    /// Email address.
    pub(super) by: &'s str,
    /// Slug.
    pub(super) site: &'s str,
    pub(super) entry: &'s DemoEntry,
    pub(super) step: Step,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Make the entry.
    Create,
    /// Replace its content by that of the second edition.
    Save,
    /// An action of the workflow.
    Do(Action),
    /// The same, with the time to publish at.
    Schedule(Moment),
}

/// A site as its entries' way depends on it.
pub(super) struct Desk<'s> {
    pub(super) site: &'s str,
    pub(super) policy: WorkflowPolicy,
    pub(super) entries: &'s [DemoEntry],
}

/// The acts of every site, oldest first.
///
/// # Errors
/// When a board has nobody for an act, or an entry names another that is not there.
pub(super) fn tell<'s>(
    desks: &[Desk<'s>],
    staff: &'s [Person],
    calendar: &Calendar,
) -> Result<Vec<Act<'s>>, Failure> {
    let mut acts = Vec::new();
    let mut number = 0;
    for desk in desks {
        let ages = desk
            .entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.days_ago))
            .collect();
        for entry in desk.entries {
            number += 1;
            let mut teller = Teller {
                site: desk.site,
                policy: desk.policy,
                board: Board::of(desk.site, staff),
                calendar,
                ages: &ages,
                entry,
                number,
                acts: &mut acts,
            };
            teller.tell()?;
        }
    }
    acts.sort_by_key(|act| act.at);
    Ok(acts)
}

/// Tells of one entry.
struct Teller<'t, 's> {
    site: &'s str,
    policy: WorkflowPolicy,
    board: Board<'s>,
    calendar: &'t Calendar,
    ages: &'t BTreeMap<&'s str, i64>,
    entry: &'s DemoEntry,
    number: i64,
    acts: &'t mut Vec<Act<'s>>,
}

impl Teller<'_, '_> {
    fn tell(&mut self) -> Result<(), Failure> {
        let day = self.calendar.day(self.entry.days_ago);
        match self.entry.state {
            Ending::Draft => self.step(day, (14, 0), Step::Create),
            Ending::InReview | Ending::InApproval => self.hand_in(day),
            Ending::ChangesRequested => {
                self.hand_in(eve(day))?;
                self.action(day, (8, 10), Action::RequestChanges)
            }
            Ending::Approved => self.until_approved(day),
            Ending::Scheduled => {
                self.until_approved(day)?;
                let ahead = self.entry.publish_in_days.unwrap_or(1);
                let at = moment(self.calendar.ahead(ahead), (8, 0), 0);
                self.step(day, (9, 30), Step::Schedule(at))
            }
            Ending::Published => self.until_published(day),
            Ending::Revised => {
                self.until_published(day)?;
                self.second_edition()
            }
            Ending::Withdrawn => {
                self.until_published(day)?;
                self.withdraw().map(drop)
            }
            Ending::Archived => {
                self.until_published(day)?;
                let day = self.withdraw()?;
                self.action(day, (17, 0), Action::Archive)
            }
        }
    }

    /// As far as the entry goes before a chief editor sees it, within one day.
    fn hand_in(&mut self, day: NaiveDate) -> Result<(), Failure> {
        self.step(day, (8, 30), Step::Create)?;
        self.action(day, (10, 0), Action::Submit)?;
        let waits = matches!(
            self.entry.state,
            Ending::InReview | Ending::ChangesRequested
        );
        if self.policy == WorkflowPolicy::TwoStep && !waits {
            self.action(day, (14, 0), Action::Pass)?;
        }
        Ok(())
    }

    fn until_approved(&mut self, day: NaiveDate) -> Result<(), Failure> {
        self.hand_in(eve(day))?;
        self.action(day, (8, 10), Action::Approve)
    }

    fn until_published(&mut self, day: NaiveDate) -> Result<(), Failure> {
        if self.entry.force.is_some() {
            self.step(eve(day), (15, 0), Step::Create)?;
            return self.action(day, (7, 30), Action::ForcePublish);
        }
        self.until_approved(day)?;
        self.action(day, (9, 30), Action::Publish)
    }

    /// Half as long ago as the first edition; what is still open is from yesterday.
    fn second_edition(&mut self) -> Result<(), Failure> {
        let open = self.entry.revision_state;
        let ago = if open.is_some() {
            1
        } else {
            self.entry.days_ago / 2
        };
        let day = self.calendar.day(ago);
        self.action(day, (8, 0), Action::Revise)?;
        self.step(day, (9, 0), Step::Save)?;
        match open {
            Some(Ending::Draft) => return Ok(()),
            Some(other) => return Err(self.wrong(&format!("no way to {other:?}"))),
            None => {}
        }
        self.action(day, (10, 0), Action::Submit)?;
        if self.policy == WorkflowPolicy::TwoStep {
            self.action(day, (13, 30), Action::Pass)?;
        }
        self.action(day, (14, 30), Action::Approve)?;
        self.action(day, (15, 30), Action::Publish)
    }

    /// On the day on which there is something else to read, or two days later; gives the day.
    fn withdraw(&mut self) -> Result<NaiveDate, Failure> {
        let withdrawal = self.entry.withdraw.as_ref();
        let withdrawal = withdrawal.ok_or_else(|| self.wrong("how was it withdrawn?"))?;
        let ago = match &withdrawal.redirect_to {
            Some(key) => *self
                .ages
                .get(key.as_str())
                .ok_or_else(|| self.wrong("redirects to no entry of its site"))?,
            None => (self.entry.days_ago - 2).max(1),
        };
        let day = self.calendar.day(ago);
        self.action(day, (16, 0), Action::Withdraw)?;
        Ok(day)
    }

    fn action(&mut self, day: NaiveDate, hour: Hour, action: Action) -> Result<(), Failure> {
        self.step(day, hour, Step::Do(action))
    }

    fn step(&mut self, day: NaiveDate, hour: Hour, step: Step) -> Result<(), Failure> {
        let action = match step {
            Step::Create | Step::Save => Action::Save,
            Step::Do(action) => action,
            Step::Schedule(_) => Action::Schedule,
        };
        self.acts.push(Act {
            at: moment(day, hour, self.number),
            by: self.board.who(action, self.entry)?,
            site: self.site,
            entry: self.entry,
            step,
        });
        Ok(())
    }

    fn wrong(&self, what: &str) -> Failure {
        Failure::failed(format!("{} of {}: {what}", self.entry.key, self.site))
    }
}
