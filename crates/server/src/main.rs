//! The `loa` binary: settings, wiring, the command line and background work.
//!
//! Whatever it does is a call of a use case; rules live further in. This is the only crate that
//! reads the environment.

mod background;
mod backup;
mod cli;
mod commands;
mod config;
mod demo;
mod failure;
mod observability;
mod out;
mod serve;
mod wiring;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    let matches = cli::Cli::command().get_matches();
    let name = cli::name_of(&matches);
    let cli = cli::Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match commands::run(&name, cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out::complain(&format!("error: {failure}"));
            failure.exit_code()
        }
    }
}
