//! The command line. Exit codes: 0 done, 1 failed, 2 wrong arguments or settings.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgMatches, Args, Parser, Subcommand};
use loa_domain::people::Role;

use crate::config::Layer;

const AFTER_HELP: &str = "\
The secrets, LOA_SECRET, LOA_SECRET_PREVIOUS (several: one a line) and LOA_SECRET_NEXT, have no flag:
others on the machine could read it.
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

/// The name of a command with those it is below of, as `loa user create`.
pub(crate) fn name_of(mut matches: &ArgMatches) -> String {
    let mut name = "loa".to_owned();
    while let Some((below, its)) = matches.subcommand() {
        name.push(' ');
        name.push_str(below);
        matches = its;
    }
    name
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API
    Serve,
    /// Serve a seeded demo province from a folder of its own, with everything made on the way
    Demo(Demo),
    /// Show or run the database's migrations; `serve` runs them too, unless told to check only
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
    /// Take a text away for good, from an entry and all that keeps it: one person asks, another confirms
    #[command(subcommand)]
    Expunge(Expunge),
    /// The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Backups: make one, verify it, restore it
    Backup(Backup),
    /// Keys that sign access tokens
    #[command(subcommand)]
    Keys(Keys),
    /// Print the settings in force as TOML, secrets masked
    Config,
    /// Ask the server that listens at --listen whether it is there; exit code 1 when it is not
    Health(Health),
}

/// `loa health`.
#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Ask whether requests can be served, which needs a database
    #[arg(long)]
    pub(crate) ready: bool,
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
    Up {
        /// A role of PostgreSQL that shall be able to read and write rows, and nothing more
        #[arg(long, env = "LOA_APP_ROLE", value_name = "ROLE")]
        app_role: Option<String>,
    },
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
    Suspend(SuspendUser),
    /// Let a suspended account sign in again
    Resume(Email),
    /// Forget the failed sign-ins of an account, so that it can sign in again at once
    Unlock(Email),
    /// Give an account a role; no second administrator is asked
    Grant(GrantRole),
    /// List the roles and links that wait for a second administrator
    Requests,
    /// Confirm what an administrator asked for, in the place of a second one
    Confirm(AccessRequestArg),
    /// Refuse what an administrator asked for
    Refuse(AccessRequestArg),
}

/// `loa user suspend`.
#[derive(Debug, Args)]
pub(crate) struct SuspendUser {
    /// The account.
    #[command(flatten)]
    pub(crate) who: Email,
    /// Even if nobody else can administer the platform then
    #[arg(long)]
    pub(crate) even_the_last: bool,
}

/// `loa user grant`.
#[derive(Debug, Args)]
pub(crate) struct GrantRole {
    /// The account.
    #[command(flatten)]
    pub(crate) who: Email,
    /// The role.
    #[command(flatten)]
    pub(crate) role: RoleAtPlace,
}

/// A request by its id.
#[derive(Debug, Args)]
pub(crate) struct AccessRequestArg {
    /// Id of the request
    pub(crate) id: String,
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
    /// Its first role, if any.
    #[command(flatten)]
    pub(crate) role: RoleAtPlace,
}

