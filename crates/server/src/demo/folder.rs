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
    std::fs::create_dir_all(data).map_err(|error| wrong(data, &error))?;
    let secret = data.join("secret");
    if !secret.exists() {
        write_private(&secret, &new_secret()).map_err(|error| wrong(&secret, &error))?;
    }
    let keys = data.join("keys");
    if !keys.exists() {
        new_key(&keys)?;
    }
    Ok(Folder {
        database_url: format!("sqlite:{}", data.join("loa.db").display()),
        secret: std::fs::read_to_string(&secret).map_err(|error| wrong(&secret, &error))?,
        keys,
    })
}

/// The file that remembers the password the accounts were made with.
pub(super) struct Password(PathBuf);

impl Password {
    /// The one of a folder.
    pub(super) fn of(data: &Path) -> Self {
        Self(data.join("password"))
    }

    /// Remembers it, for whoever starts the demo again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn keep(&self, password: &str) -> Result<(), Failure> {
        if self.0.exists() {
            // Of a database that was deleted since.
            std::fs::remove_file(&self.0).map_err(|error| wrong(&self.0, &error))?;
        }
        write_private(&self.0, password).map_err(|error| wrong(&self.0, &error))
    }

    /// What is remembered, or else the one given.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read(&self, given: &str) -> Result<String, Failure> {
        if self.0.exists() {
            std::fs::read_to_string(&self.0).map_err(|error| wrong(&self.0, &error))
        } else {
            Ok(given.to_owned())
        }
    }
}

fn wrong(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {error}", path.display()))
}

fn new_secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    loa_domain::canonical::hex(&bytes)
}
