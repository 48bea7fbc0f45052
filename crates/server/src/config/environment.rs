//! What the command-line library does not read from the environment: the secrets, and names that
//! nobody knows.

use std::os::unix::fs::MetadataExt;

use clap::CommandFactory;

use super::layer::Layer;
use super::types::PreviousSecrets;
use crate::cli::Cli;
use crate::failure::Failure;

const SECRET: &str = "LOA_SECRET";
const SECRET_PREVIOUS: &str = "LOA_SECRET_PREVIOUS";
const SECRET_NEXT: &str = "LOA_SECRET_NEXT";

/// Adds the secrets, which have no flag.
pub(super) fn with_secrets(mut flags: Layer) -> Result<Layer, Failure> {
    flags.secret = variable(SECRET)?;
    let previous = variable(SECRET_PREVIOUS)?;
    flags.secret_previous = previous.map(|lines| PreviousSecrets::of_lines(&lines));
    flags.secret_next = variable(SECRET_NEXT)?;
    Ok(flags)
}

/// A variable; set to nothing it counts as not set, as compose files write it.
#[expect(
    clippy::disallowed_methods,
    reason = "the settings, and nothing else, read the environment"
)]
fn variable(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::usage(format!("{name} is not UTF-8 text")))
        }
    }
}

/// Who runs a command, as far as the machine tells: for the security log.
pub(crate) struct Operator {
    /// Number of the user the process runs as.
    pub(crate) uid: Option<u32>,
    /// Name of the person who signed in to the machine, as `sudo` and the shell tell it.
    pub(crate) login: Option<String>,
    /// Network address they came from, if by SSH.
    pub(crate) address: Option<String>,
}

impl Operator {
    /// Of this process.
    pub(crate) fn of_this_process() -> Self {
        // What cannot be read is not told: it decides nothing.
        let text = |name| variable(name).ok().flatten();
        let ssh = text("SSH_CONNECTION").or_else(|| text("SSH_CLIENT"));
        Self {
            uid: std::fs::metadata("/proc/self").ok().map(|own| own.uid()),
            login: text("SUDO_USER").or_else(|| text("LOGNAME")),
            address: ssh.and_then(|ssh| ssh.split(' ').next().map(ToOwned::to_owned)),
        }
    }
}

/// Variables that look like settings and are none: probably misspelt.
pub(crate) fn unknown_variables() -> Vec<String> {
    let mut known = [SECRET, SECRET_PREVIOUS, SECRET_NEXT]
        .map(str::to_owned)
        .to_vec();
    collect(&Cli::command(), &mut known);
    std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with("LOA_") && !known.contains(name))
        .collect()
}

/// The variables of a command and all below it.
fn collect(command: &clap::Command, known: &mut Vec<String>) {
    let names = command.get_arguments().filter_map(clap::Arg::get_env);
    known.extend(names.map(|name| name.to_string_lossy().into_owned()));
    for below in command.get_subcommands() {
        collect(below, known);
    }
}
