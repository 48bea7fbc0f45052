//! The planner: facts and a wish in, a plan or a refusal out. No I/O, no clock.

use loa_domain::entry::{Action, State, Target, WithdrawKind};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::UserId;
use loa_domain::right::{Right, RightSet};
use loa_domain::site::WorkflowPolicy;
use loa_domain::time::Moment;

use crate::refusal::{Reason, Refusal};
use crate::table::{self, Effect, Rule, Transition, Who};

/// What is known of an entry when an action is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The site's policy, now.
    pub policy: WorkflowPolicy,
    /// The edition on its way.
    pub open: Option<OpenFacts>,
    /// The edition that is or was public, or the archived one.
    pub live: Option<LiveFacts>,
    /// What the open edition's content lacks.
    pub incomplete: Vec<FieldError>,
}

/// The edition on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFacts {
    /// Its state.
    pub state: State,
    /// Everyone who wrote a revision of it.
    pub authors: Vec<UserId>,
    /// Whose words it began with or took over, besides theirs, and nobody else has approved.
    pub earlier_authors: Vec<UserId>,
    /// Whether its content is, to the byte, what was approved.
    pub approved_content: bool,
}

/// The edition that is or was public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveFacts {
    /// Its state.
    pub state: State,
    /// Everyone who wrote a revision of it.
    pub authors: Vec<UserId>,
    /// Who published it without approval.
    pub forced_by: Option<UserId>,
    /// Whether that was not confirmed yet.
    pub needs_second_look: bool,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Loa itself, at a set time.
    System,
    /// A person with these rights in the sections of both editions.
    Person {
        /// Who.
        user: UserId,
        /// What they may do here.
        rights: RightSet,
    },
}

/// What an action carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Words for colleagues.
    pub comment: Option<String>,
    /// Words for readers, or the reason of a forced publication.
    pub reason: Option<String>,
    /// When to publish.
    pub publish_at: Option<Moment>,
    /// The person to assign, and whether they may act on the edition.
    pub assignee: Option<(UserId, bool)>,
    /// How readers are told of a withdrawal.
    pub kind: Option<WithdrawKind>,
    /// Where to read instead.
    pub redirect_to: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What was asked for.
    pub action: Action,
    /// On which edition.
    pub target: Target,
    /// Its state before.
    pub from: State,
    /// Its state after.
    pub to: State,
    /// What else, in this order.
    pub effects: &'static [Effect],
}

/// An action and whether it could be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    /// The action.
    pub action: Action,
    /// On which edition.
    pub target: Target,
    /// Why not; none when allowed.
    pub refused: Option<Reason>,
}

/// Plans an action.
///
/// # Errors
/// The refusal says why and what this person could do instead.
pub fn plan(
    facts: &Facts,
    action: Action,
    by: By,
    ask: &Ask,
    now: Moment,
) -> Result<Plan, Refusal> {
    decide(facts, action, by, Some((ask, now))).map_err(|reason| Refusal {
        action,
        reason,
        allowed: available(facts, by)
            .into_iter()
            .filter(|available| available.refused.is_none())
            .map(|available| available.action)
            .collect(),
    })
}

/// Every action that has a row for the editions' states, with whether it is allowed. What an action
/// would have to carry is not asked for.
pub fn available(facts: &Facts, by: By) -> Vec<Available> {
    Action::ALL
        .iter()
        .filter_map(|action| {
            let row = row_for(facts, *action, by).ok()?;
            let refused = check(facts, row, by, None).err();
            (refused != Some(Reason::SystemOnly)).then_some(Available {
                action: *action,
                target: row.target,
                refused,
            })
        })
        .collect()
}

/// Whether a person could do anything at all to the open edition, so that it can be assigned to them.
pub fn may_act_on_open(facts: &Facts, user: UserId, rights: RightSet) -> bool {
    let by = By::Person { user, rights };
    available(facts, by).into_iter().any(|a| {
        a.target == Target::Open
            && !matches!(a.refused, Some(Reason::Right(_) | Reason::NotAnAuthor))
    })
}

