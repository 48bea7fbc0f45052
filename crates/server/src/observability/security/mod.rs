//! The security log: events of the target `security`, whoever tells them, in lines of their own beside the
//! ordinary log.
//!
//! An event knows the request or command it belongs to by the span around it, which has the network address
//! and the request's id. Not for what is told: that is the business of the use cases, the store and the API.

mod ecs;
mod file;
mod repeats;
mod told;
mod writer;

use loa_app::{Clock, SystemClock};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, LevelFilter, filter_fn};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::config::{SecurityTarget, Settings};
use file::LogFile;
use told::{Fields, Told};
pub(crate) use writer::SecurityLog;
use writer::{Inbox, Sink};

const TARGET: &str = "security";
/// Spans that say where an event comes from.
const AROUND: [&str; 2] = ["request", "command"];

/// Where lines go that are meant for standard output.
#[derive(Debug, Clone, Copy)]
pub(super) enum Console {
    /// A server's output has nothing else.
    Out,
    /// A command's output is its result.
    Err,
}

/// Starts the log of the settings; none when it is off. `warn` tells the operator when it cannot be written.
pub(super) fn start(
    settings: &Settings,
    console: Console,
    warn: fn(&str),
) -> std::io::Result<Option<(SecurityLog, SecurityLayer)>> {
    let sink = match (&settings.security_log, console) {
        (SecurityTarget::Off, _) => return Ok(None),
        (SecurityTarget::Stdout, Console::Out) => Sink::Out,
        (SecurityTarget::Stdout, Console::Err) => Sink::Err,
        (SecurityTarget::File(path), _) => {
            Sink::File(LogFile::new(path, settings.security_log_bytes))
        }
    };
    let (log, inbox) = writer::start(sink, warn)?;
    Ok(Some((log, SecurityLayer { inbox })))
}

/// What the layer is for.
pub(super) fn concerned() -> FilterFn<impl Fn(&Metadata<'_>) -> bool + Clone> {
    filter_fn(|metadata: &Metadata<'_>| {
        metadata.target() == TARGET || (metadata.is_span() && AROUND.contains(&metadata.name()))
    })
    .with_max_level_hint(LevelFilter::INFO)
}

/// What the ordinary log leaves to the layer.
pub(super) fn others() -> FilterFn<impl Fn(&Metadata<'_>) -> bool + Clone> {
    filter_fn(|metadata: &Metadata<'_>| metadata.target() != TARGET)
}

/// Hands events of the target to the thread.
pub(super) struct SecurityLayer {
    inbox: Inbox,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SecurityLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(around) = span.extensions().get::<Fields>() {
                fields.fill(around);
            }
        }
        self.inbox.put(Told {
            at: SystemClock.now(),
            fields,
        });
    }
}
