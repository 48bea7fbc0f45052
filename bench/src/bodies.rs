//! Reading while eight people send the worst bodies that tests have found: how long readers wait, how
//! much memory and processor the server takes.
//!
//! Readers come at fixed times, whether the ones before have been answered or not, and their time counts
//! from when they should have come.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_store::DatabaseUrl;
use serde_json::json;

use crate::generate::{WRITERS, writer};
use crate::http::Client;
use crate::machine::{Cpus, cpu_seconds, peak_memory};
use crate::out::{Outcome, line};
use crate::program::{CACHE, Program};
use crate::publish::Person;
use crate::read::text;
use crate::results::percentile;

/// How to measure.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// The database
    #[arg(long, value_name = "URL")]
    database: DatabaseUrl,
    /// Seconds of quiet reading, and of reading beside the writers
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// Connections of readers, and reads a second of each.
const READERS: u32 = 20;
const READS: u32 = 50;

/// Aims: the p99 of readers in milliseconds, where twice the quiet one is not more; and MiB of memory.
const P99: f64 = 10.0;
const MEMORY: u64 = 200;

/// Largest body of a request.
const LIMIT: usize = 2 << 20;

/// What readers and the server had in a while.
struct Found {
    p50: f64,
    p99: f64,
    slowest: f64,
    cores: f64,
}

/// Measures both, and fails when an aim is missed.
///
/// # Errors
/// When anything does not run, when a reader is refused, when an aim is missed.
pub(crate) fn measure(loa: &Path, work: &Path, cpus: &Cpus, plan: &Plan) -> Outcome<()> {
    let program = Program::loa(loa, work, cpus, &text(&plan.database), CACHE)?;
    let people: Vec<Person> = (0..WRITERS)
        .map(|n| Person::sign_in(&program, &writer(n)))
        .collect::<Outcome<_>>()?;
    let bodies = bodies();
    let time = Duration::from_secs(plan.seconds);
    // Once through, so that what is kept is kept and what is loaded is loaded.
    reading(&program, Duration::from_secs(2))?;
    let quiet = reading(&program, time)?;
    let before = peak_memory(program.pid())?;
    let going_on = AtomicBool::new(true);
    let (loaded, answers) = std::thread::scope(|scope| {
        let writers: Vec<_> = people
            .into_iter()
            .zip(0_usize..)
            .map(|(person, n)| {
                let (bodies, going_on) = (&bodies, &going_on);
                scope.spawn(move || writing(person, bodies, n, going_on))
            })
            .collect();
        let loaded = reading(&program, time);
        going_on.store(false, Ordering::Relaxed);
        let answers: Outcome<Vec<_>> = writers
            .into_iter()
            .map(|writer| writer.join().map_err(|_| "a writer failed")?)
            .collect();
        (loaded, answers)
    });
    let (loaded, answers) = (loaded?, answers?);
    let memory = peak_memory(program.pid())?.saturating_sub(before) >> 10;
    program.stop()?;
    for (name, found) in [("quiet", &quiet), ("eight writers", &loaded)] {
        line(&format!(
            "{name}: p50 {:.2} ms, p99 {:.2} ms, slowest {:.1} ms, {:.2} cores",
            found.p50, found.p99, found.slowest, found.cores
        ));
    }
    line(&format!("memory: {memory} MiB more at the most"));
    tell(answers.concat());
    let aim = P99.max(2.0 * quiet.p99);
    if loaded.p99 > aim || memory > MEMORY {
        return Err(format!("missed: p99 of {aim:.1} ms or {MEMORY} MiB").into());
    }
    Ok(())
}

/// How each kind of body was answered.
fn tell(mut answers: Vec<(&'static str, u16, f64)>) {
    answers.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    for group in answers.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let slowest = group.iter().map(|(_, _, time)| *time).fold(0.0, f64::max);
        if let Some((name, status, _)) = group.first() {
            let count = group.len();
            line(&format!(
                "{name}: {status} {count} times, in {slowest:.0} ms at most"
            ));
        }
    }
}

