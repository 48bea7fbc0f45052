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

use clap::Parser;

fn main() -> ExitCode {
    match commands::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out::complain(&format!("error: {failure}"));
            failure.exit_code()
        }
    }
}
