//! Publishing: actions per second over HTTP, beside what the disk can do.
//!
//! Entries are written, handed in and approved beforehand; only `publish` is measured.

use std::path::{Path, PathBuf};
use std::time::Instant;

use loa_store::DatabaseUrl;
use serde_json::{Value, json};

use crate::commits;
use crate::database::Database;
use crate::generate::{self, CHIEF, CONTRIBUTOR, PASSWORD};
use crate::http::Client;
use crate::machine::Cpus;
use crate::out::{Outcome, note};
use crate::program::{CACHE, Program};
use crate::random::Random;
use crate::read::text;
use crate::results::{Publishing, Results, median, percentile};

/// How to measure.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// The databases
    #[arg(long = "database", required = true, value_name = "URL")]
    pub(crate) databases: Vec<DatabaseUrl>,
    /// Publications of each measurement
    #[arg(long, default_value_t = 2_000)]
    pub(crate) actions: usize,
}

/// Clients at once.
pub(crate) const CLIENTS: [usize; 2] = [1, 8];
/// Publications to see what one writes. Few, so that the log does not begin again meanwhile.
const PROBES: usize = 10;

/// An approved entry.
struct Approved {
    address: String,
    tag: String,
}

/// Somebody signed in.
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) bearer: String,
}

impl Person {
    /// Signs somebody in.
    ///
    /// # Errors
    /// When they are not let in.
    pub(crate) fn sign_in(program: &Program, email: &str) -> Outcome<Self> {
        let mut client = Client::connect(program.address)?;
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let path = "/api/v1/auth/login";
        let headers = [("Content-Type", "application/json")];
        let answer = client.send("POST", path, &headers, &body)?;
        let answer = answer.expect(200, path)?.json()?;
        let token = answer.pointer("/data/access_token").and_then(Value::as_str);
        Ok(Self {
            client,
            bearer: format!("Bearer {}", token.ok_or("no token")?),
        })
    }

    /// Another connection of the same person.
    fn again(&self, program: &Program) -> Outcome<Self> {
        Ok(Self {
            client: Client::connect(program.address)?,
            bearer: self.bearer.clone(),
        })
    }

    /// Posts, and gives address and tag of what came of it.
    fn post(&mut self, path: &str, tag: Option<&str>, body: &str) -> Outcome<(Value, String)> {
        let mut headers = vec![
            ("Authorization", self.bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        headers.extend(tag.map(|tag| ("If-Match", tag)));
        let answer = self.client.send("POST", path, &headers, body)?;
        let status = if tag.is_some() { 200 } else { 201 };
        let answer = answer.expect(status, path)?;
        let tag = answer.header("etag").ok_or("no tag")?.to_owned();
        Ok((answer.json()?, tag))
    }

    fn act(&mut self, address: &str, action: &str, tag: &str) -> Outcome<String> {
        let (_, tag) = self.post(&format!("{address}/actions/{action}"), Some(tag), "{}")?;
        Ok(tag)
    }
}

/// Measures both numbers of clients on each database and adds them to the results.
///
/// # Errors
/// When anything does not run or an action is refused.
pub(crate) fn measure(loa: &Path, work: &Path, cpus: &Cpus, plan: &Plan) -> Outcome<()> {
    let mut results = Results::load(work)?;
    for url in &plan.databases {
        let mut database = Database::connect(url)?;
        let sites = database.sites()?;
        let program = Program::loa(loa, work, cpus, &text(url), CACHE)?;
        let mut board = Board {
            contributor: Person::sign_in(&program, CONTRIBUTOR)?,
            chief: Person::sign_in(&program, CHIEF)?,
            sites: &sites,
            random: Random::new(plan.actions as u64),
        };
        let wal = match url {
            DatabaseUrl::Sqlite(path) => Some(wal_bytes(&mut board, &mut database, path)?),
            DatabaseUrl::Postgres(_) => None,
        };
        for clients in CLIENTS {
            let approved = board.prepare(plan.actions)?;
            let before = baseline(work, wal, plan.actions)?;
            let (per_second, times) = publish(&program, &board.chief, approved, clients)?;
            let after = baseline(work, wal, plan.actions)?;
            let found = Publishing {
                database: database.name().to_owned(),
                clients,
                per_second,
                p50: median(times.iter().copied()),
                p99: percentile(times, 99),
                wal_bytes: wal,
                commits_per_second: before.zip(after).map(|(a, b)| f64::midpoint(a, b)),
            };
            note(&format!("{found:?}"));
            results.publishing.push(found);
        }
        program.stop()?;
    }
    results.save(work)
}

fn baseline(work: &Path, wal: Option<u64>, commits: usize) -> Outcome<Option<f64>> {
    wal.map(|bytes| commits::per_second(work, bytes, commits))
        .transpose()
}

/// Those who write and approve.
struct Board<'s> {
    contributor: Person,
    chief: Person,
    sites: &'s [String],
    random: Random,
}

impl Board<'_> {
    /// Brings so many entries to where they can be published, on all sites in turn.
    fn prepare(&mut self, count: usize) -> Outcome<Vec<Approved>> {
        (0..count)
            .map(|n| {
                let site = self.sites.get(n % self.sites.len().max(1));
                let site = site.ok_or("no site")?.clone();
                self.approved(&site)
            })
            .collect()
    }

