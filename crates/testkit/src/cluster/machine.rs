//! What the machine has for a PostgreSQL server of a test's own: programs, a user and a port.
//!
//! As `scripts/lib/postgres.sh` finds them.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::environment;

/// Collation providers are chosen per cluster since this version.
const MIN_VERSION: u32 = 15;

/// Who the server runs as: it refuses to be root.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub(super) user: u32,
    pub(super) group: u32,
}

/// The user to be when the tests run as root.
pub(super) fn owner() -> Option<Owner> {
    let own = std::fs::metadata("/proc/self").expect("this process");
    if own.uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the users");
    let found = ["postgres", "nobody"].iter().find_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Owner {
            user: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    });
    Some(found.expect("a user without rights"))
}

/// A port below those that the kernel gives to outgoing connections: it is still free when the
/// server has been away.
pub(super) fn free_port() -> u16 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let from = std::process::id().wrapping_mul(31);
    (0..1000)
        .map(|_| from.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed)))
        .filter_map(|n| u16::try_from(20_000 + n % 12_000).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

/// The folder of the newest programs that are new enough.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub(super) fn programs() -> Option<PathBuf> {
    // Debian keeps them out of PATH, one folder a version.
    let installed = std::fs::read_dir("/usr/lib/postgresql");
    let mut found: Vec<PathBuf> = installed
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    if let Ok(which) = Command::new("sh")
        .args(["-c", "command -v postgres"])
        .output()
    {
        let path = String::from_utf8_lossy(&which.stdout).trim().to_owned();
        found.extend(Path::new(&path).parent().map(Path::to_owned));
    }
    let best = found
        .into_iter()
        .filter(|folder| folder.join("initdb").exists() && folder.join("pg_basebackup").exists())
        .filter_map(|folder| Some((major(&folder)?, folder)))
        .filter(|(major, _)| *major >= MIN_VERSION)
        .max();
    if best.is_none() {
        assert!(
            !environment::postgres_required(),
            "PostgreSQL {MIN_VERSION} or newer is not installed, and this run has to test with it"
        );
        eprintln!("left out: PostgreSQL {MIN_VERSION} or newer is not installed");
    }
    best.map(|(_, folder)| folder)
}

/// "postgres (PostgreSQL) 15.13 (Debian …)", "… 18beta1".
fn major(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output();
    let said = String::from_utf8(output.ok()?.stdout).ok()?;
    let digits = said.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit());
    digits.get(..end.unwrap_or(digits.len()))?.parse().ok()
}
