//! `loa migrate`.

use crate::cli::Migrate;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Lists or runs migrations.
///
/// # Errors
/// When the database is away or a migration fails.
pub(super) fn run(what: &Migrate, settings: &Settings) -> Result<(), Failure> {
    let store = wiring::store_for_migrations(settings)?;
    match what {
        Migrate::Status => {
            for migration in store.migrations().status()? {
                let state = if migration.applied { "done" } else { "to do" };
                out::line(&format!("{state:6} {}", migration.name));
            }
        }
        Migrate::Up { app_role } => {
            let spinner = out::spinner("running migrations");
            let ran = wiring::migrate(&store);
            spinner.finish_and_clear();
            let ran = ran?;
            for version in &ran {
                out::line(&format!("ran {version}"));
            }
            if ran.is_empty() {
                out::line("nothing to do");
            }
            if let Some(role) = app_role {
                store.migrations().grant_rows(role)?;
                out::line(&format!("{role} may read and write rows"));
            }
        }
    }
    Ok(())
}
