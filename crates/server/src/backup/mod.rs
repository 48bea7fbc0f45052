//! `loa backup`: a folder with a copy of the database and a manifest that says what is in it.
//!
//! Not for settings, the secret and signing keys: whoever has those and a backup has everything, so
//! they are kept apart.

mod age;
mod create;
mod examine;
mod files;
mod manifest;
mod restore;
mod tools;
mod verify;

use std::path::Path;

use loa_app::Secrets;

use crate::cli::{Backup, BackupWhat};
use crate::config::Settings;
use crate::failure::Failure;
use crate::wiring;

/// What all three work with.
struct Kit<'a> {
    secrets: Secrets,
    settings: &'a Settings,
    /// Where PostgreSQL's tools are, if somebody says so.
    pg_bin: Option<&'a Path>,
    /// What opens an encrypted backup.
    identity: Option<&'a Path>,
}

/// Makes, verifies or restores a backup.
///
/// # Errors
/// Names what is wrong.
pub(crate) fn run(args: &Backup, settings: &Settings) -> Result<(), Failure> {
    let kit = Kit {
        secrets: wiring::secrets(settings)?,
        settings,
        pg_bin: args.pg_bin.as_deref(),
        identity: match &args.what {
            BackupWhat::Create { .. } => None,
            BackupWhat::Verify { identity, .. } | BackupWhat::Restore { identity, .. } => {
                identity.as_deref()
            }
        },
    };
    match &args.what {
        BackupWhat::Create { folder, recipient } => create::run(&kit, folder, recipient),
        BackupWhat::Verify { folder, into, .. } => verify::run(&kit, folder, into.as_deref()),
        BackupWhat::Restore { folder, .. } => restore::run(&kit, folder),
    }
}
