//! `docs/workflow.md` and `docs/permissions.md`, written from the table.

use std::fmt::Write;

use loa_domain::entry::{Action, State, Target};
use loa_domain::people::Role;
use loa_domain::right::Right;

use crate::describe::{rule_text, who_text};
use crate::table::{TRANSITIONS, To, Transition, Who};

/// The diagram and the matrix of the workflow.
pub fn workflow_md() -> String {
    let mut out = String::from(
        "# The workflow\n\nGenerated from `crates/workflow/src/table.rs`; a test compares it. Do not edit.\n\n\
         An entry can have an *open* edition (draft … scheduled) beside its *live* one (published, or last\n\
         withdrawn or archived). Each row names the edition it is about.\n\n```mermaid\nstateDiagram-v2\n    [*] --> draft\n",
    );
    for row in TRANSITIONS {
        diagram_lines(&mut out, row);
    }
    out.push_str("    published --> superseded: a later edition is published\n");
    out.push_str("    withdrawn --> superseded: a later edition is published\n");
    out.push_str("    archived --> superseded: a later edition is published\n```\n\n## Rows\n\n");
    out.push_str("| action | target | from | to | who | rules |\n|---|---|---|---|---|---|\n");
    for row in TRANSITIONS {
        let who: Vec<_> = row.who.iter().map(|who| who_text(*who)).collect();
        let rules: Vec<_> = row.rules.iter().map(|rule| rule_text(*rule)).collect();
        line(
            &mut out,
            &[
                row.action.as_str(),
                row.target.as_str(),
                row.from.as_str(),
                &to_text(row.to),
                &who.join(", "),
                &rules.join(", "),
            ],
        );
    }
    out.push_str("\n## Matrix\n\nState after each action; `·` where there is no row.\n\n| state |");
    for action in Action::ALL {
        let _ = write!(out, " {action} |");
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(Action::ALL.len()));
    out.push('\n');
    for state in State::ALL {
        let cells: Vec<String> = std::iter::once(state.to_string())
            .chain(
                Action::ALL
                    .iter()
                    .map(|action| matrix_cell(*state, *action)),
            )
            .collect();
        line(
            &mut out,
            &cells.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
    out
}

/// Role × action × state, and role × right.
pub fn permissions_md() -> String {
    let mut out = String::from(
        "# Permissions\n\nGenerated from `crates/domain/src/right.rs` and `crates/workflow/src/table.rs`; a test\n\
         compares it. Do not edit.\n\n## Rights of each role\n\n| right |",
    );
    header(&mut out);
    for right in Right::ALL {
        let cells: Vec<&str> = std::iter::once(right.as_str())
            .chain(Role::ALL.iter().map(|role| {
                if role.rights().has(*right) {
                    "yes"
                } else {
                    "·"
                }
            }))
            .collect();
        line(&mut out, &cells);
    }
    let by_two = Role::ALL.iter().filter(|role| role.is_given_by_two());
    let by_two: Vec<&str> = by_two.map(|role| role.as_str()).collect();
    let _ = writeln!(
        out,
        "\nTwo administrators give a role that approves, publishes or manages people or sites: {}.",
        by_two.join(", ")
    );
    out.push_str(
        "\n## Actions of each role, by state\n\n`own` means: only an author of the edition. Rules of the row still \
         apply.\n\n| action | state |",
    );
    header_after(&mut out, 2);
    for row in TRANSITIONS {
        let cells: Vec<&str> = [row.action.as_str(), row.from.as_str()]
            .into_iter()
            .chain(Role::ALL.iter().map(|role| permission_cell(*role, row)))
            .collect();
        line(&mut out, &cells);
    }
    out
}

fn permission_cell(role: Role, row: &Transition) -> &'static str {
    let mut cell = "·";
    for who in row.who {
        match who {
            Who::Has(right) if role.rights().has(*right) => return "yes",
            Who::Author(right) if role.rights().has(*right) => cell = "own",
            Who::Has(_) | Who::Author(_) | Who::System => {}
        }
    }
    cell
}

fn header(out: &mut String) {
    header_after(out, 1);
}

fn header_after(out: &mut String, before: usize) {
    for role in Role::ALL {
        let _ = write!(out, " {role} |");
    }
    out.push_str("\n|");
    out.push_str(&"---|".repeat(Role::ALL.len() + before));
    out.push('\n');
}

fn line(out: &mut String, cells: &[&str]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn to_text(to: To) -> String {
    match to {
        To::Fixed(state) => state.to_string(),
        To::ByPolicy { two_step, one_step } => {
            format!("{two_step} (two_step), {one_step} (one_step)")
        }
    }
}

fn matrix_cell(state: State, action: Action) -> String {
    let cells: Vec<String> = TRANSITIONS
        .iter()
        .filter(|row| row.from == state && row.action == action)
        .map(|row| to_text(row.to))
        .collect();
    if cells.is_empty() {
        "·".to_owned()
    } else {
        cells.join("; ")
    }
}

fn diagram_lines(out: &mut String, row: &Transition) {
    let system = if row.who == [Who::System] {
        " (system)"
    } else {
        ""
    };
    let (first, second) = match row.to {
        To::Fixed(state) => (state, None),
        To::ByPolicy { two_step, one_step } => (two_step, Some(one_step)),
    };
    // Loops that change nothing but content or desk would hide the picture.
    if row.from == first && row.action != Action::Revise {
        return;
    }
    if row.action == Action::Revise {
        let _ = writeln!(out, "    {} --> draft: revise (new edition)", row.from);
        return;
    }
    let policy = if second.is_some() { " (two_step)" } else { "" };
    let _ = writeln!(
        out,
        "    {} --> {first}: {}{policy}{system}",
        row.from, row.action
    );
    if let Some(one_step) = second {
        let _ = writeln!(
            out,
            "    {} --> {one_step}: {} (one_step)",
            row.from, row.action
        );
    }
    debug_assert!(row.target == Target::Open || !row.from.is_open());
}
