//! `loa keys`.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use loa_app::identity::{NAMED_BY_TIME, PUBLISHED_AHEAD, TokenKeys};
use loa_app::{Clock, SystemClock};

use crate::cli::Keys;
use crate::config::Settings;
use crate::failure::Failure;
use crate::out;

/// Writes a new key.
///
/// # Errors
/// When there is no folder or it cannot be written.
pub(super) fn run(what: &Keys, settings: &Settings) -> Result<(), Failure> {
    let Keys::New = what;
    let folder = settings.jwt_keys.as_deref().ok_or_else(|| {
        Failure::usage("no folder: set LOA_JWT_KEYS (or --jwt-keys, or jwt_keys in loa.toml)")
    })?;
    out::line(&new_key(folder)?.display().to_string());
    out::complain(&format!(
        "nodes that run read it within seconds; unless it is the only one it signs in {} minutes, so \
         bring it to the folder of every node before that",
        PUBLISHED_AHEAD.num_minutes()
    ));
    Ok(())
}

/// Writes a new key, named by the time, into a folder that is made if need be.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn new_key(folder: &Path) -> Result<PathBuf, Failure> {
    let pem = TokenKeys::new_pem().map_err(|error| Failure::failed(error.to_string()))?;
    let name = SystemClock.now().utc().format(NAMED_BY_TIME);
    let path = folder.join(format!("{name}.pem"));
    // A folder that is there already keeps its rights; `serve` warns of wide ones.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| write_private(&path, &pem))
        .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    Ok(path)
}

/// Writes a new file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
