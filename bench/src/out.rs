//! What the tool says: results on standard output, what it is doing on standard error.

use std::io::{Write, stderr, stdout};

/// What any part of the tool may fail with; told to whoever runs it, and the end of the run.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A line of a result.
pub(crate) fn line(text: &str) {
    drop(writeln!(stdout(), "{text}"));
}

/// A line about what goes on.
pub(crate) fn note(text: &str) {
    drop(writeln!(stderr(), "{text}"));
}
