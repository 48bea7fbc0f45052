//! The command line. Exit codes: 0 done, 1 failed, 2 wrong arguments or settings.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use loa_domain::people::Role;

use crate::config::Layer;

const AFTER_HELP: &str = "\
The secrets, LOA_SECRET and LOA_SECRET_PREVIOUS, have no flag: others on the machine could read it.
Exit codes: 0 done, 1 failed, 2 wrong arguments or settings.";

/// Headless CMS for the information portals of Vietnam's communes
///
/// Settings come from flags, then the environment, then loa.toml, then defaults.
#[derive(Debug, Parser)]
#[command(name = "loa", version, propagate_version = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Settings file [default: loa.toml, if there is one]
    #[arg(long, env = "LOA_CONFIG", global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Settings.
    #[command(flatten)]
    pub(crate) settings: Layer,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API
    Serve,
    /// Serve a seeded demo province from a folder of its own, with everything made on the way
    Demo(Demo),
    /// Show or run the database's migrations; `serve` runs them too
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print the OpenAPI document, or compare or write the committed file
    Openapi(Openapi),
    /// Print the generated pages, or compare or write the committed files
    Docs(Docs),
    /// Render again what is published, for instance after an upgrade that renders differently
    Reproject(Reproject),
    /// Accounts, for whoever runs the machine; the first administrator is made here
    #[command(subcommand)]
    User(User),
    /// The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Keys that sign access tokens
    #[command(subcommand)]
    Keys(Keys),
    /// Print the settings in force as TOML, secrets masked
    Config,
}

/// The demo's password when none is chosen. It is in the README: good on one's own machine alone.
pub(crate) const PUBLIC_PASSWORD: &str = "loa-demo-2026-mat-khau";

/// `loa demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the database, the secret and the key
    #[arg(long, default_value = "./loa-data", value_name = "FOLDER")]
    pub(crate) data: PathBuf,
    /// Password of all its accounts, fixed when it is first made
    #[arg(
        long,
        env = "LOA_DEMO_PASSWORD",
        hide_env_values = true,
        default_value = PUBLIC_PASSWORD,
        value_name = "TEXT"
    )]
    pub(crate) password: String,
}

/// `loa migrate`.
#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    /// List the migrations and which have run
    Status,
    /// Run what has not run yet
    Up,
}

/// How a generated file is treated.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Generated {
    /// Compare with the file; exit code 1 when it differs
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the file
    #[arg(long)]
    pub(crate) write: bool,
}

/// `loa openapi`.
#[derive(Debug, Args)]
pub(crate) struct Openapi {
    /// How the file is treated.
    #[command(flatten)]
    pub(crate) generated: Generated,
    /// The committed file
    #[arg(long, default_value = "openapi/openapi.json", value_name = "FILE")]
    pub(crate) path: PathBuf,
}

/// `loa docs`.
#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// How the files are treated.
    #[command(flatten)]
    pub(crate) generated: Generated,
    /// The folder of the committed files
    #[arg(long, default_value = "docs", value_name = "FOLDER")]
    pub(crate) path: PathBuf,
}

/// `loa reproject`.
#[derive(Debug, Args)]
pub(crate) struct Reproject {
    /// Only the site with this slug
    #[arg(long, value_name = "SLUG")]
    pub(crate) site: Option<String>,
}

/// `loa user`.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make an account and print its one-time path to set a password
    Create(NewUser),
    /// List all accounts: address, status, whether there is a password, name
    List,
    /// Print a new one-time path to set a password, in place of earlier ones
    PasswordLink(Email),
    /// End all sessions of an account and let it sign in no more
    Suspend(Email),
    /// Let a suspended account sign in again
    Resume(Email),
}

/// An account by its address.
#[derive(Debug, Args)]
pub(crate) struct Email {
    /// Email address of the account
    pub(crate) email: String,
}

/// `loa user create`.
#[derive(Debug, Args)]
pub(crate) struct NewUser {
    /// Email address
    #[arg(long)]
    pub(crate) email: String,
    /// Full name
    #[arg(long)]
    pub(crate) name: String,
    /// Role at a site or a unit
    #[arg(long, requires = "place")]
    #[arg(value_parser = PossibleValuesParser::new(roles()).try_map(|word| word.parse::<Role>()))]
    pub(crate) role: Option<Role>,
    /// Slug of the site the role is held at
    #[arg(long, value_name = "SLUG", group = "place", requires = "role")]
    pub(crate) site: Option<String>,
    /// Code of the unit the role is held at, with all below it
    #[arg(long, value_name = "CODE", group = "place", requires = "role")]
    pub(crate) unit: Option<String>,
    /// Make it an administrator of the whole installation
    #[arg(long, conflicts_with_all = ["role", "place"])]
    pub(crate) platform_admin: bool,
}

/// The roles that are held at a place.
fn roles() -> impl Iterator<Item = &'static str> {
    Role::ALL
        .iter()
        .filter(|role| **role != Role::PlatformAdmin)
        .map(|role| role.as_str())
}

/// `loa audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Recompute every chain; exit code 1 when a record was changed or is missing
    Verify,
}

/// `loa keys`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Write a new key into the folder; it signs from the next start on, the others still verify
    New,
}
