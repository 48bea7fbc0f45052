//! What tests are told from outside: where PostgreSQL is, how long to keep one away, where to note what
//! was covered, and how long to go on.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// URL of a PostgreSQL superuser, with a database to connect to first.
pub(crate) fn postgres_url() -> Option<String> {
    variable("LOA_TEST_POSTGRES_URL")
}

/// Whether a run without PostgreSQL is a failure, not a shortcut.
pub(crate) fn postgres_required() -> bool {
    variable("LOA_REQUIRE_POSTGRES").is_some() || variable("CI").is_some()
}

/// Whether a program that tests use beside PostgreSQL is there; `scripts/test` installs those.
///
/// # Panics
/// When it is not, and `CI` or `LOA_REQUIRE_PROGRAMS` says that it has to be.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub fn has_program(name: &str) -> bool {
    let there = Command::new(name).arg("--version").output().is_ok();
    let required = variable("LOA_REQUIRE_PROGRAMS").is_some() || variable("CI").is_some();
    assert!(
        there || !required,
        "{name} is not installed, and this run has to test with it"
    );
    if !there {
        eprintln!("left out: {name} is not installed");
    }
    there
}

/// A folder for lists of the operations and statuses that tests have seen.
pub(crate) fn coverage_folder() -> Option<PathBuf> {
    variable("LOA_COVERAGE_DIR").map(PathBuf::from)
}

/// How long a test keeps a server away: `LOA_OUTAGE_SECONDS`, or else `usual`.
///
/// # Panics
/// When the variable is no number.
pub fn outage(usual: Duration) -> Duration {
    number("LOA_OUTAGE_SECONDS").map_or(usual, Duration::from_secs)
}

/// How often nodes are killed in the middle of work, instead of the usual number.
///
/// # Panics
/// When `LOA_KILL_ROUNDS` is no number.
pub fn kill_rounds() -> Option<u32> {
    number("LOA_KILL_ROUNDS")
}

/// Where the chances of those rounds start, to repeat one that failed.
///
/// # Panics
/// When `LOA_KILL_SEED` is no number.
pub fn kill_seed() -> Option<u64> {
    number("LOA_KILL_SEED")
}

fn number<N: std::str::FromStr>(name: &str) -> Option<N> {
    let text = variable(name)?;
    let number = text.parse().ok();
    assert!(number.is_some(), "{name}: expected a number, got {text}");
    number
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a test run is set up is no setting of the server"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
