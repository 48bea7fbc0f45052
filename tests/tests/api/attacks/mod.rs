//! The classes of attacks, one module each, named by number; docs/security.md has the table, and
//! `scripts/check-house` that no number is without a test. What needs a process of its own is in
//! `crates/server/tests/cli`.

mod accounts;
mod credentials;
mod foreign_ids;
mod held_open;
mod t01_oracles;
mod t03_undeclared;
mod t04_names_and_values;
mod t05_orders_and_sizes;
mod t07_hidden_relations;
mod t08_secondary_actions;
mod t09_mass_assignment;
mod t10_other_sections;
mod t10_other_sites;
mod t10_statements;
mod t11_other_channels;
mod t12_bad_credentials;
mod t13_revocation;
mod t14_password_links;
mod t16_lockout;
mod t16_rate_limit_key;
mod t19_validators;
mod t20_secrets;
mod t21_cost;
mod t23_redirects;
mod t25_error_text;
mod t26_headers;
mod t27_cost_of_writes;
mod t28_reach;
mod t28_second;
mod t29_under_way;
mod t30_claimed_names;
mod t31_behind_a_proxy;
mod t33_history;
mod t34_remains;
mod walk;

use loa_testkit::{Answer, Request};

/// Status, headers and body, with the same id for every request. Left out are the time and whether the
/// connection is kept, which depends on how much of the body had come by then, and nothing else.
fn as_a_client_sees(request: Request<'_>) -> (u16, Vec<(String, String)>, String) {
    let answer: Answer = request.header("x-request-id", "one-and-the-same").send();
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "connection")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (answer.status, headers, answer.text().to_owned())
}
