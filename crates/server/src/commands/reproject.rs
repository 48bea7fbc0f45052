//! `loa reproject`.

use crate::cli::Reproject;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Renders everything published again.
///
/// # Errors
/// When there is no such site, an entry cannot be rendered, or the database is away.
pub(super) fn run(args: &Reproject, settings: &Settings) -> Result<(), Failure> {
    let app = wiring::admitted(settings)?;
    let spinner = out::spinner("rendering again");
    let result = app
        .editorial()
        .reproject(args.site.as_deref(), |seen| spinner.set_position(seen));
    spinner.finish_and_clear();
    let done = result.map_err(|error| match (error, &args.site) {
        (loa_app::Error::NotFound, Some(site)) => Failure::failed(format!("no site {site}")),
        (error, _) => error.into(),
    })?;
    for damaged in &done.damaged {
        out::complain(&format!("entry {}: {}", damaged.entry, damaged.error));
    }
    out::line(&format!("{} documents are different now", done.changed));
    match done.damaged.len() {
        0 => Ok(()),
        count => Err(Failure::failed(format!(
            "{count} entries cannot be rendered and stay as they were"
        ))),
    }
}
