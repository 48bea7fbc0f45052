//! What tests are told from outside: where PostgreSQL is, how long to keep one away, and where to
//! note what was covered.

use std::path::PathBuf;
use std::time::Duration;

/// URL of a PostgreSQL superuser, with a database to connect to first.
pub(crate) fn postgres_url() -> Option<String> {
    variable("LOA_TEST_POSTGRES_URL")
}

/// Whether a run without PostgreSQL is a failure, not a shortcut.
pub(crate) fn postgres_required() -> bool {
    variable("LOA_REQUIRE_POSTGRES").is_some() || variable("CI").is_some()
}

/// A folder for lists of the operations and statuses that tests have seen.
pub(crate) fn coverage_folder() -> Option<PathBuf> {
    variable("LOA_COVERAGE_DIR").map(PathBuf::from)
}

/// How long a test keeps a server away: `LOA_OUTAGE_SECONDS`, or else `usual`.
///
/// # Panics
/// When the variable is not a number.
pub fn outage(usual: Duration) -> Duration {
    variable("LOA_OUTAGE_SECONDS").map_or(usual, |text| {
        Duration::from_secs(text.parse().expect("LOA_OUTAGE_SECONDS is a number"))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a test run is set up is no setting of the server"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
