//! `loa demo`: everything a server needs, made on the way, and a province to look at.

mod folder;
mod seed;

use std::path::Path;

use crate::config::{Layer, LogFormat, Settings};
use crate::failure::Failure;
use crate::serve;

/// Makes what is missing, seeds and serves. Settings given otherwise win over the folder's.
///
/// # Errors
/// When the folder cannot be written, and as [`serve::serve`].
pub(crate) fn run(
    data: &Path,
    settings: impl FnOnce(Layer) -> Result<Settings, Failure>,
) -> Result<(), Failure> {
    let folder = folder::prepare(data)?;
    let settings = settings(Layer {
        database_url: Some(folder.database_url),
        secret: Some(folder.secret),
        jwt_keys: Some(folder.keys),
        log_format: Some(LogFormat::Pretty),
        log_level: Some("warn".to_owned()),
        ..Layer::default()
    })?;
    serve::serve(&settings, |app| {
        seed::seed(app)?;
        Ok(welcome(&settings))
    })
}

fn welcome(settings: &Settings) -> String {
    let listen = settings.listen;
    format!(
        "Loa is at   http://{listen}/\n\
         To read:    http://{listen}/docs/\n\
         Ctrl-C ends it; what was written stays.\n"
    )
}
