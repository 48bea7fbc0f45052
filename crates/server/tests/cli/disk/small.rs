//! A disk that can be filled and emptied.
//!
//! Either a small file system of its own, where the tests may mount one, or a limit on how long the
//! files of a process may get, which every system has. The first says that there is no room, the
//! second that a write has failed, as a quota or a failing disk does.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use loa_store::DatabaseUrl;

use crate::node::{Installation, Node, serve, wrapped};

/// Room that is left: for some small writes, and not for large ones.
const LEFT: u64 = 300 * 1024;
/// Size of the file system.
const SIZE: &str = "size=12m";

/// The disk under an installation's database.
pub(super) enum Disk {
    /// A file system that was mounted over the folder of the database.
    Own(PathBuf),
    /// The limit of the process.
    Limit,
}

impl Disk {
    /// Mounts a file system under the database; none where that is not allowed.
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    pub(super) fn own(installation: &Installation) -> Option<Self> {
        let folder = folder(installation);
        let saved = installation.place.path("saved.db");
        let mut sql = installation.database.sql();
        sql.execute(&format!("VACUUM INTO '{}'", saved.display()));
        drop(sql);
        let mount = ["-t", "tmpfs", "-o", SIZE, "tmpfs"];
        let mount = Command::new("mount").args(mount).arg(&folder).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("left out on a file system of its own: it cannot be mounted here");
            return None;
        }
        let disk = Self::Own(folder.clone());
        std::fs::copy(saved, folder.join("loa.db")).unwrap();
        Some(disk)
    }

    /// What a write is answered with that finds no room.
    pub(super) const fn refusal(&self) -> (u16, &'static str) {
        match self {
            Self::Own(_) => (507, "storage_full"),
            Self::Limit => (503, "unavailable"),
        }
    }

    /// Starts a node on the disk; on a full one if it is full.
    #[track_caller]
    pub(super) fn node(&self, installation: &Installation, full: bool) -> Node {
        let command = serve(&installation.place, &installation.url());
        let command = match self {
            Self::Own(_) => command,
            Self::Limit => {
                // Without this the system ends the process at the limit.
                let stay = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];
                let command = wrapped(&command, &stay);
                let limit = format!("--fsize={}:", limit(installation));
                if full {
                    wrapped(&command, &["prlimit", &limit])
                } else {
                    command
                }
            }
        };
        Node::run(&installation.place, command)
    }

    /// Leaves a little room.
    pub(super) fn fill(&self, installation: &Installation, node: &Node) {
        match self {
            Self::Own(folder) => {
                let mut filler = File::create(folder.join("filler")).unwrap();
                let (page, mut written) = ([0; 4096], 0);
                while filler.write_all(&page).is_ok() {
                    written += 4096;
                }
                filler.set_len(written - LEFT).unwrap();
            }
            Self::Limit => set_limit(node, &limit(installation).to_string()),
        }
    }

    /// Makes room.
    pub(super) fn free(&self, node: &Node) {
        match self {
            Self::Own(folder) => std::fs::remove_file(folder.join("filler")).unwrap(),
            Self::Limit => set_limit(node, "unlimited"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Own(folder) = self {
            let umount = Command::new("umount").arg("-l").arg(folder).status();
            umount.ok();
        }
    }
}

fn folder(installation: &Installation) -> PathBuf {
    let DatabaseUrl::Sqlite(path) = installation.database.url() else {
        return PathBuf::new();
    };
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A little more than the longest file of the database is.
fn limit(installation: &Installation) -> u64 {
    let files = std::fs::read_dir(folder(installation)).unwrap();
    let lengths = files.map(|file| file.unwrap().metadata().unwrap().len());
    lengths.max().unwrap() + LEFT
}

fn set_limit(node: &Node, limit: &str) {
    let id = node.id().to_string();
    let limit = format!("--fsize={limit}:");
    let status = Command::new("prlimit")
        .args(["--pid", &id, &limit])
        .status();
    assert!(status.unwrap().success(), "no limit for {node}");
}
