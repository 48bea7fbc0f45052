//! The load tool: one run of wrk over a file of addresses.

use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;

use crate::machine::{Cpus, pinned};
use crate::out::Outcome;

const SCRIPT: &str = include_str!("load.lua");
const CONNECTIONS: u32 = 32;

/// What came of a run.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Run {
    pub(crate) requests: u32,
    /// How long it took.
    pub(crate) micros: u32,
    /// Half of the answers took this long at most, in microseconds.
    pub(crate) p50: u32,
    /// 99 of 100 answers.
    pub(crate) p99: u32,
    refused: u32,
    broken: u32,
}

/// Loads a server for so many seconds.
///
/// # Errors
/// When wrk does not run, or one answer was none or a refusal.
pub(crate) fn run(
    work: &Path,
    cpus: &Cpus,
    server: SocketAddr,
    addresses: &Path,
    seconds: u32,
) -> Outcome<Run> {
    let script = work.join("load.lua");
    std::fs::write(&script, SCRIPT)?;
    let output = pinned(cpus.load, Path::new("wrk"))
        .args(["--threads", "1", "--latency", "--timeout", "10s"])
        .args(["--connections", &CONNECTIONS.to_string()])
        .args(["--duration", &format!("{seconds}s")])
        .arg("--script")
        .arg(&script)
        .arg(format!("http://{server}"))
        .arg("--")
        .arg(addresses)
        .output()
        .map_err(|error| format!("wrk: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("RESULT "));
    let Some(line) = line.filter(|_| output.status.success()) else {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("wrk did not run: {text}{errors}").into());
    };
    let run: Run = serde_json::from_str(line)?;
    if run.requests == 0 || run.refused > 0 || run.broken > 0 {
        return Err(format!("the load went wrong: {run:?}").into());
    }
    Ok(run)
}
