//! `loa backup restore`: puts a backup where there is nothing. There is no way to restore over
//! something.

use std::path::{Path, PathBuf};

use loa_app::{AfterRestore, Clock, SystemClock, system_after_restore};
use loa_store::facts::{system_drop_tables, system_is_empty};
use loa_store::{DatabaseUrl, settle_sqlite};

use super::manifest::{Database, Manifest};
use super::verify::{self, Target};
use super::{Kit, files};
use crate::failure::Failure;
use crate::{out, wiring};

/// Restores a backup.
///
/// # Errors
/// When the place is not empty or the backup does not verify; the place is as empty as before then.
pub(super) fn run(kit: &Kit<'_>, folder: &Path) -> Result<(), Failure> {
    let url = wiring::database_url(kit.settings)?;
    let manifest = Manifest::read(folder, &kit.secrets)?;
    let after = match (&url, &manifest.database) {
        (DatabaseUrl::Sqlite(path), Database::Sqlite) => {
            if !system_is_empty(&url)? {
                return Err(Failure::failed(format!(
                    "{} exists, or a file of it; move it away first",
                    path.display()
                )));
            }
            sqlite(kit, folder, path)?
        }
        (DatabaseUrl::Postgres(_), Database::PostgreSql { .. }) => {
            let target = Target::new(&url)?;
            let (opened, path) = verify::to_restore(kit, folder)?;
            let manifest = &opened.manifest;
            let filled = target.fill(kit, manifest, &path).map(|sound| {
                out::line(&format!("restored: {sound}"));
            });
            let after = filled.and_then(|()| close(kit, &url, manifest));
            if after.is_err() {
                system_drop_tables(&url)?;
            }
            after?
        }
        (DatabaseUrl::Sqlite(_), Database::PostgreSql { .. }) => {
            return Err(Failure::usage(
                "the backup is of PostgreSQL, the database SQLite",
            ));
        }
        (DatabaseUrl::Postgres(_), Database::Sqlite) => {
            return Err(Failure::usage(
                "the backup is of SQLite, the database PostgreSQL",
            ));
        }
    };
    tell(&manifest, after);
    Ok(())
}

/// Everything happens to a file of another name, which gets its own when it is ready to be served.
fn sqlite(kit: &Kit<'_>, folder: &Path, path: &Path) -> Result<AfterRestore, Failure> {
    let (opened, from) = verify::to_restore(kit, folder)?;
    let manifest = &opened.manifest;
    let sound = verify::sqlite(&from, manifest, &kit.secrets)?;
    let making = Making::begin(&from, path)?;
    let url = DatabaseUrl::Sqlite(making.0.clone());
    let after = close(kit, &url, manifest)?;
    settle_sqlite(&making.0).map_err(files::at(&making.0))?;
    making.finish(path)?;
    out::line(&format!("restored: {sound}"));
    Ok(after)
}

/// Migrates the copy, and ends what must not begin again by restoring it.
fn close(kit: &Kit<'_>, url: &DatabaseUrl, manifest: &Manifest) -> Result<AfterRestore, Failure> {
    let store = wiring::store_at(url.clone(), &kit.secrets);
    store.migrations().run()?;
    wiring::admit(&store, &kit.secrets)?;
    Ok(system_after_restore(
        &store,
        SystemClock.now(),
        manifest.made_at,
    )?)
}

fn tell(manifest: &Manifest, after: AfterRestore) {
    out::line(&format!(
        "the database is as it was at {}; what was done after that is gone",
        manifest.made_at
    ));
    out::line(&format!(
        "ended: {} sessions, {} password links, {} preview links; everybody signs in again",
        after.sessions, after.password_links, after.preview_links
    ));
    if after.due + after.over > 0 {
        out::line(&format!(
            "when the server starts it will publish {} entries whose time has come and withdraw {} \
             whose time is over",
            after.due, after.over
        ));
    }
    out::line(
        "next: loa audit verify --anchor FILE, if heads were kept elsewhere; then move away the file \
         that loa serve kept heads in; then loa serve on every node; then a new backup",
    );
}

/// A file being made under another name. Unless it is finished it is removed.
struct Making(PathBuf);

impl Making {
    fn begin(from: &Path, path: &Path) -> Result<Self, Failure> {
        let making = files::with_ending(path, ".restoring");
        let mut to = files::create(&making).map_err(|error| {
            Failure::failed(format!(
                "{}: {error}; if it was left by a restore that broke off, remove it",
                making.display()
            ))
        })?;
        let made = Self(making);
        let mut from_file = std::fs::File::open(from).map_err(files::at(from))?;
        files::pour(&mut from_file, &mut to, |_| ()).map_err(files::at(&made.0))?;
        Ok(made)
    }

    fn finish(self, path: &Path) -> Result<(), Failure> {
        files::sync(&self.0).map_err(files::at(&self.0))?;
        std::fs::rename(&self.0, path).map_err(files::at(path))?;
        let parent = files::parent(path);
        files::sync(parent).map_err(files::at(parent))
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // After the end there is nothing of these names.
        for ending in ["", "-wal", "-shm", "-journal"] {
            std::fs::remove_file(files::with_ending(&self.0, ending)).ok();
        }
    }
}