/// A role at a site, at a unit, or on the platform.
#[derive(Debug, Args)]
pub(crate) struct RoleAtPlace {
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

const EXPUNGE_HELP: &str = "\
The password is asked for at the terminal. Otherwise the first line of standard input is the password,
and what follows it is the text to look for. Neither is ever an argument: others on the machine could
read it.";

/// `loa expunge`.
#[derive(Debug, Subcommand)]
pub(crate) enum Expunge {
    /// Ask that a revision, or whatever holds a text, be taken away; prints the request and its list
    #[command(after_help = EXPUNGE_HELP)]
    Request(ExpungeRequest),
    /// List the requests, newest first: id, state, site, entry, time, who asked, who decided
    List,
    /// Print what a request takes away, without its texts
    Show(ExpungeId),
    /// Take away what a request lists, as a second person; run again it cleans the files if need be
    #[command(after_help = EXPUNGE_HELP)]
    Confirm(ExpungeDecision),
    /// Take a request back
    #[command(after_help = EXPUNGE_HELP)]
    Cancel(ExpungeDecision),
}

/// `loa expunge request`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct ExpungeRequest {
    /// Email address of whoever asks
    #[arg(long)]
    pub(crate) email: String,
    /// The entry
    #[arg(long, value_name = "ID")]
    pub(crate) entry: String,
    /// The revision with this number, and any of the entry that says the same
    #[arg(long, value_name = "N", group = "what")]
    pub(crate) revision: Option<i32>,
    /// Whatever of the entry and its translations holds the text on standard input
    #[arg(long, group = "what")]
    pub(crate) containing_stdin: bool,
    /// Why; kept for ever, so it must not hold the text itself
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

/// A request by its id.
#[derive(Debug, Args)]
pub(crate) struct ExpungeId {
    /// Id of the request
    pub(crate) id: String,
}

/// `loa expunge confirm` and `cancel`.
#[derive(Debug, Args)]
pub(crate) struct ExpungeDecision {
    /// Id of the request
    pub(crate) id: String,
    /// Email address of whoever decides
    #[arg(long)]
    pub(crate) email: String,
}

/// `loa audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Recompute every chain; exit code 1 when a record was changed or is missing
    Verify(VerifyAudit),
    /// Print where every chain stands, to be kept elsewhere as an anchor; `serve` does so every hour
    Heads,
    /// List the secrets the trail is written with: number, fingerprint, since when, closed when, and
    /// which setting holds it
    Generations,
    /// Seal again under today's secret what older ones sealed, and close those: they may go then. First
    /// every node has to use today's
    Seal,
    /// Print the records as lines of JSON, oldest first, for a central log system
    Export(ExportAudit),
}

/// How exported records look.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object a line.
    #[default]
    Jsonl,
}

/// `loa audit export`.
#[derive(Debug, Args)]
pub(crate) struct ExportAudit {
    /// One chain alone: platform, or the slug or id of a site [default: all]
    #[arg(long, value_name = "CHAIN")]
    pub(crate) chain: Option<String>,
    /// From this time, or this day in Vietnam
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Before this time, or to the end of this day in Vietnam
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// How they look
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ExportFormat,
}

/// `loa audit verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyAudit {
    /// What `loa audit heads` printed, the manifest of a backup, the file that `serve` keeps or its log
    /// lines: every head in it has to be in its chain still, so that records cut off are missed
    #[arg(long, value_name = "FILE")]
    pub(crate) anchor: Option<PathBuf>,
}

/// `loa backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// What to do.
    #[command(subcommand)]
    pub(crate) what: BackupWhat,
    /// Folder of PostgreSQL's client tools [default: the search path, then /usr/lib/postgresql]
    #[arg(long, env = "LOA_PG_BIN", global = true, value_name = "FOLDER")]
    pub(crate) pg_bin: Option<PathBuf>,
}

/// What to do with a backup.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupWhat {
    /// Copy the database into a new folder while it is served
    Create {
        /// Folder to make
        folder: PathBuf,
        /// Encrypt to this recipient of age (age1…); can be given again. Takes the program age
        #[arg(long, value_name = "RECIPIENT")]
        recipient: Vec<String>,
    },
    /// Examine a backup: hashes, the database, audit chains, every published document
    Verify {
        /// Folder of the backup
        folder: PathBuf,
        /// An empty PostgreSQL database to restore a dump into, examine it and empty it again
        #[arg(
            long,
            env = "LOA_SCRATCH_URL",
            hide_env_values = true,
            value_name = "URL"
        )]
        into: Option<String>,
        /// File with the identity of age that opens an encrypted backup
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
    },
    /// Verify a backup and put it where there is nothing: an absent file, an empty database
    Restore {
        /// Folder of the backup
        folder: PathBuf,
        /// File with the identity of age that opens an encrypted backup
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
    },
}

/// `loa keys`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Write a new key into the folder; nodes publish it within seconds, and it signs an hour later
    New,
}
