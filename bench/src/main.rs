//! Measures how fast Loa is: makes content, loads servers, and writes a report.
//!
//! `bench/run` puts the parts together; `bench/README.md` says what is measured and why so. Not a
//! part of the product.

mod addresses;
mod bare;
mod bodies;
mod commits;
mod database;
mod dump;
mod generate;
mod growth;
mod http;
mod machine;
mod out;
mod program;
mod publish;
mod random;
mod read;
mod report;
mod results;
mod wrk;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use loa_app::{Clock, SystemClock};
use loa_store::DatabaseUrl;

use addresses::Load;
use database::Database;
use out::Outcome;
use report::Report;
use results::Results;

/// Measures how fast Loa is; bench/run puts the parts together
#[derive(Debug, Parser)]
#[command(name = "loa-bench")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fill an empty database with sites and published articles
    Generate {
        /// Where to
        #[arg(long)]
        database: DatabaseUrl,
        #[command(flatten)]
        size: generate::Size,
    },
    /// Write a SQLite database as SQL for psql
    Dump {
        /// Which
        #[arg(long)]
        database: DatabaseUrl,
    },
    /// Serve copies of another server's answers, and nothing else
    Bare {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long)]
        from: SocketAddr,
        /// Folder of the files of addresses
        #[arg(long)]
        work: PathBuf,
    },
    /// Measure reading under load
    Read {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        plan: read::Plan,
    },
    /// Measure pages of a small and of a large site
    Growth {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        plan: growth::Plan,
    },
    /// Measure publishing
    Publish {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        plan: publish::Plan,
    },
    /// Measure reading while eight people send the worst bodies; fails when an aim is missed
    Bodies {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        plan: bodies::Plan,
    },
    /// Write the report; fails when a row is missing
    Report {
        /// Folder of what was measured
        #[arg(long)]
        work: PathBuf,
        /// Databases it was measured on
        #[arg(long)]
        databases: usize,
        /// Where to
        #[arg(long)]
        out: PathBuf,
        /// Fail when an aim is missed, too
        #[arg(long)]
        aims: bool,
    },
}

/// What every measurement needs.
#[derive(Debug, Clone, clap::Args)]
struct Place {
    /// The binary to measure
    #[arg(long)]
    loa: PathBuf,
    /// Folder for everything that is made on the way
    #[arg(long)]
    work: PathBuf,
    #[command(flatten)]
    cpus: machine::Cpus,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            out::note(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Generate { database, size } => {
            generate::generate(&generate::app(database, program::SECRET)?, size)
        }
        Command::Dump { database } => match Database::connect(&database)? {
            Database::Sqlite(mut conn) => dump::dump(&mut conn),
            Database::Postgres(_) => Err("only a SQLite database can be dumped".into()),
        },
        Command::Bare { listen, from, work } => {
            let all = addresses::all(&work);
            bare::serve(listen, from, &[&all, &Load::List.file(&work)])
        }
        Command::Read { place, plan } => read::measure(&place.loa, &place.work, &place.cpus, &plan),
        Command::Growth { place, plan } => {
            growth::measure(&place.loa, &place.work, &place.cpus, &plan)
        }
        Command::Publish { place, plan } => {
            publish::measure(&place.loa, &place.work, &place.cpus, &plan)
        }
        Command::Bodies { place, plan } => {
            bodies::measure(&place.loa, &place.work, &place.cpus, &plan)
        }
        Command::Report {
            work,
            databases,
            out,
            aims,
        } => report(&work, databases, &out, aims),
    }
}

fn report(work: &Path, databases: usize, out: &Path, aims: bool) -> Outcome<()> {
    let results = Results::load(work)?;
    report::complete(&results, databases)?;
    let day = SystemClock.now().day().to_string();
    let report = Report::of(&results, &day)?;
    std::fs::write(out, &report.text)?;
    out::line(&report.text);
    if aims && !report.missed.is_empty() {
        return Err(format!("missed:\n  {}", report.missed.join("\n  ")).into());
    }
    Ok(())
}
