//! Backups that something happened to: each is refused, by name of what is wrong, and nothing is
//! restored from it.

use std::fs;
use std::path::Path;

use loa_testkit::{Backend, Release, TestDb};
use serde_json::json;

use super::content::fill;
use super::{Empty, contents, create, done, forge, is_sqlite, manifest, on_each, refused, verify};
use crate::loa::{Place, Ran};
use crate::node::{self, Installation};

/// What is done to a manifest.
type Change = fn(&mut serde_json::Value);

const DATABASE: &[&str] = &["database.sqlite", "database.dump"];

fn database(backup: &Path) -> std::path::PathBuf {
    let found = DATABASE.iter().map(|name| backup.join(name));
    found.into_iter().find(|path| path.exists()).unwrap()
}

/// That a backup is refused for this, and that nothing comes of it. Restoring verifies first; on
/// PostgreSQL, where that takes its time, verifying by itself is left to other tests.
#[track_caller]
fn wrong(installation: &Installation, backup: &Path, said: &str) {
    let name = backup.file_name().unwrap().to_str().unwrap();
    if is_sqlite(installation) {
        refused(&verify(installation, name), said);
    }
    let empty = Empty::of(installation);
    refused(&empty.restore(backup), said);
    assert!(empty.is_empty(), "{said}");
}

#[test]
fn files_that_were_cut_changed_or_lost() {
    on_each(|installation| {
        let backup = create(installation, "backup");
        let whole = contents(&backup);
        let restore = || {
            for (name, bytes) in &whole {
                fs::write(backup.join(name), bytes).unwrap();
            }
            done(&installation.run(&["backup", "verify", "backup"]));
        };
        let path = database(&backup);
        let bytes = fs::read(&path).unwrap();
        for length in [0, 100, bytes.len() - 1] {
            fs::write(&path, &bytes[..length]).unwrap();
            wrong(installation, &backup, "bytes long, and should be");
        }
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).unwrap();
            wrong(installation, &backup, "was changed");
        }
        fs::remove_file(&path).unwrap();
        wrong(installation, &backup, "No such file");
        restore();
        let text = fs::read_to_string(backup.join("manifest.json")).unwrap();
        let changed = text.replacen("\"last_change\": 0", "\"last_change\": 1", 1);
        assert_ne!(changed, text);
        for (manifest, said) in [
            (changed.as_str(), "the seal does not fit"),
            (&text[..text.len() / 2], "EOF"),
            ("", "EOF"),
        ] {
            fs::write(backup.join("manifest.json"), manifest).unwrap();
            wrong(installation, &backup, said);
        }
        fs::remove_file(backup.join("manifest.json")).unwrap();
        wrong(installation, &backup, "no backup, or an unfinished one");
        restore();
    });
}

#[test]
fn a_secret_that_is_another_is_named() {
    on_each(|installation| {
        create(installation, "backup");
        let arguments = ["backup", "verify", "backup"];
        let mut command = crate::node::command(&installation.place, &arguments, "sqlite:x.db");
        command.env(
            "LOA_SECRET",
            "quite another secret for tests, as long as it has to be",
        );
        refused(
            &crate::loa::Ran::of(&command.output().unwrap()),
            "LOA_SECRET",
        );
    });
}

/// Whoever has the secret can make a manifest, but not one that is true of another database.
#[test]
fn manifests_that_say_something_else() {
    on_each(|installation| {
        let backup = create(installation, "backup");
        let text = fs::read(backup.join("manifest.json")).unwrap();
        let changes: [(Change, &str); 9] = [
            (|it| it["rows"]["users"] = json!(1), "table users has"),
            (|it| it["rows"]["units"] = json!(null), "manifest.json"),
            (|it| it["last_change"] = json!(3), "change log ends at 0"),
            (
                |it| it["audit_heads"] = json!([{"chain": "x", "number": 1, "hash": ""}]),
                "audit chain",
            ),
            (|it| it["migrations"] = json!([]), "other migrations"),
            (
                |it| it["loa"] = json!("99.0.0"),
                "newer release of Loa, 99.0.0",
            ),
            (|it| it["format"] = json!(3), "newer release of Loa"),
            (|it| it["files"] = json!([]), "does not list database."),
            (
                |it| {
                    let file = json!({"path": "../x", "bytes": 0, "sha256": ""});
                    it["files"].as_array_mut().unwrap().insert(0, file);
                },
                "lists ../x",
            ),
        ];
        for (change, said) in changes {
            forge(&backup, change);
            wrong(installation, &backup, said);
            fs::write(backup.join("manifest.json"), &text).unwrap();
        }
    });
}

/// Damage, and what is said of it.
const ON_BOTH: &[(&str, &str)] = &[
    (
        "DELETE FROM changes WHERE seq = 3",
        "change log is broken at number 3",
    ),
    (
        "UPDATE audit SET action = 'x' WHERE number = 2",
        "is broken at record 2",
    ),
    (
        "UPDATE published_entries SET document = '{}'",
        "is not what rendering it gives",
    ),
];

