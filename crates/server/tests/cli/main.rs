//! The binary from outside: settings, exit codes, what it says, and how it starts and ends.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod accounts;
mod backup;
mod clock;
mod commands;
mod disk;
mod expunge;
mod fleet;
mod kill;
mod loa;
mod metrics;
mod migrating;
mod node;
mod nodes;
mod outage;
mod serve;
mod settings;
mod t20_logs;
mod t21_slow_clients;
mod t24_defaults;
mod tour;
