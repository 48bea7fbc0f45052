//! What the command line says: results on standard output, everything else on standard error.
//!
//! Not for logs, which are tracing's.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line of a command's result. A reader who has gone (`loa … | head`) is no failure.
pub(crate) fn line(text: &str) {
    drop(writeln!(stdout(), "{text}"));
}

/// A result that brings its own line ends.
pub(crate) fn text(text: &str) {
    drop(stdout().write_all(text.as_bytes()));
}

/// A line for the person at the terminal that is not part of the result.
pub(crate) fn complain(text: &str) {
    drop(writeln!(stderr(), "{text}"));
}

/// Shows that long work goes on; invisible unless standard error is a terminal.
pub(crate) fn spinner(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, target());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos} [{elapsed}]") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn target() -> ProgressDrawTarget {
    if stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    }
}