    fn approved(&mut self, site: &str) -> Outcome<Approved> {
        let path = format!("/api/v1/editorial/sites/{site}/entries");
        let number = self.random.next() >> 32;
        let body = generate::request(&mut self.random, number).to_string();
        let (made, tag) = self.contributor.post(&path, None, &body)?;
        let id = made.pointer("/data/id").and_then(Value::as_str);
        let address = format!("{path}/{}", id.ok_or("no id")?);
        let tag = self.contributor.act(&address, "submit", &tag)?;
        let tag = self.chief.act(&address, "approve", &tag)?;
        Ok(Approved { address, tag })
    }
}

/// What one publication adds to the write-ahead log.
fn wal_bytes(board: &mut Board<'_>, database: &mut Database, path: &Path) -> Outcome<u64> {
    let approved = board.prepare(PROBES)?;
    database.empty_wal()?;
    for one in &approved {
        board.chief.act(&one.address, "publish", &one.tag)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let bytes = std::fs::metadata(PathBuf::from(name))?.len();
    Ok(bytes / PROBES as u64)
}

/// Publishes everything; gives publications per second and the time of each in microseconds.
fn publish(
    program: &Program,
    chief: &Person,
    approved: Vec<Approved>,
    clients: usize,
) -> Outcome<(f64, Vec<f64>)> {
    let count = approved.len();
    let mut shares: Vec<Vec<Approved>> = (0..clients).map(|_| Vec::new()).collect();
    for (n, one) in approved.into_iter().enumerate() {
        if let Some(share) = shares.get_mut(n % clients) {
            share.push(one);
        }
    }
    let mut people = Vec::new();
    for share in shares {
        people.push((chief.again(program)?, share));
    }
    let started = Instant::now();
    let times: Vec<Outcome<Vec<f64>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = people
            .into_iter()
            .map(|(person, share)| scope.spawn(move || publish_all(person, &share)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                let ended = thread.join();
                ended.unwrap_or_else(|_| Err("a client panicked".into()))
            })
            .collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    let times: Vec<Vec<f64>> = times.into_iter().collect::<Outcome<_>>()?;
    let rate = f64::from(u32::try_from(count)?) / seconds;
    Ok((rate, times.into_iter().flatten().collect()))
}

fn publish_all(mut chief: Person, share: &[Approved]) -> Outcome<Vec<f64>> {
    share
        .iter()
        .map(|one| {
            let started = Instant::now();
            chief.act(&one.address, "publish", &one.tag)?;
            Ok(started.elapsed().as_secs_f64() * 1_000_000.0)
        })
        .collect()
}
