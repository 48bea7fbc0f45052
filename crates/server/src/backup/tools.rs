//! PostgreSQL's own tools: finding `pg_dump` and `pg_restore`, and running them without showing a
//! password to whoever lists processes.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use loa_store::PostgresUrl;
use percent_encoding::percent_decode_str;

use super::files;
use crate::failure::Failure;

/// Where Debian and its kin keep every version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A tool that was found.
#[derive(Debug)]
pub(super) struct Tool {
    path: PathBuf,
    /// First number of its version.
    pub(super) major: u32,
}

impl Tool {
    /// A tool whose version is `least` or newer: in the folder that was named, or else in the search
    /// path or where Debian keeps it.
    ///
    /// # Errors
    /// When there is none, or only older ones.
    pub(super) fn find(name: &str, least: u32, named: Option<&Path>) -> Result<Self, Failure> {
        let candidates = match named {
            Some(folder) => vec![folder.join(name)],
            None => std::iter::once(PathBuf::from(name))
                .chain(debian(name))
                .collect(),
        };
        let mut older: Option<Self> = None;
        for path in candidates {
            match major(&path) {
                Some(major) if major >= least => return Ok(Self { path, major }),
                Some(major) => older = older.or(Some(Self { path, major })),
                None => {}
            }
        }
        let advice = format!(
            "install the client tools of PostgreSQL {least} or newer \
             (Debian: postgresql-client-{least}), or name their folder with --pg-bin"
        );
        Err(Failure::failed(match older {
            Some(tool) => format!(
                "{} is of PostgreSQL {}, which is older than {least}; {advice}",
                tool.path.display(),
                tool.major
            ),
            None => match named {
                Some(folder) => format!("no {name} in {}", folder.display()),
                None => format!("{name} is not found; {advice}"),
            },
        }))
    }

    /// A command, for a database if one is given. Secrets of ours are not handed on, and the
    /// password goes where only the same user can see it.
    fn command(&self, database: Option<&str>) -> Result<Command, Failure> {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        for own in [
            "LOA_SECRET",
            "LOA_SECRET_PREVIOUS",
            "LOA_DATABASE_URL",
            "LOA_DATABASE_READ_URL",
            "LOA_SCRATCH_URL",
        ] {
            command.env_remove(own);
        }
        if let Some(url) = database {
            let (url, password) = without_password(url)?;
            command.args(["--no-password", "--dbname", &url]);
            if let Some(password) = password {
                command.env("PGPASSWORD", password);
            }
        }
        Ok(command)
    }

    /// `pg_dump`: writes what the snapshot shows to a new file. Gives size and hash.
    ///
    /// # Errors
    /// When it fails or the file cannot be written.
    pub(super) fn dump(
        &self,
        url: &str,
        snapshot: &str,
        to: &Path,
        progress: impl FnMut(u64),
    ) -> Result<(u64, String), Failure> {
        let mut command = self.command(Some(url))?;
        // Through a pipe: if this process is killed, so is what writes into it.
        command.args(["--format=custom", "--snapshot", snapshot]);
        let mut running = Running::start(command.stdout(Stdio::piped()), &self.path)?;
        let mut file = files::create(to).map_err(files::at(to))?;
        let Some(mut out) = running.child.stdout.take() else {
            return Err(Failure::failed("pg_dump has no output"));
        };
        let poured = files::pour(&mut out, &mut file, progress).map_err(files::at(to))?;
        running.end()?;
        file.sync_all().map_err(files::at(to))?;
        Ok(poured)
    }

    /// `pg_restore --list`: what a dump holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn list(&self, dump: &Path) -> Result<String, Failure> {
        let mut command = self.command(None)?;
        command.arg("--list").arg(dump).stdout(Stdio::piped());
        let mut running = Running::start(&mut command, &self.path)?;
        let mut text = String::new();
        if let Some(mut out) = running.child.stdout.take() {
            out.read_to_string(&mut text).map_err(files::at(dump))?;
        }
        running.end()?;
        Ok(text)
    }

    /// `pg_restore`: fills an empty database, or leaves it as it was.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn restore(&self, dump: &Path, into: &str) -> Result<(), Failure> {
        let mut command = self.command(Some(into))?;
        command.args(["--single-transaction", "--exit-on-error"]);
        command.args(["--no-owner", "--no-privileges"]);
        command.arg(dump).stdout(Stdio::null());
        Running::start(&mut command, &self.path)?.end()
    }
}