/// Reads in an open loop for a while.
fn reading(program: &Program, time: Duration) -> Outcome<Found> {
    let before = cpu_seconds(program.pid())?;
    let started = Instant::now();
    let times: Outcome<Vec<Vec<f64>>> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|n| {
                let address = program.address;
                scope.spawn(move || reader(address, started, n, time))
            })
            .collect();
        let joined = readers.into_iter();
        joined
            .map(|reader| reader.join().map_err(|_| "a reader failed")?)
            .collect()
    });
    let times = times?.concat();
    let cores = (cpu_seconds(program.pid())? - before) / started.elapsed().as_secs_f64();
    Ok(Found {
        p50: percentile(times.iter().copied(), 50),
        p99: percentile(times.iter().copied(), 99),
        slowest: times.iter().copied().fold(0.0, f64::max),
        cores,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "an open loop sends by the clock, and has to wait for it"
)]
fn reader(address: SocketAddr, started: Instant, n: u32, time: Duration) -> Outcome<Vec<f64>> {
    let mut client = Client::connect(address)?;
    let pause = Duration::from_secs(1) / READS;
    let mut due = started + pause * n / READERS;
    let mut times = Vec::new();
    while due < started + time {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let path = "/api/v1/sites/xa-so-1/articles";
        client.get(path)?.expect(200, path)?;
        times.push(due.elapsed().as_secs_f64() * 1e3);
        due += pause;
    }
    Ok(times)
}

/// Sends one body after the other, beginning somewhere else each.
fn writing(
    mut person: Person,
    bodies: &[(&'static str, String)],
    n: usize,
    going_on: &AtomicBool,
) -> Outcome<Vec<(&'static str, u16, f64)>> {
    let mut answers = Vec::new();
    for (name, body) in bodies.iter().cycle().skip(n) {
        if !going_on.load(Ordering::Relaxed) {
            break;
        }
        let started = Instant::now();
        let headers = [
            ("Authorization", person.bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let path = "/api/v1/editorial/sites/xa-so-1/entries";
        let answer = person.client.send("POST", path, &headers, body)?;
        answers.push((*name, answer.status, started.elapsed().as_secs_f64() * 1e3));
        if answer.header("connection") == Some("close") {
            person.client = person.client.again()?;
        }
    }
    Ok(answers)
}

/// The worst bodies, by what they are made of: those that took the server minutes once, as long as a body
/// may be, and those that are let through because each takes its share and no more.
fn bodies() -> Vec<(&'static str, String)> {
    let most = 990_000;
    let long = LIMIT - 1_000;
    let attributes = (0..250_000)
        .map(|n| format!(" {n:x}"))
        .collect::<Vec<_>>()
        .concat();
    let html = [
        ("attributes", format!("<p{attributes}>x")),
        ("paragraphs", "<p>a</p>".repeat(most / 8)),
        ("too many paragraphs", "<p>a</p>".repeat(long / 8)),
        ("references", "&notanentity".repeat(most / 12)),
        ("fewer references", "&notanentity".repeat(12_000)),
        ("open paragraphs", "<p>".repeat(most / 4)),
        ("items", "<li>a".repeat(most / 5)),
        ("items in items", "<li><dd>".repeat(3_000)),
        (
            "out of a table",
            format!("<table>{}", "<br>".repeat(18_000)),
        ),
        ("cells", format!("<table><tr>{}", "<td>1".repeat(most / 5))),
        ("tags of 100 attributes", {
            let own = (0..100)
                .map(|n| format!(" {n:x}"))
                .collect::<Vec<_>>()
                .concat();
            format!("<p{own}>").repeat(most / (own.len() + 3))
        }),
        ("signs", "<".repeat(most / 2)),
        (
            "names",
            (0..most / 8)
                .map(|n| format!("<x{n:x}>"))
                .collect::<Vec<_>>()
                .concat(),
        ),
        ("controls", "\u{0}".repeat(most / 6)),
        ("links", "<a href=\"https://ế.ề/\">x</a>".repeat(most / 35)),
        ("text", "Xin chào bà con. ".repeat(most / 20)),
    ];
    let article = |html: &str| {
        json!({"type": "article", "section": "tin-tuc", "title": "Bài nặng", "content": {"body": html}})
            .to_string()
    };
    html.iter()
        .map(|(name, html)| (*name, article(html)))
        .chain([
            ("tags", {
                let tags = vec!["a"; long / 4];
                json!({"type": "article", "section": "tin-tuc", "title": "x", "tags": tags})
                    .to_string()
            }),
            ("title", {
                let title = "\u{301}\u{323}".repeat(long / 4);
                json!({"type": "article", "section": "tin-tuc", "title": title}).to_string()
            }),
        ])
        .collect()
}
