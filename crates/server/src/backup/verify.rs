//! `loa backup verify`: opens what was copied and looks at all of it. Nothing of the backup changes.

use std::path::{Path, PathBuf};

use loa_app::Secrets;
use loa_store::facts::{system_drop_tables, system_is_empty};
use loa_store::{Conn, DatabaseUrl};

use super::examine::{self, Sound};
use super::manifest::{Database, Manifest};
use super::tools::Tool;
use super::{Kit, age, files};
use crate::failure::Failure;
use crate::{out, wiring};

/// Verifies a backup.
///
/// # Errors
/// Names the first thing that is wrong.
pub(super) fn run(kit: &Kit<'_>, folder: &Path, into: Option<&str>) -> Result<(), Failure> {
    let opened = outside(kit, folder)?;
    let manifest = &opened.manifest;
    let Some(path) = opened.database.as_deref() else {
        out::line(&format!(
            "{}: seal and hashes of the encrypted backup are whole",
            folder.display()
        ));
        out::complain("what is in it was not looked at: name what opens it with --identity");
        return Ok(());
    };
    let sound = match (&manifest.database, into) {
        (Database::Sqlite, None) => sqlite(path, manifest, &kit.secrets)?,
        (Database::Sqlite, Some(_)) => {
            return Err(Failure::usage("--into is for backups of PostgreSQL"));
        }
        (Database::PostgreSql { .. }, Some(into)) => {
            let url = wiring::parse(into)?;
            let filled = Target::new(&url)?.fill(kit, manifest, path);
            system_drop_tables(&url)?;
            filled?
        }
        (Database::PostgreSql { .. }, None) => {
            out::line(&format!(
                "{}: files and list of the dump are whole",
                folder.display()
            ));
            out::complain(
                "what is in the dump was not looked at: name an empty database with --into",
            );
            return Ok(());
        }
    };
    out::line(&format!("{}: {sound}", folder.display()));
    Ok(())
}

/// A backup whose files are what its manifest says.
pub(super) struct Opened {
    /// The manifest, which is ours.
    pub(super) manifest: Manifest,
    /// Where the copy of the database can be read; nowhere when it is encrypted and nothing opens it.
    pub(super) database: Option<PathBuf>,
    /// What was decrypted lies here; gone when this is dropped.
    _scratch: Option<Scratch>,
}

impl Opened {
    /// The files as they lie there, and the copy behind them when it is encrypted.
    fn of(kit: &Kit<'_>, folder: &Path) -> Result<Self, Failure> {
        let manifest = Manifest::read(folder, &kit.secrets)?;
        let Some(encrypted) = &manifest.encrypted else {
            manifest.check_files(folder)?;
            return Ok(Self {
                database: Some(manifest.database_path(folder)),
                manifest,
                _scratch: None,
            });
        };
        encrypted.check(folder)?;
        let Some(identity) = kit.identity else {
            return Ok(Self {
                manifest,
                database: None,
                _scratch: None,
            });
        };
        let scratch = Scratch::new("decrypted")?;
        let database = manifest.database_path(&scratch.0);
        age::decrypt(&folder.join(&encrypted.path), &database, identity)?;
        manifest.check_files(&scratch.0)?;
        Ok(Self {
            manifest,
            database: Some(database),
            _scratch: Some(scratch),
        })
    }
}

/// The manifest, when it is ours and every file is what it says, and the copy of the database.
///
/// # Errors
/// Names the first thing that is wrong.
pub(super) fn outside(kit: &Kit<'_>, folder: &Path) -> Result<Opened, Failure> {
    let spinner = out::spinner("computing hashes");
    let opened = Opened::of(kit, folder);
    spinner.finish_and_clear();
    let opened = opened?;
    let manifest = &opened.manifest;
    if let (Database::PostgreSql { pg_dump, .. }, Some(path)) =
        (&manifest.database, opened.database.as_deref())
    {
        let list = Tool::find("pg_restore", *pg_dump, kit.pg_bin)?.list(path)?;
        for table in manifest.facts().rows.keys() {
            let has = list.lines().any(|line| {
                line.contains(" TABLE DATA ") && line.split(' ').any(|word| word == table)
            });
            if !has {
                let what = format!("{}: table {table} is not in the dump", path.display());
                return Err(Failure::failed(what));
            }
        }
    }
    Ok(opened)
}