/// The same where it takes less time, or only there.
const ON_SQLITE: &[(&str, &str)] = &[
    (
        "UPDATE change_counter SET n = n + 1",
        "change log is broken at number",
    ),
    ("UPDATE audit_heads SET n = n + 1", "is broken at record"),
    (
        "DELETE FROM published_attributes",
        "is not what rendering it gives",
    ),
    (
        "UPDATE editions SET state = 'withdrawn', withdraw_kind = 'gone', \
             withdrawn_at = created_at WHERE state = 'published'",
        "is not published and yet readers get it",
    ),
    ("UPDATE revisions SET snapshot = '{'", "cannot be rendered"),
    (
        "PRAGMA foreign_keys = OFF; DELETE FROM sections",
        "refers to one of sections",
    ),
    (
        "PRAGMA writable_schema = ON; \
             UPDATE sqlite_master SET rootpage = 3 WHERE name = 'users_email'",
        "",
    ),
];

/// What was wrong in the database itself is copied faithfully, and shows.
#[test]
fn databases_that_were_damaged_before() {
    on_each(|installation| {
        let node = installation.node();
        fill(&node);
        node.terminate();
        let whole = create(installation, "whole");
        let only = if is_sqlite(installation) {
            ON_SQLITE
        } else {
            &[]
        };
        for (number, (damage, said)) in ON_BOTH.iter().chain(only).enumerate() {
            let other = Empty::of(installation);
            done(&other.restore(&whole));
            let url = other.url.parse().unwrap();
            let mut sql = loa_testkit::Sql::connect(&url);
            sql.execute(damage);
            drop(sql);
            let name = format!("damaged-{number}");
            let backup = installation.place.path(&name);
            let ran = other.run(&["backup", "create", backup.to_str().unwrap()]);
            if ran.code != 0 {
                // So bad that it is not even copied.
                assert!(
                    is_sqlite(installation) && said.is_empty(),
                    "{damage}: {ran:?}"
                );
                continue;
            }
            wrong(installation, &backup, said);
        }
    });
}

#[test]
fn verifying_changes_nothing_and_leaves_nothing() {
    on_each(|installation| {
        let backup = create(installation, "backup");
        let before = contents(&backup);
        assert_eq!(before.len(), 2, "a database and a manifest");
        assert_eq!(manifest(&backup)["files"].as_array().unwrap().len(), 1);
        for file in fs::read_dir(&backup).unwrap() {
            let path = file.unwrap().path();
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "{} is for its owner alone", path.display());
        }
        done(&verify(installation, "backup"));
        assert_eq!(contents(&backup), before);
    });
}

/// A database as an older release left it, backed up by this one before it migrates it. Restored, it
/// takes its secret, and the platform's chain counts what was there.
#[test]
fn a_backup_of_an_older_release_is_verified_and_migrated() {
    for release in Release::all() {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            if let Some(database) = TestDb::frozen(backend, &release) {
                older(&database, &release.secret(backend));
            }
        }
    }
}

fn older(database: &TestDb, secret: &str) {
    let run = |place: &Place, words: &[&str], url: &str| {
        let mut command = node::command(place, words, url);
        Ran::of(&command.env("LOA_SECRET", secret).output().unwrap())
    };
    let place = Place::new();
    let own = node::setting(&database.url());
    done(&run(&place, &["backup", "create", "backup"], &own));
    let backup = place.path("backup");
    let migrations = manifest(&backup)["migrations"].as_array().unwrap().len();
    let before = contents(&backup);
    let scratch = Empty::new(database.backend());
    let into = ["--into", scratch.url.as_str()];
    let into = if database.backend() == Backend::Sqlite {
        &[][..]
    } else {
        &into[..]
    };
    let words = [&["backup", "verify", "backup"], into].concat();
    done(&run(&place, &words, &own));
    assert_eq!(contents(&backup), before);

    let empty = Empty::new(database.backend());
    let restore = ["backup", "restore", backup.to_str().unwrap()];
    refused(&empty.restore(&backup), "LOA_SECRET is not the one");
    done(&run(&empty.place, &restore, &empty.url));
    let status = empty.run(&["migrate", "status"]).out;
    assert!(!status.contains("to do") && status.lines().count() > migrations);
    done(&run(&empty.place, &["audit", "verify"], &empty.url));
    let generations = run(&empty.place, &["audit", "generations"], &empty.url).out;
    assert_eq!(generations.lines().count(), 1, "{generations}");
    let url = empty.url.parse().unwrap();
    let mut sql = loa_testkit::Sql::connect(&url);
    let chain = sql.lines("SELECT chain AS line FROM audit_heads WHERE chain <> 'platform'");
    sql.execute(&format!(
        "DELETE FROM audit WHERE chain = '{0}'; DELETE FROM audit_heads WHERE chain = '{0}'",
        chain[0]
    ));
    drop(sql);
    let said = format!("chain {} is broken at record 1: it is missing", chain[0]);
    refused(&run(&empty.place, &["audit", "verify"], &empty.url), &said);
}

/// The other way round: somebody's later release has run a migration that this one does not know.
#[test]
fn a_backup_of_a_newer_release_is_refused() {
    on_each(|installation| {
        let mut sql = installation.database.sql();
        sql.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')");
        drop(sql);
        let backup = create(installation, "backup");
        wrong(
            installation,
            &backup,
            "newer release (migration 99991231000001)",
        );
    });
}