fn decide(
    facts: &Facts,
    action: Action,
    by: By,
    ask: Option<(&Ask, Moment)>,
) -> Result<Plan, Reason> {
    let row = row_for(facts, action, by)?;
    check(facts, row, by, ask)?;
    Ok(Plan {
        action,
        target: row.target,
        from: row.from,
        to: row.to.state(facts.policy),
        effects: row.effects,
    })
}

/// The row whose state fits one of the two editions. Where none fits, missing rights are told
/// before the state is: whoever may never do a thing learns nothing of the state.
fn row_for(facts: &Facts, action: Action, by: By) -> Result<&'static Transition, Reason> {
    let state_of = |target| match target {
        Target::Open => facts.open.as_ref().map(|open| open.state),
        Target::Live => facts.live.as_ref().map(|live| live.state),
    };
    let fitting = [Target::Open, Target::Live]
        .into_iter()
        .find_map(|target| state_of(target).and_then(|state| table::find(state, action, target)));
    if let Some(row) = fitting {
        return Ok(row);
    }
    let mut wanted = None;
    for row in table::rows_of(action) {
        match may(facts, row, by) {
            Ok(()) | Err(Reason::NotAnAuthor) => {
                return Err(match (row.target, state_of(row.target)) {
                    (Target::Open, None) => Reason::NoOpenEdition,
                    (Target::Live, None) => Reason::NoLiveEdition,
                    (_, Some(state)) => Reason::State(state),
                });
            }
            Err(reason) => wanted = Some(reason),
        }
    }
    Err(wanted.unwrap_or(Reason::SystemOnly))
}

fn check(
    facts: &Facts,
    row: &Transition,
    by: By,
    ask: Option<(&Ask, Moment)>,
) -> Result<(), Reason> {
    may(facts, row, by)?;
    row.rules
        .iter()
        .try_for_each(|rule| holds(facts, *rule, by, ask))
}

fn may(facts: &Facts, row: &Transition, by: By) -> Result<(), Reason> {
    let (user, rights) = match by {
        By::System => {
            return if row.who.contains(&Who::System) {
                Ok(())
            } else {
                Err(Reason::SystemOnly)
            };
        }
        By::Person { user, rights } => (user, rights),
    };
    let mut missing: Vec<Right> = Vec::new();
    let mut author_only = false;
    for who in row.who {
        match who {
            Who::Has(right) if rights.has(*right) => return Ok(()),
            Who::Author(right) if rights.has(*right) => {
                if authors(facts, row.target).contains(&user) {
                    return Ok(());
                }
                author_only = true;
            }
            Who::Has(right) | Who::Author(right) => missing.push(*right),
            Who::System => {}
        }
    }
    match (author_only, missing.is_empty()) {
        (true, _) => Err(Reason::NotAnAuthor),
        (false, false) => Err(Reason::Right(missing)),
        (false, true) => Err(Reason::SystemOnly),
    }
}

fn authors(facts: &Facts, target: Target) -> &[UserId] {
    match target {
        Target::Open => facts.open.as_ref().map_or(&[], |open| &open.authors),
        Target::Live => facts.live.as_ref().map_or(&[], |live| &live.authors),
    }
}

