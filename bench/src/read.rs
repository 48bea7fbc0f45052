//! Reading under load: Loa and the bare server in turn, on each database, with and without cache.

use std::path::Path;

use loa_store::DatabaseUrl;

use crate::addresses::{self, Load};
use crate::database::Database;
use crate::http::Client;
use crate::machine::{self, Cpus};
use crate::out::{Outcome, note};
use crate::program::{CACHE, Program};
use crate::results::{Read, Results, Speed, Start, median};
use crate::wrk;

/// How to measure.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// The databases; they hold the same
    #[arg(long = "database", required = true, value_name = "URL")]
    pub(crate) databases: Vec<DatabaseUrl>,
    /// Seconds of one run of the load tool
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u32,
    /// Rounds of both servers
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: u32,
}

/// Documents of a sample.
const SAMPLE: usize = 200;

/// The two servers of a measurement, and where it is made.
struct Bench<'b> {
    work: &'b Path,
    cpus: &'b Cpus,
    plan: &'b Plan,
    loa: &'b Program,
    bare: &'b Program,
}

/// Measures everything and adds it to the results.
///
/// # Errors
/// When anything does not run or an answer is wrong.
pub(crate) fn measure(loa: &Path, work: &Path, cpus: &Cpus, plan: &Plan) -> Outcome<()> {
    let first = plan.databases.first().ok_or("no database")?;
    let mut database = Database::connect(first)?;
    addresses::write(&mut database, work)?;
    let source = Program::loa(loa, work, cpus, &text(first), 0)?;
    note("copying every answer for the bare server");
    let bare = Program::bare(work, cpus, source.address)?;
    source.stop()?;
    let mut results = Results::load(work)?;
    results.entries = database.count("published_entries")?;
    for url in &plan.databases {
        let mut database = Database::connect(url)?;
        for cached in [true, false] {
            let cache = if cached { CACHE } else { 0 };
            let loa = Program::loa(loa, work, cpus, &text(url), cache)?;
            let bench = Bench {
                work,
                cpus,
                plan,
                loa: &loa,
                bare: &bare,
            };
            bench.check(&mut database)?;
            for load in Load::ALL {
                let read = bench.load(load, database.name(), cached)?;
                results.reads.push(read);
            }
            bench.check(&mut database)?;
            results.starts.push(Start {
                database: database.name().to_owned(),
                cached,
                ready_ms: loa.ready.as_secs_f64() * 1_000.0,
                memory_mib: mib(machine::peak_memory(loa.pid())?),
            });
            loa.stop()?;
        }
    }
    results.save(work)
}

impl Bench<'_> {
    /// Measures one load: a run of each to warm up, then both in turn.
    fn load(&self, load: Load, database: &str, cached: bool) -> Outcome<Read> {
        let warm = self.plan.seconds.div_ceil(3);
        for server in [self.loa, self.bare] {
            self.run(server, load, warm)?;
        }
        let (mut loa, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..self.plan.rounds {
            loa.push(self.run(self.loa, load, self.plan.seconds)?);
            bare.push(self.run(self.bare, load, self.plan.seconds)?);
        }
        let read = Read {
            database: database.to_owned(),
            cached,
            load,
            loa: middle(&loa),
            bare: middle(&bare),
        };
        note(&format!(
            "{database}, {}, {}: {:.0}/s of {:.0}/s, {:.2}; {:.1} µs of {:.1} µs",
            if cached { "cached" } else { "uncached" },
            load.name(),
            read.loa.per_second,
            read.bare.per_second,
            read.loa.per_second / read.bare.per_second,
            read.loa.cpu,
            read.bare.cpu,
        ));
        Ok(read)
    }

    fn run(&self, server: &Program, load: Load, seconds: u32) -> Outcome<Speed> {
        let before = machine::cpu_seconds(server.pid())?;
        let file = load.file(self.work);
        let run = wrk::run(self.work, self.cpus, server.address, &file, seconds)?;
        let cpu = machine::cpu_seconds(server.pid())? - before;
        let requests = f64::from(run.requests);
        Ok(Speed {
            per_second: requests / f64::from(run.micros) * 1_000_000.0,
            p50: f64::from(run.p50),
            p99: f64::from(run.p99),
            cpu: cpu / requests * 1_000_000.0,
        })
    }

    /// Compares a sample of bodies of both servers with what is stored.
    fn check(&self, database: &mut Database) -> Outcome<()> {
        let count = usize::try_from(database.count("published_entries")?)?;
        let sample = database.sample(count.div_ceil(SAMPLE))?;
        if sample.is_empty() {
            return Err("there is nothing to compare".into());
        }
        let (mut loa, mut bare) = (
            Client::connect(self.loa.address)?,
            Client::connect(self.bare.address)?,
        );
        for stored in sample {
            let address = format!("/api/v1/sites/{}/articles/{}", stored.site, stored.slug);
            let expected = format!("{{\"data\":{}}}", stored.text);
            for client in [&mut loa, &mut bare] {
                let answer = client.get(&address)?.expect(200, &address)?;
                if answer.body != expected.as_bytes() {
                    return Err(format!("{address}: the body is another than stored").into());
                }
            }
        }
        same_lists(self.work, &mut loa, &mut bare)
    }
}

/// Lists have to be the same at both, with their headers.
fn same_lists(work: &Path, loa: &mut Client, bare: &mut Client) -> Outcome<()> {
    let mut lists = addresses::read(&Load::List.file(work))?;
    lists.sort_unstable();
    lists.dedup();
    for address in lists {
        let (ours, copy) = (
            loa.get(&address)?.expect(200, &address)?,
            bare.get(&address)?.expect(200, &address)?,
        );
        let names = |answer: &crate::http::Answer| {
            let mut names: Vec<String> = answer
                .headers
                .iter()
                .map(|(name, _)| name.clone())
                .collect();
            names.sort_unstable();
            names
        };
        if ours.body != copy.body || ours.header("etag") != copy.header("etag") {
            return Err(format!("{address}: the bare server sends something else").into());
        }
        if names(&ours) != names(&copy) {
            return Err(format!("{address}: the bare server sends other headers").into());
        }
    }
    Ok(())
}

fn middle(runs: &[Speed]) -> Speed {
    let of = |part: fn(&Speed) -> f64| median(runs.iter().map(part));
    Speed {
        per_second: of(|run| run.per_second),
        p50: of(|run| run.p50),
        p99: of(|run| run.p99),
        cpu: of(|run| run.cpu),
    }
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0
}

/// A URL as a setting of Loa.
pub(crate) fn text(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}