/// As [`outside`], with the copy of the database: an encrypted one has to be opened.
///
/// # Errors
/// Also when nothing opens it.
pub(super) fn to_restore(kit: &Kit<'_>, folder: &Path) -> Result<(Opened, PathBuf), Failure> {
    let opened = outside(kit, folder)?;
    let database = opened.database.clone().ok_or_else(|| {
        Failure::usage("the backup is encrypted: name what opens it with --identity FILE")
    })?;
    Ok((opened, database))
}

/// Looks at a copied file without changing it.
///
/// # Errors
/// Names the first thing that is wrong.
pub(super) fn sqlite(
    path: &Path,
    manifest: &Manifest,
    secrets: &Secrets,
) -> Result<Sound, Failure> {
    let mut conn = Conn::system_file(path)?;
    if !examine::outside(&mut conn, manifest)? {
        return examine::inside(&mut conn, secrets);
    }
    drop(conn);
    let scratch = Scratch::copy_of(path)?;
    let url = DatabaseUrl::Sqlite(scratch.0.join("copy.db"));
    wiring::store_at(url.clone(), secrets).migrations().run()?;
    examine::inside(&mut Conn::system_snapshot(&url)?, secrets)
}

/// An empty PostgreSQL database.
pub(super) struct Target<'a> {
    url: &'a DatabaseUrl,
    server: &'a str,
}

impl<'a> Target<'a> {
    /// # Errors
    /// When it is no PostgreSQL database, or not empty.
    pub(super) fn new(url: &'a DatabaseUrl) -> Result<Self, Failure> {
        let DatabaseUrl::Postgres(server) = url else {
            return Err(Failure::usage(
                "the backup is of PostgreSQL; name a database as postgres://…",
            ));
        };
        if !system_is_empty(url)? {
            return Err(Failure::failed("the database is not empty; make a new one"));
        }
        Ok(Self { url, server })
    }

    /// Restores a dump and looks at all of it. What was restored stays, whole or not.
    ///
    /// # Errors
    /// Names the first thing that is wrong.
    pub(super) fn fill(
        &self,
        kit: &Kit<'_>,
        manifest: &Manifest,
        dump: &Path,
    ) -> Result<Sound, Failure> {
        let Database::PostgreSql { server, pg_dump } = manifest.database else {
            return Err(Failure::usage("the backup is of SQLite"));
        };
        let own = Conn::system_snapshot(self.url)?.system_server_major()?;
        if own < server {
            return Err(Failure::failed(format!(
                "the backup is of PostgreSQL {server}, the server of {own}"
            )));
        }
        let tool = Tool::find("pg_restore", pg_dump, kit.pg_bin)?;
        let spinner = out::spinner("restoring the dump");
        let restored = tool.restore(dump, self.server);
        spinner.finish_and_clear();
        restored?;
        if examine::outside(&mut Conn::system_snapshot(self.url)?, manifest)? {
            let store = wiring::store_at(self.url.clone(), &kit.secrets);
            store.migrations().run()?;
        }
        examine::inside(&mut Conn::system_snapshot(self.url)?, &kit.secrets)
    }
}

/// A folder for a copy that may be changed, or that nobody else may see; gone when this is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(what: &str) -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = std::env::temp_dir().join(format!("loa-{what}-{}", std::process::id()));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(files::at(&folder))?;
        Ok(Self(folder))
    }

    fn copy_of(path: &Path) -> Result<Self, Failure> {
        let scratch = Self::new("verify")?;
        std::fs::copy(path, scratch.0.join("copy.db")).map_err(files::at(&scratch.0))?;
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Not worth a failure: it is in the folder for what is temporary.
        std::fs::remove_dir_all(&self.0).ok();
    }
}