fn holds(facts: &Facts, rule: Rule, by: By, ask: Option<(&Ask, Moment)>) -> Result<(), Reason> {
    let wrote = |target| match by {
        By::System => false,
        By::Person { user, .. } => authors(facts, target).contains(&user),
    };
    let words_in_it = || match (by, facts.open.as_ref()) {
        (By::Person { user, .. }, Some(open)) => open.earlier_authors.contains(&user),
        (By::Person { .. } | By::System, _) => false,
    };
    let forced = || facts.live.as_ref().and_then(|live| live.forced_by);
    match rule {
        Rule::Complete if !facts.incomplete.is_empty() => {
            Err(Reason::Fields(facts.incomplete.clone()))
        }
        Rule::FourEyes if wrote(Target::Open) || words_in_it() => Err(Reason::FourEyes),
        Rule::ApprovedContent
            if !facts
                .open
                .as_ref()
                .is_some_and(|open| open.approved_content) =>
        {
            Err(Reason::ContentChanged)
        }
        Rule::AwaitsConfirmation
            if !facts
                .live
                .as_ref()
                .is_some_and(|live| live.needs_second_look) =>
        {
            Err(Reason::NothingToConfirm)
        }
        Rule::FreshEyes => match by {
            By::Person { user, .. } if wrote(Target::Live) || forced() == Some(user) => {
                Err(Reason::FreshEyes)
            }
            By::Person { .. } | By::System => Ok(()),
        },
        Rule::NoneOpen if facts.open.is_some() => Err(Reason::OpenEditionExists),
        Rule::Comment | Rule::Reason | Rule::FutureTime | Rule::Assignee | Rule::Telling => {
            ask.map_or(Ok(()), |(ask, now)| carries(rule, ask, now))
        }
        Rule::Complete
        | Rule::FourEyes
        | Rule::ApprovedContent
        | Rule::AwaitsConfirmation
        | Rule::NoneOpen => Ok(()),
    }
}

/// Whether the request carries what the rule asks for.
fn carries(rule: Rule, ask: &Ask, now: Moment) -> Result<(), Reason> {
    match rule {
        Rule::Comment if !said(ask.comment.as_deref()) => {
            refuse("/comment", FieldCode::Required, "say what has to change")
        }
        Rule::Reason if !said(ask.reason.as_deref()) => refuse(
            "/reason",
            FieldCode::Required,
            "say why approval is skipped",
        ),
        Rule::FutureTime => match ask.publish_at {
            None => refuse("/publish_at", FieldCode::Required, "say when"),
            Some(at) if at <= now => {
                refuse("/publish_at", FieldCode::NotInFuture, "has to lie ahead")
            }
            Some(_) => Ok(()),
        },
        Rule::Assignee => match ask.assignee {
            None => refuse("/user_id", FieldCode::Required, "say to whom"),
            Some((_, false)) => refuse(
                "/user_id",
                FieldCode::NotAllowed,
                "this person may not act here",
            ),
            Some((_, true)) => Ok(()),
        },
        Rule::Telling => telling(ask),
        Rule::Comment
        | Rule::Reason
        | Rule::Complete
        | Rule::FourEyes
        | Rule::ApprovedContent
        | Rule::AwaitsConfirmation
        | Rule::FreshEyes
        | Rule::NoneOpen => Ok(()),
    }
}

/// Whether a withdrawal says how readers are told, why, and where to read instead.
fn telling(ask: &Ask) -> Result<(), Reason> {
    let kinds = "one of notice, redirect, gone";
    match (
        ask.kind,
        said(ask.reason.as_deref()),
        said(ask.redirect_to.as_deref()),
    ) {
        (None, ..) => refuse("/kind", FieldCode::Required, kinds),
        (Some(WithdrawKind::Expired), ..) => refuse("/kind", FieldCode::UnknownValue, kinds),
        (Some(_), false, _) => refuse("/reason", FieldCode::Required, "tell readers why"),
        (Some(WithdrawKind::Redirect), _, false) => refuse(
            "/redirect_to",
            FieldCode::Required,
            "say where to read instead",
        ),
        (Some(WithdrawKind::Notice | WithdrawKind::Gone), _, true) => refuse(
            "/redirect_to",
            FieldCode::NotAllowed,
            "only with kind redirect",
        ),
        (Some(_), true, _) => Ok(()),
    }
}

fn said(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn refuse(pointer: &str, code: FieldCode, detail: &str) -> Result<(), Reason> {
    Err(Reason::Fields(vec![FieldError::new(pointer, code, detail)]))
}
