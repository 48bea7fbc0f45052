//! The table as the API shows it.

use loa_domain::entry::{Action, State, Target};
use serde::Serialize;

use crate::table::{Rule, TRANSITIONS, To, Transition, Who};

/// The whole machine.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Description {
    /// Every state.
    pub states: Vec<StateDescription>,
    /// Every row.
    pub transitions: Vec<TransitionDescription>,
}

/// A state.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StateDescription {
    /// Its word.
    pub state: State,
    /// Whether an edition in it is the entry's open one.
    pub open: bool,
}

/// A row.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = WorkflowTransition)]
pub struct TransitionDescription {
    /// What is done.
    pub action: Action,
    /// To which edition.
    pub target: Target,
    /// State before.
    pub from: State,
    /// State after under the policy `two_step`.
    pub to_two_step: State,
    /// State after under the policy `one_step`.
    pub to_one_step: State,
    /// Who may: rights, with `own:` before those that need authorship, and `system`.
    #[schema(example = json!(["own:save_own", "save_any"]))]
    pub who: Vec<String>,
    /// What else has to be true.
    #[schema(example = json!(["complete"]))]
    pub rules: Vec<&'static str>,
}

/// Describes the table.
pub fn describe() -> Description {
    Description {
        states: State::ALL
            .iter()
            .map(|state| StateDescription {
                state: *state,
                open: state.is_open(),
            })
            .collect(),
        transitions: TRANSITIONS.iter().map(describe_row).collect(),
    }
}

fn describe_row(row: &Transition) -> TransitionDescription {
    let (to_two_step, to_one_step) = match row.to {
        To::Fixed(state) => (state, state),
        To::ByPolicy { two_step, one_step } => (two_step, one_step),
    };
    TransitionDescription {
        action: row.action,
        target: row.target,
        from: row.from,
        to_two_step,
        to_one_step,
        who: row.who.iter().map(|who| who_text(*who)).collect(),
        rules: row.rules.iter().map(|rule| rule_text(*rule)).collect(),
    }
}

/// Who may, as one word.
pub(crate) fn who_text(who: Who) -> String {
    match who {
        Who::Has(right) => right.to_string(),
        Who::Author(right) => format!("own:{right}"),
        Who::System => "system".to_owned(),
    }
}

/// A rule as one word.
pub(crate) const fn rule_text(rule: Rule) -> &'static str {
    match rule {
        Rule::Complete => "complete",
        Rule::Comment => "comment",
        Rule::Reason => "reason",
        Rule::FourEyes => "four_eyes",
        Rule::ApprovedContent => "approved_content",
        Rule::FutureTime => "future_time",
        Rule::Assignee => "assignee",
        Rule::AwaitsConfirmation => "awaits_confirmation",
        Rule::FreshEyes => "fresh_eyes",
        Rule::Telling => "telling",
        Rule::NoneOpen => "none_open",
    }
}
