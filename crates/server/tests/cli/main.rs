//! The binary from outside: settings, exit codes, what it says, and how it starts and ends.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod commands;
mod loa;
mod metrics;
mod serve;
mod settings;
mod t20_logs;
mod t21_slow_clients;
mod t24_defaults;
mod tour;
