//! The transition table. Every sentence about the workflow is derived from these rows.

use loa_domain::entry::{Action, State, Target};
use loa_domain::right::Right;
use loa_domain::site::WorkflowPolicy;

/// Where a transition leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Always here.
    Fixed(State),
    /// Here by the site's policy, read when the action is done.
    ByPolicy {
        /// With an editor's review before the chief's approval.
        two_step: State,
        /// With the chief's approval alone.
        one_step: State,
    },
}

impl To {
    /// The state under a policy.
    pub const fn state(self, policy: WorkflowPolicy) -> State {
        match (self, policy) {
            (To::Fixed(state), _)
            | (
                To::ByPolicy {
                    two_step: state, ..
                },
                WorkflowPolicy::TwoStep,
            )
            | (
                To::ByPolicy {
                    one_step: state, ..
                },
                WorkflowPolicy::OneStep,
            ) => state,
        }
    }
}

/// Who may do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever has the right.
    Has(Right),
    /// An author of the edition who has the right.
    Author(Right),
    /// Loa itself, at a set time.
    System,
}

/// What has to be true besides state and right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The content is complete.
    Complete,
    /// The action carries a comment.
    Comment,
    /// The action carries a reason.
    Reason,
    /// The person wrote no revision of the edition, nor the words that it began with or took over.
    FourEyes,
    /// The content is, to the byte, what was approved.
    ApprovedContent,
    /// The action carries a time that lies ahead.
    FutureTime,
    /// The action names a person who may act on the edition.
    Assignee,
    /// The edition was published without approval and is not confirmed yet.
    AwaitsConfirmation,
    /// The person neither forced the publication nor wrote the text.
    FreshEyes,
    /// The action says how readers are told, and a redirect where to.
    Telling,
    /// No other edition is on its way.
    NoneOpen,
}

/// What is done, as data; the use case carries it out in one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Drop the approval.
    VoidApproval,
    /// Bind an approval to the content's hash.
    Approve,
    /// Make the edition public and the live one superseded.
    Publish,
    /// Note who published without approval.
    NoteForce,
    /// Note who looked again.
    NoteConfirmation,
    /// Set the time of publication.
    SetTime,
    /// Drop the time of publication.
    ClearTime,
    /// Set who has it on the desk.
    SetAssignee,
    /// Take the live edition out of the public eye.
    Unpublish,
    /// A scheduled open edition goes back to approved.
    HoldSchedule,
    /// Open a new edition with the target's content.
    OpenEdition,
}

/// A row of the table. (from, action, target) is its key.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// State of the target before.
    pub from: State,
    /// What is done.
    pub action: Action,
    /// To which edition.
    pub target: Target,
    /// State of the target after.
    pub to: To,
    /// Who may: any of these.
    pub who: &'static [Who],
    /// What else has to be true, checked in this order.
    pub rules: &'static [Rule],
    /// What is done besides the change of state.
    pub effects: &'static [Effect],
}

use Action as A;
use State as S;
use Target::{Live, Open};
use Who::{Author, Has, System};

const WRITERS: &[Who] = &[Author(Right::SaveOwn), Has(Right::SaveAny)];
const EDITORS: &[Who] = &[Has(Right::SaveAny)];
const SUBMITTERS: &[Who] = &[Author(Right::SubmitOwn), Has(Right::SubmitAny)];
const RECALLERS: &[Who] = &[Author(Right::Recall)];
const ASSIGNERS: &[Who] = &[Has(Right::Assign)];
const REVIEWERS: &[Who] = &[Has(Right::RequestChanges)];
const PASSERS: &[Who] = &[Has(Right::Pass)];
const APPROVERS: &[Who] = &[Has(Right::Approve)];
const PUBLISHERS: &[Who] = &[Has(Right::Publish)];
const PUBLISHERS_AND_SYSTEM: &[Who] = &[Has(Right::Publish), System];
const FORCERS: &[Who] = &[Has(Right::ForcePublish)];
const CONFIRMERS: &[Who] = &[Has(Right::Confirm)];
const REVISERS: &[Who] = &[Has(Right::Revise)];
const ARCHIVE_REVISERS: &[Who] = &[Has(Right::ReviseArchived)];
const WITHDRAWERS: &[Who] = &[Has(Right::Withdraw)];
const CLOCK: &[Who] = &[System];
const ARCHIVERS: &[Who] = &[Has(Right::Archive)];

const BY_POLICY: To = To::ByPolicy {
    two_step: S::InReview,
    one_step: S::InApproval,
};
const UNPUBLISH: &[Effect] = &[Effect::Unpublish, Effect::HoldSchedule];

#[expect(
    clippy::too_many_arguments,
    reason = "a row of the table, in the order of its columns"
)]
const fn row(
    from: State,
    action: Action,
    target: Target,
    to: State,
    who: &'static [Who],
    rules: &'static [Rule],
    effects: &'static [Effect],
) -> Transition {
    Transition {
        from,
        action,
        target,
        to: To::Fixed(to),
        who,
        rules,
        effects,
    }
}

const fn save(
    state: State,
    to: State,
    who: &'static [Who],
    effects: &'static [Effect],
) -> Transition {
    row(state, A::Save, Open, to, who, &[], effects)
}

