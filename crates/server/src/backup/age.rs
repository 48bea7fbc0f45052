//! Encryption to recipients, by the program `age`: whoever has a copy and no identity has nothing.
//!
//! A program and not a library, as `pg_dump` is: docs/adr/0021-roles-networks-and-proxies.md.

use std::path::Path;
use std::process::{Command, Stdio};

use super::files;
use super::tools::Running;
use crate::failure::Failure;

/// Debian has it as a package of this name.
const PROGRAM: &str = "age";

/// Writes a new file that only the recipients can read.
///
/// # Errors
/// When a recipient is none, the program is missing or the disk is full.
pub(super) fn encrypt(from: &Path, to: &Path, recipients: &[String]) -> Result<(), Failure> {
    // Neither a flag nor a passphrase.
    let odd = recipients
        .iter()
        .find(|it| !it.starts_with("age1") && !it.starts_with("ssh-"));
    if let Some(odd) = odd {
        return Err(Failure::usage(format!(
            "--recipient: expected age1… or ssh-…, got {odd}; make a pair with: age-keygen"
        )));
    }
    let mut command = Command::new(PROGRAM);
    command.arg("--encrypt");
    for recipient in recipients {
        command.args(["--recipient", recipient]);
    }
    run(command.arg("--output").arg(to).arg(from))?;
    files::sync(to).map_err(files::at(to))
}

/// Writes a new file with what was encrypted.
///
/// # Errors
/// When the identity is another one, or the file was changed or cut short.
pub(super) fn decrypt(from: &Path, to: &Path, identity: &Path) -> Result<(), Failure> {
    let mut command = Command::new(PROGRAM);
    command.arg("--decrypt").arg("--identity").arg(identity);
    run(command.arg("--output").arg(to).arg(from))
}

fn run(command: &mut Command) -> Result<(), Failure> {
    for own in ["LOA_SECRET", "LOA_SECRET_PREVIOUS", "LOA_DATABASE_URL"] {
        command.env_remove(own);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let started = Running::start(command, Path::new(PROGRAM));
    let mut running = started.map_err(|error| {
        Failure::failed(format!(
            "{error}; encrypting takes the program age (Debian: the package age)"
        ))
    })?;
    running.end()
}
