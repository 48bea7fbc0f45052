//! `loa keys`.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use loa_app::identity::TokenKeys;
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
    Ok(())
}

/// Writes a new key, named by the time, into a folder that is made if need be.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn new_key(folder: &Path) -> Result<PathBuf, Failure> {
    let pem = TokenKeys::new_pem().map_err(|error| Failure::failed(error.to_string()))?;
    let name = SystemClock.now().utc().format("%Y%m%dT%H%M%S%6fZ.pem");
    let path = folder.join(name.to_string());
    std::fs::create_dir_all(folder)
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