/// A tool at work. It is killed when it is dropped before its end.
pub(super) struct Running {
    child: Child,
    said: Option<JoinHandle<String>>,
    name: String,
}

impl Running {
    /// Starts it; what it says on standard error is kept.
    ///
    /// # Errors
    /// When it is not there.
    pub(super) fn start(command: &mut Command, path: &Path) -> Result<Self, Failure> {
        let mut child = command.spawn().map_err(files::at(path))?;
        // Read beside the output, or a tool with much to say would wait for us and we for it.
        let said = child.stderr.take().map(|mut err| {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                err.read_to_end(&mut bytes).ok();
                String::from_utf8_lossy(&bytes).trim().to_owned()
            })
        });
        Ok(Self {
            child,
            said,
            name: path.display().to_string(),
        })
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        let status = self
            .child
            .wait()
            .map_err(|error| Failure::failed(format!("{}: {error}", self.name)))?;
        if status.success() {
            return Ok(());
        }
        let said = self.said.take().and_then(|said| said.join().ok());
        let said = said.unwrap_or_default();
        Err(Failure::failed(format!(
            "{} failed ({status}): {said}",
            self.name
        )))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Versions that Debian keeps, newest first.
fn debian(name: &str) -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir(DEBIAN) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let folder = version.ok()?.path();
            let number = folder.file_name()?.to_str()?.parse().ok()?;
            Some((number, folder.join("bin").join(name)))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The first number of a tool's version, as in `pg_dump (PostgreSQL) 15.8 (Debian 15.8-1)`.
fn major(path: &Path) -> Option<u32> {
    let output = Command::new(path)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    version_in(&String::from_utf8_lossy(&output.stdout))
}

fn version_in(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A URL without its password, and the password.
fn without_password(url: &str) -> Result<(String, Option<String>), Failure> {
    let odd = |error: &dyn std::fmt::Display| Failure::usage(format!("the database URL: {error}"));
    let read = PostgresUrl::read(url).map_err(|error| odd(&error))?;
    if read.has("sslpassword") {
        return Err(Failure::usage(
            "sslpassword in a database URL would be seen by everybody on the machine; \
             use a key without a password for backups",
        ));
    }
    let password = read.password().map(|secret| {
        let decoded = percent_decode_str(secret).decode_utf8();
        decoded.map(std::borrow::Cow::into_owned)
    });
    let password = password
        .transpose()
        .map_err(|_| odd(&"the password is not UTF-8"))?;
    Ok((read.without_password(), password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_taken_out_wherever_they_are() {
        for (url, without, password) in [
            ("postgres://loa@db/loa", "postgres://loa@db/loa", None),
            (
                "postgres://loa:p%40w%2Fx@db:5432/loa?sslmode=require",
                "postgres://loa@db:5432/loa?sslmode=require",
                Some("p@w/x"),
            ),
            (
                "postgresql:///loa?host=/run/pg&password=a%20b&user=loa",
                "postgresql:///loa?host=/run/pg&user=loa",
                Some("a b"),
            ),
            (
                "postgres://loa:p?w@db/loa",
                "postgres://loa@db/loa",
                Some("p?w"),
            ),
            ("postgres://loa:@db/loa", "postgres://loa@db/loa", Some("")),
        ] {
            let (found, secret) = without_password(url).unwrap();
            assert_eq!((found.as_str(), secret.as_deref()), (without, password));
        }
        let refused = without_password("postgres://db/loa?sslpassword=pw").unwrap_err();
        assert!(!refused.to_string().contains("=pw"));
    }

    #[test]
    fn versions_are_read() {
        let debian = "pg_dump (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n";
        assert_eq!(version_in(debian), Some(15));
        assert_eq!(version_in("pg_restore (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version_in("something else"), None);
    }
}