const fn submit(from: State) -> Transition {
    Transition {
        from,
        action: A::Submit,
        target: Open,
        to: BY_POLICY,
        who: SUBMITTERS,
        rules: &[Rule::Complete],
        effects: &[],
    }
}

const fn assign(state: State) -> Transition {
    row(
        state,
        A::Assign,
        Open,
        state,
        ASSIGNERS,
        &[Rule::Assignee],
        &[Effect::SetAssignee],
    )
}

const fn request_changes(from: State) -> Transition {
    row(
        from,
        A::RequestChanges,
        Open,
        S::ChangesRequested,
        REVIEWERS,
        &[Rule::Comment],
        &[Effect::VoidApproval],
    )
}

const fn force(from: State) -> Transition {
    let rules = &[Rule::Reason, Rule::Complete];
    row(
        from,
        A::ForcePublish,
        Open,
        S::Published,
        FORCERS,
        rules,
        &[Effect::NoteForce, Effect::Publish],
    )
}

const fn revise(from: State, who: &'static [Who]) -> Transition {
    row(
        from,
        A::Revise,
        Live,
        from,
        who,
        &[Rule::NoneOpen],
        &[Effect::OpenEdition],
    )
}

const fn archive(from: State, target: Target) -> Transition {
    row(from, A::Archive, target, S::Archived, ARCHIVERS, &[], &[])
}

/// The workflow.
pub const TRANSITIONS: &[Transition] = &[
    save(S::Draft, S::Draft, WRITERS, &[]),
    save(S::ChangesRequested, S::ChangesRequested, WRITERS, &[]),
    save(S::InReview, S::InReview, EDITORS, &[]),
    save(S::Approved, S::InApproval, EDITORS, &[Effect::VoidApproval]),
    submit(S::Draft),
    submit(S::ChangesRequested),
    row(S::InReview, A::Recall, Open, S::Draft, RECALLERS, &[], &[]),
    row(
        S::InApproval,
        A::Recall,
        Open,
        S::Draft,
        RECALLERS,
        &[],
        &[],
    ),
    assign(S::Draft),
    assign(S::InReview),
    assign(S::ChangesRequested),
    assign(S::InApproval),
    assign(S::Approved),
    assign(S::Scheduled),
    request_changes(S::InReview),
    request_changes(S::InApproval),
    request_changes(S::Approved),
    row(
        S::InReview,
        A::Pass,
        Open,
        S::InApproval,
        PASSERS,
        &[Rule::Complete],
        &[],
    ),
    row(
        S::InApproval,
        A::Approve,
        Open,
        S::Approved,
        APPROVERS,
        &[Rule::FourEyes, Rule::Complete],
        &[Effect::Approve],
    ),
    row(
        S::Approved,
        A::Publish,
        Open,
        S::Published,
        PUBLISHERS,
        &[Rule::ApprovedContent, Rule::Complete],
        &[Effect::Publish],
    ),
    row(
        S::Approved,
        A::Schedule,
        Open,
        S::Scheduled,
        PUBLISHERS,
        &[Rule::ApprovedContent, Rule::FutureTime],
        &[Effect::SetTime],
    ),
    row(
        S::Scheduled,
        A::Unschedule,
        Open,
        S::Approved,
        PUBLISHERS_AND_SYSTEM,
        &[],
        &[Effect::ClearTime],
    ),
    row(
        S::Scheduled,
        A::Publish,
        Open,
        S::Published,
        CLOCK,
        &[Rule::ApprovedContent, Rule::Complete],
        &[Effect::Publish],
    ),
    force(S::Draft),
    force(S::InReview),
    force(S::ChangesRequested),
    force(S::InApproval),
    force(S::Approved),
    force(S::Scheduled),
    row(
        S::Published,
        A::Confirm,
        Live,
        S::Published,
        CONFIRMERS,
        &[Rule::AwaitsConfirmation, Rule::FreshEyes],
        &[Effect::NoteConfirmation],
    ),
    revise(S::Published, REVISERS),
    revise(S::Withdrawn, REVISERS),
    revise(S::Archived, ARCHIVE_REVISERS),
    row(
        S::Published,
        A::Withdraw,
        Live,
        S::Withdrawn,
        WITHDRAWERS,
        &[Rule::Telling],
        UNPUBLISH,
    ),
    row(
        S::Published,
        A::Expire,
        Live,
        S::Withdrawn,
        CLOCK,
        &[],
        UNPUBLISH,
    ),
    archive(S::Draft, Open),
    archive(S::ChangesRequested, Open),
    archive(S::Withdrawn, Live),
];

/// The row for this key.
pub(crate) fn find(from: State, action: Action, target: Target) -> Option<&'static Transition> {
    TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.action == action && row.target == target)
}

/// Rows of an action, in whatever state.
pub(crate) fn rows_of(action: Action) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS.iter().filter(move |row| row.action == action)
}

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses to build on a panic"
)]
const fn keys_are_unique(rows: &[Transition]) -> bool {
    let mut i = 0;
    while i < rows.len() {
        let mut j = i + 1;
        while j < rows.len() {
            if rows[i].from as u8 == rows[j].from as u8
                && rows[i].action as u8 == rows[j].action as u8
                && rows[i].target as u8 == rows[j].target as u8
            {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

const _: () = assert!(
    keys_are_unique(TRANSITIONS),
    "two rows of the workflow have the same key"
);
