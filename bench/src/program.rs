//! Programs that run beside the measurement: Loa itself, and the bare server.
//!
//! Each leaves its number in the folder `pids` as long as it runs, so that the script can end what
//! is left when the tool itself was killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Client;
use crate::machine::{Cpus, pinned};
use crate::out::Outcome;

/// The secret of every measured server.
pub(crate) const SECRET: &str = "a secret for measuring, and for nothing else but that";
/// What Loa keeps ready when nobody says otherwise.
pub(crate) const CACHE: u64 = 64 << 20;

const PATIENCE: Duration = Duration::from_mins(1);

/// A running program.
pub(crate) struct Program {
    child: Child,
    note: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From its start to its first good answer.
    pub(crate) ready: Duration,
}

impl Program {
    /// Starts Loa on a database, as it would run anywhere: with logs and metrics.
    ///
    /// # Errors
    /// When it is not ready within a minute.
    pub(crate) fn loa(
        loa: &Path,
        work: &Path,
        cpus: &Cpus,
        database: &str,
        cache: u64,
    ) -> Outcome<Self> {
        let keys = work.join("keys");
        let (listen, metrics) = (free()?, free()?);
        let mut command = pinned(cpus.server, loa);
        command
            .env("LOA_DATABASE_URL", database)
            .env("LOA_SECRET", SECRET)
            .env("LOA_JWT_KEYS", &keys)
            .env("LOA_LISTEN", listen.to_string())
            .env("LOA_METRICS_LISTEN", metrics.to_string())
            .env("LOA_WORKERS", "1")
            // One person does here what takes many elsewhere.
            .env("LOA_WRITES_PER_MINUTE", u32::MAX.to_string())
            .env("LOA_WRITE_BYTES_PER_HOUR", i64::MAX.to_string())
            .env("LOA_CACHE_BYTES", cache.to_string());
        if !keys.exists() {
            std::fs::create_dir_all(&keys)?;
            let made = Command::new(loa)
                .args(["keys", "new"])
                .env("LOA_JWT_KEYS", &keys)
                .stdout(Stdio::null())
                .status()?;
            if !made.success() {
                return Err("loa keys new failed".into());
            }
        }
        let log = File::create(work.join("loa.log"))?;
        command.arg("serve").stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        let mut program = Self::spawn(&mut command, work, listen)?;
        program.wait_until_ready()?;
        program.ready = started.elapsed();
        Ok(program)
    }

    /// Starts the bare server, which copies the answers of `from`.
    ///
    /// # Errors
    /// When it does not listen in the end.
    pub(crate) fn bare(work: &Path, cpus: &Cpus, from: SocketAddr) -> Outcome<Self> {
        let listen = free()?;
        let mut command = pinned(cpus.server, &std::env::current_exe()?);
        command
            .args(["bare", "--listen", &listen.to_string()])
            .args(["--from", &from.to_string(), "--work"])
            .arg(work)
            .stdout(Stdio::piped());
        let mut program = Self::spawn(&mut command, work, listen)?;
        let out = program.child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        if line.trim() == "listening" {
            Ok(program)
        } else {
            Err("the bare server did not start".into())
        }
    }

    fn spawn(command: &mut Command, work: &Path, address: SocketAddr) -> Outcome<Self> {
        let child = command.stdin(Stdio::null()).spawn()?;
        let pids = work.join("pids");
        std::fs::create_dir_all(&pids)?;
        let note = pids.join(child.id().to_string());
        File::create(&note)?;
        Ok(Self {
            child,
            note,
            address,
            ready: Duration::ZERO,
        })
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a process that starts tells nobody when it listens; asking all the time would slow it down"
    )]
    fn wait_until_ready(&mut self) -> Outcome<()> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the server ended: {status}; see loa.log").into());
            }
            if let Ok(mut client) = Client::connect(self.address)
                && client
                    .get("/readyz")
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err("the server is not ready; see loa.log".into())
    }

    /// Ends it as an operator would, and waits.
    ///
    /// # Errors
    /// When it ends with a failure.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        let pid = self.pid().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let status = self.child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the server ended badly: {status}").into())
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; then both have nothing to do.
        self.child.kill().ok();
        self.child.wait().ok();
        std::fs::remove_file(&self.note).ok();
    }
}

/// An address nobody listens at just now.
fn free() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
