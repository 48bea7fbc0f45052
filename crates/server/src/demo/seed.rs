//! The demo's content.

use loa_app::App;

use crate::failure::Failure;

/// Seeds a database that has no sites yet.
///
/// # Errors
/// Of the database.
pub(super) fn seed(app: &App) -> Result<(), Failure> {
    app.delivery().ready()?;
    Ok(())
}
