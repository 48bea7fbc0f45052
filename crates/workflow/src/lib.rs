//! The editorial workflow: a table, and a pure planner that reads it.
//!
//! Whatever says something about the workflow (the API's description of it, the buttons a console
//! shows, `docs/workflow.md`) is generated from the table. Not for storing anything, not for
//! clocks, and not for what an entry contains.

mod describe;
mod docs;
mod plan;
mod refusal;
mod table;
#[cfg(test)]
mod tests;

pub use describe::{Description, StateDescription, TransitionDescription, describe};
pub use docs::{permissions_md, workflow_md};
pub use loa_domain::entry::{Action, State, Target};
pub use plan::{
    Ask, Available, By, Facts, LiveFacts, OpenFacts, Plan, available, may_act_on_open, plan,
};
pub use refusal::{Reason, Refusal};
pub use table::{Effect, Rule, TRANSITIONS, To, Transition, Who};
