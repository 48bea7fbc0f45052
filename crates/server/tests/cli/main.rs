//! The binary from outside: settings, exit codes, what it says, and how it starts and ends.

#![expect(
    clippy::unwrap_used,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod accounts;
mod audit_export;
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
mod proxy;
mod roles;
mod rolling;
mod rotation;
mod serve;
mod settings;
mod t20_logs;
mod t21_slow_clients;
mod t24_defaults;
mod t31_behind_a_proxy;
mod t32_evidence;
mod t33_floods;
mod t33_traces;
mod tour;
