//! Commands leave a trace: who ran which, and what came of it. What they change in the database is told by
//! the store, with the same person.
//!
//! Arguments are not told: they hold people's addresses, and might hold more.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

use super::security::{self, Console, SecurityLog};
use crate::config::{Operator, SecurityTarget, Settings};
use crate::failure::Failure;
use crate::out;

/// Runs a command of this name.
///
/// # Errors
/// Those of the command.
pub(crate) fn as_operator(
    name: &str,
    settings: &Settings,
    run: impl FnOnce(&Settings) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let _log = start(settings);
    let operator = Operator::of_this_process();
    let span = tracing::info_span!(
        "command",
        command = name,
        uid = operator.uid,
        login = operator.login,
        address = operator.address
    );
    let _inside = span.enter();
    let result = run(settings);
    let outcome = if result.is_ok() { "success" } else { "failure" };
    tracing::info!(target: "security", action = "command", outcome, "a command was run");
    result
}

/// Commands have no log but this one. One that cannot be written does not keep them from their work.
fn start(settings: &Settings) -> Option<SecurityLog> {
    let to_terminal = matches!(settings.security_log, SecurityTarget::Stdout);
    if to_terminal && stderr().is_terminal() {
        // Nobody would keep the line, and somebody reads there.
        return None;
    }
    let started = security::start(settings, Console::Err, out::complain);
    let (log, layer) = match started {
        Ok(started) => started?,
        Err(error) => {
            out::complain(&format!("the security log cannot be started: {error}"));
            return None;
        }
    };
    match registry()
        .with(layer.with_filter(security::concerned()))
        .try_init()
    {
        Ok(()) => Some(log),
        Err(error) => {
            out::complain(&format!("the security log cannot be started: {error}"));
            None
        }
    }
}
