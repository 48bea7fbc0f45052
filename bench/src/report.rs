//! The report: what was measured as tables for people, each figure beside its aim.

use std::fmt::Write;

use crate::addresses::Load;
use crate::growth;
use crate::machine;
use crate::out::Outcome;
use crate::publish::CLIENTS;
use crate::results::Results;

const READY_MS: f64 = 1_000.0;
const MEMORY_MIB: f64 = 150.0;
const GROWTH: f64 = 1.5;
const PUBLISHING: f64 = 0.5;

/// The least of the bare server's throughput that Loa has to reach.
fn least(database: &str, cached: bool) -> f64 {
    match (cached, database) {
        (true, _) => 0.7,
        (false, "SQLite") => 0.25,
        (false, _) => 0.15,
    }
}

/// A report, and what of it misses its aim.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) missed: Vec<String>,
}

impl Report {
    /// Writes the tables.
    ///
    /// # Errors
    /// Never in practice: texts grow in memory.
    pub(crate) fn of(results: &Results, day: &str) -> Outcome<Self> {
        let mut report = Self {
            text: String::new(),
            missed: Vec::new(),
        };
        let machine = machine::description();
        writeln!(
            report.text,
            "# Results\n\nWritten by `bench/run` on {day}. {machine}. What each figure means: \
             [README.md](README.md).\n"
        )?;
        report.reads(results)?;
        report.starts(results)?;
        report.publishing(results)?;
        report.pages(results)?;
        Ok(report)
    }

    fn judge(&mut self, good: bool, what: String) -> &'static str {
        if good {
            return "";
        }
        self.missed.push(what);
        " **missed**"
    }

    fn reads(&mut self, results: &Results) -> Outcome<()> {
        writeln!(
            self.text,
            "## Reading\n\n{} articles, 32 connections. *Bare* is actix-web alone with the same \
             bytes and headers; times in microseconds.\n\n\
             | Database | Cache | Load | Loa /s | bare /s | ratio | aim | p50 | p99 | bare p50 | bare p99 | CPU | bare CPU |\n\
             |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            results.entries
        )?;
        for read in &results.reads {
            let (loa, bare) = (&read.loa, &read.bare);
            let ratio = loa.per_second / bare.per_second;
            let aim = least(&read.database, read.cached);
            let cache = if read.cached { "on" } else { "off" };
            let load = read.load.name();
            let what = format!("{}, cache {cache}, {load}: {ratio:.2}", read.database);
            let mark = self.judge(ratio >= aim, what);
            writeln!(
                self.text,
                "| {} | {cache} | {load} | {:.0} | {:.0} | {ratio:.2}{mark} | {aim} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} |",
                read.database,
                loa.per_second,
                bare.per_second,
                loa.p50,
                loa.p99,
                bare.p50,
                bare.p99,
                loa.cpu,
                bare.cpu,
            )?;
        }
        Ok(())
    }

    fn starts(&mut self, results: &Results) -> Outcome<()> {
        writeln!(
            self.text,
            "\n## Start and memory\n\nFrom the start of the process to `/readyz`, at most 1 s; \
             memory at the peak of all loads above, at most 150 MiB.\n\n\
             | Database | Cache | ready, ms | memory, MiB |\n|---|---|--:|--:|"
        )?;
        for start in &results.starts {
            let cache = if start.cached { "on" } else { "off" };
            let what = format!(
                "{}, cache {cache}: {:.0} ms",
                start.database, start.ready_ms
            );
            let late = self.judge(start.ready_ms <= READY_MS, what);
            let what = format!(
                "{}, cache {cache}: {:.0} MiB",
                start.database, start.memory_mib
            );
            let large = self.judge(start.memory_mib <= MEMORY_MIB, what);
            writeln!(
                self.text,
                "| {} | {cache} | {:.0}{late} | {:.0}{large} |",
                start.database, start.ready_ms, start.memory_mib
            )?;
        }
        Ok(())
    }

    fn publishing(&mut self, results: &Results) -> Outcome<()> {
        writeln!(
            self.text,
            "\n## Publishing\n\nActions `publish` over HTTP, each durable when it is answered. \
             *Commits* is a bare SQLite file with as many bytes in its write-ahead log; at least \
             half of that.\n\n\
             | Database | Clients | publications /s | p50, ms | p99, ms | bytes | commits /s | ratio |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|"
        )?;
        for row in &results.publishing {
            let (bytes, commits, ratio) = match (row.wal_bytes, row.commits_per_second) {
                (Some(bytes), Some(commits)) => {
                    let ratio = row.per_second / commits;
                    let what = format!("publishing, {} clients: {ratio:.2}", row.clients);
                    let mark = self.judge(ratio >= PUBLISHING, what);
                    (
                        bytes.to_string(),
                        format!("{commits:.0}"),
                        format!("{ratio:.2}{mark}"),
                    )
                }
                _ => Default::default(),
            };
            writeln!(
                self.text,
                "| {} | {} | {:.0} | {:.2} | {:.2} | {bytes} | {commits} | {ratio} |",
                row.database,
                row.clients,
                row.per_second,
                row.p50 / 1_000.0,
                row.p99 / 1_000.0
            )?;
        }
        Ok(())
    }

    fn pages(&mut self, results: &Results) -> Outcome<()> {
        let (small, large) = results.pages.first().map_or((0, 0), |page| page.entries);
        writeln!(
            self.text,
            "\n## Growth\n\nOne page of a site with {small} and with {large} entries, without the \
             cache, one request at a time; microseconds. At most 1.5 times.\n\n\
             | Database | List | Page | cards | {small} | {large} | ratio |\n\
             |---|---|---|--:|--:|--:|--:|"
        )?;
        for page in &results.pages {
            let ratio = page.large / page.small;
            let what = format!(
                "{}, {}, {}: {ratio:.2}",
                page.database, page.list, page.place
            );
            let mark = self.judge(ratio <= GROWTH, what);
            writeln!(
                self.text,
                "| {} | {} | {} | {} | {:.0} | {:.0} | {ratio:.2}{mark} |",
                page.database, page.list, page.place, page.cards, page.small, page.large
            )?;
        }
        Ok(())
    }
}

/// Fails when a row is missing that a run on so many databases has.
///
/// # Errors
/// Then.
pub(crate) fn complete(results: &Results, databases: usize) -> Outcome<()> {
    for (what, found, wanted) in [
        (
            "reads",
            results.reads.len(),
            databases * 2 * Load::ALL.len(),
        ),
        ("starts", results.starts.len(), databases * 2),
        (
            "publishing",
            results.publishing.len(),
            databases * CLIENTS.len(),
        ),
        ("pages", results.pages.len(), databases * growth::pages()),
    ] {
        if found != wanted {
            return Err(
                format!("the report has {found} rows of {what} instead of {wanted}").into(),
            );
        }
    }
    let numbers = results
        .reads
        .iter()
        .flat_map(|read| [&read.loa, &read.bare]);
    let good = numbers
        .flat_map(|speed| [speed.per_second, speed.p50, speed.p99, speed.cpu])
        .chain(
            results
                .pages
                .iter()
                .flat_map(|page| [page.small, page.large]),
        )
        .chain(results.publishing.iter().map(|row| row.per_second))
        .all(|number| number.is_finite() && number >= 0.0);
    if good {
        Ok(())
    } else {
        Err("the report has a figure that is no number".into())
    }
}
