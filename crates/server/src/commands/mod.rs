//! The commands, one file each.

pub(crate) mod audit;
mod audit_export;
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
use crate::observability::as_operator;
use crate::{backup, demo, out, serve};

/// Runs the command of this name.
///
/// # Errors
/// As the command says.
pub(crate) fn run(name: &str, cli: Cli) -> Result<(), Failure> {
    let settings = |defaults| Settings::load(cli.config.as_deref(), cli.settings.clone(), defaults);
    let own = || settings(Layer::default());
    match cli.command {
        // Generated files depend on nothing but the code.
        Command::Openapi(args) => generated::openapi(&args),
        Command::Docs(args) => generated::docs(&args),
        Command::Demo(args) => demo::run(&args, settings),
        Command::Serve => serve::serve(&own()?, |_| Ok(String::new())),
        Command::Migrate(what) => as_operator(name, &own()?, |own| migrate::run(&what, own)),
        Command::Reproject(args) => as_operator(name, &own()?, |own| reproject::run(&args, own)),
        Command::User(what) => as_operator(name, &own()?, |own| user::run(what, own)),
        Command::Expunge(what) => as_operator(name, &own()?, |own| expunge::run(&what, own)),
        Command::Backup(args) => as_operator(name, &own()?, |own| backup::run(&args, own)),
        Command::Audit(what) => as_operator(name, &own()?, |own| audit::run(&what, own)),
        Command::Keys(what) => as_operator(name, &own()?, |own| keys::run(&what, own)),
        Command::Health(args) => health::run(&args, &own()?),
        Command::Config => {
            out::text(&own()?.to_toml()?);
            Ok(())
        }
    }
}
