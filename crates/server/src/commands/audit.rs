//! `loa audit`.

use crate::cli::Audit;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Recomputes the chains.
///
/// # Errors
/// When a record does not fit, or the database is away.
pub(super) fn run(what: &Audit, settings: &Settings) -> Result<(), Failure> {
    let Audit::Verify = what;
    let app = wiring::app(settings)?;
    let keys = app.secrets().audit_keys();
    let spinner = out::spinner("recomputing the audit trail");
    let result = app
        .store()
        .read(|conn| loa_store::audit::system_verify(conn, &keys));
    spinner.finish_and_clear();
    match result? {
        Ok(count) => {
            out::line(&format!("{count} records, every chain whole"));
            Ok(())
        }
        Err(broken) => Err(Failure::failed(format!(
            "chain {} is broken at record {}",
            broken.chain, broken.number
        ))),
    }
}
