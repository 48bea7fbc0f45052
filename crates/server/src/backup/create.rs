//! `loa backup create`: copies the database while others write to it.

use std::path::Path;

use loa_app::{Clock, SystemClock};
use loa_store::facts::{Facts, system_facts};
use loa_store::{Conn, DatabaseUrl, copy_sqlite};

use super::files::{self, Unfinished};
use super::manifest::{self, Database, File, Manifest};
use super::tools::Tool;
use super::{Kit, age};
use crate::failure::Failure;
use crate::{out, wiring};

/// Makes a backup in a new folder.
///
/// # Errors
/// When the folder exists, the database is away, or the disk is full; nothing is left then.
pub(super) fn run(kit: &Kit<'_>, folder: &Path, recipients: &[String]) -> Result<(), Failure> {
    let url = wiring::database_url(kit.settings)?;
    let made_at = SystemClock.now();
    let unfinished = Unfinished::begin(folder)?;
    let spinner = out::spinner("copying the database");
    let copied = match &url {
        DatabaseUrl::Sqlite(path) => sqlite(path, &unfinished, |done| spinner.set_position(done)),
        DatabaseUrl::Postgres(server) => postgres(&url, server, kit, &unfinished, |done| {
            spinner.set_position(done);
        }),
    };
    spinner.finish_and_clear();
    let (database, facts, file) = copied?;
    let said = format!(
        "{}: {} bytes, {} rows, change log at {}, {} audit chains",
        folder.display(),
        file.bytes,
        facts.rows.values().sum::<i64>(),
        facts.last_change,
        facts.audit_heads.len(),
    );
    let mut manifest = Manifest::new(made_at, database, facts, vec![file]);
    if !recipients.is_empty() {
        let file = encrypt(&manifest, &unfinished, recipients)?;
        manifest.encrypted_as(file);
    }
    unfinished.finish(manifest::NAME, &manifest.sealed(&kit.secrets)?)?;
    out::line(&said);
    Ok(())
}

/// Puts an encrypted file in the place of the copy.
fn encrypt(
    manifest: &Manifest,
    unfinished: &Unfinished,
    recipients: &[String],
) -> Result<File, Failure> {
    let name = format!("{}.age", manifest.database.file());
    let plain = unfinished.file(manifest.database.file());
    let to = unfinished.file(&name);
    let spinner = out::spinner("encrypting the copy");
    let encrypted = age::encrypt(&plain, &to, recipients);
    spinner.finish_and_clear();
    encrypted?;
    std::fs::remove_file(&plain).map_err(files::at(&plain))?;
    let (bytes, sha256) = files::measure(&to).map_err(files::at(&to))?;
    Ok(File {
        path: name,
        bytes,
        sha256,
    })
}

type Copied = (Database, Facts, File);

fn sqlite(
    from: &Path,
    unfinished: &Unfinished,
    progress: impl FnMut(u64),
) -> Result<Copied, Failure> {
    let database = Database::Sqlite;
    let to = unfinished.file(database.file());
    // Before SQLite does: it would let others read it.
    files::create(&to).map_err(files::at(&to))?;
    copy_sqlite(from, &to, progress).map_err(|error| {
        Failure::failed(format!(
            "copying {} to {}: {error}",
            from.display(),
            to.display()
        ))
    })?;
    files::sync(&to).map_err(files::at(&to))?;
    // What was copied, not what the database holds by now.
    let facts = system_facts(&mut Conn::system_file(&to)?)?;
    let (bytes, sha256) = files::measure(&to).map_err(files::at(&to))?;
    let file = File {
        path: database.file().to_owned(),
        bytes,
        sha256,
    };
    Ok((database, facts, file))
}

fn postgres(
    url: &DatabaseUrl,
    server: &str,
    kit: &Kit<'_>,
    unfinished: &Unfinished,
    progress: impl FnMut(u64),
) -> Result<Copied, Failure> {
    let mut conn = Conn::system_snapshot(url)?;
    let major = conn.system_server_major()?;
    let tool = Tool::find("pg_dump", major, kit.pg_bin)?;
    let database = Database::PostgreSql {
        server: major,
        pg_dump: tool.major,
    };
    let snapshot = conn.system_export_snapshot()?;
    let facts = system_facts(&mut conn)?;
    let to = unfinished.file(database.file());
    // The connection lives until here, and with it what both see.
    let (bytes, sha256) = tool.dump(server, &snapshot, &to, progress)?;
    drop(conn);
    let file = File {
        path: database.file().to_owned(),
        bytes,
        sha256,
    };
    Ok((database, facts, file))
}
