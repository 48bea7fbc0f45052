//! The commands, one file each.

pub(crate) mod audit;
mod expunge;
mod generated;
mod health;
pub(crate) mod keys;
mod migrate;
mod reproject;
mod user;

use crate::cli::{Cli, Command};
use crate::config::{Layer, Settings};
use crate::failure::Failure;
use crate::{backup, demo, out, serve};

/// Runs a command.
///
/// # Errors
/// As the command says.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let settings = |defaults| Settings::load(cli.config.as_deref(), cli.settings, defaults);
    match cli.command {
        // Generated files depend on nothing but the code.
        Command::Openapi(args) => generated::openapi(&args),
        Command::Docs(args) => generated::docs(&args),
        Command::Demo(args) => demo::run(&args, settings),
        Command::Serve => serve::serve(&settings(Layer::default())?, |_| Ok(String::new())),
        Command::Migrate(what) => migrate::run(&what, &settings(Layer::default())?),
        Command::Reproject(args) => reproject::run(&args, &settings(Layer::default())?),
        Command::User(what) => user::run(what, &settings(Layer::default())?),
        Command::Expunge(what) => expunge::run(&what, &settings(Layer::default())?),
        Command::Backup(args) => backup::run(&args, &settings(Layer::default())?),
        Command::Audit(what) => audit::run(&what, &settings(Layer::default())?),
        Command::Keys(what) => keys::run(&what, &settings(Layer::default())?),
        Command::Health(args) => health::run(&args, &settings(Layer::default())?),
        Command::Config => {
            out::text(&settings(Layer::default())?.to_toml()?);
            Ok(())
        }
    }
}
