//! The demo's data folder: a database, a secret and a signing key, made once and kept.

use std::path::{Path, PathBuf};

use crate::commands::keys::{new_key, write_private};
use crate::failure::Failure;

/// What the folder holds.
pub(super) struct Folder {
    pub(super) database_url: String,
    pub(super) secret: String,
    pub(super) keys: PathBuf,
}

/// Makes what is missing.
///
/// # Errors
/// When the folder cannot be read or written.
pub(super) fn prepare(data: &Path) -> Result<Folder, Failure> {
    let wrong = |path: &Path, error: std::io::Error| {
        Failure::failed(format!("{}: {error}", path.display()))
    };
    std::fs::create_dir_all(data).map_err(|error| wrong(data, error))?;
    let secret = data.join("secret");
    if !secret.exists() {
        write_private(&secret, &new_secret()).map_err(|error| wrong(&secret, error))?;
    }
    let keys = data.join("keys");
    if !keys.exists() {
        new_key(&keys)?;
    }
    Ok(Folder {
        database_url: format!("sqlite:{}", data.join("loa.db").display()),
        secret: std::fs::read_to_string(&secret).map_err(|error| wrong(&secret, error))?,
        keys,
    })
}

fn new_secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    loa_domain::canonical::hex(&bytes)
}
