//! The machine: which cores are whose, and what the kernel says of a process.

use std::path::Path;
use std::process::Command;

use crate::out::Outcome;

/// Ticks of a second in `/proc`, the same on every Linux machine.
const TICKS: f64 = 100.0;

/// Who runs where; without numbers the kernel decides.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Cpus {
    /// Core of the server
    #[arg(long = "server-cpu", value_name = "N")]
    pub(crate) server: Option<usize>,
    /// Core of the load tool
    #[arg(long = "load-cpu", value_name = "N")]
    pub(crate) load: Option<usize>,
}

/// A command on one core.
pub(crate) fn pinned(cpu: Option<usize>, program: &Path) -> Command {
    match cpu {
        Some(cpu) => {
            let mut command = Command::new("taskset");
            command.arg("--cpu-list").arg(cpu.to_string()).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// The most memory a process has had, in KiB.
///
/// # Errors
/// When there is no such process.
pub(crate) fn peak_memory(pid: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next());
    Ok(kib.ok_or("no VmHWM")?.parse()?)
}

/// Seconds of a processor that a process has used.
///
/// # Errors
/// When there is no such process.
pub(crate) fn cpu_seconds(pid: u32) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything; the rest is numbers. User and system time are
    // the 12th and 13th after it.
    let rest = stat.rsplit(')').next().unwrap_or("");
    let ticks: Vec<f64> = rest
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS)
}

/// Processor and kernel, for a report.
pub(crate) fn description() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split(':').nth(1))
        .map_or("unknown processor", str::trim);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{model}, {cores} cores, Linux {}", kernel.trim())
}
