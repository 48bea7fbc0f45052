//! Log lines on standard error: JSON for collectors, or lines for people.

use tracing_subscriber::filter::{FilterExt, ParseError};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, registry};

use super::security::{self, Console, SecurityLog};
use crate::config::{LogFormat, Settings};
use crate::failure::Failure;

/// Reads `log_level`: a level, or targets with levels.
///
/// # Errors
/// When it is neither.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(text)
}

/// Starts logging; from here on panics of handlers and jobs are log lines too. What is given writes the
/// security log until it is dropped; none when that is off.
///
/// # Errors
/// When the filter is wrong or logging has been started before.
pub(crate) fn start_logs(settings: &Settings) -> Result<Option<SecurityLog>, Failure> {
    let filter = filter(&settings.log_level)
        .map_err(|error| Failure::usage(format!("log_level: {error}")))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // Otherwise a line that cannot be written is told on standard error too, by a macro that
        // panics when that fails: a full disk under the log would end the server.
        .log_internal_errors(false);
    let lines = match settings.log_format {
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
        LogFormat::Pretty => lines.compact().boxed(),
    };
    let warn = |warning: &str| tracing::warn!("{warning}");
    let started = security::start(settings, Console::Out, warn)
        .map_err(|error| Failure::failed(format!("no thread for the security log: {error}")))?;
    let (log, layer) = started.unzip();
    registry()
        .with(lines.with_filter(filter.and(security::others())))
        .with(layer.map(|layer| layer.with_filter(security::concerned())))
        .try_init()
        .map_err(|error| Failure::failed(error.to_string()))?;
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(%panic, "a bug: the code panicked");
    }));
    Ok(log)
}
