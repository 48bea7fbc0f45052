//! Backups that are killed or run into a full disk leave nothing that verifies.

use std::process::Command;
use std::time::{Duration, Instant};

use loa_testkit::Backend;

use super::{create, done, on_each, refused};
use crate::loa::Ran;
use crate::node::{self, Installation};

/// Makes an `SQLite` database large enough to be killed on the way.
fn grow(installation: &Installation) {
    installation.database.sql().execute(
        "CREATE TABLE ballast AS WITH RECURSIVE n (i) AS \
         (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
         SELECT i, randomblob(8000) AS bytes FROM n",
    );
}

#[test]
fn a_killed_backup_is_none() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    grow(&installation);
    let place = &installation.place;
    let mut cut = 0;
    for number in 0..60_u32 {
        let name = format!("backup-{number}");
        let arguments = ["backup", "create", &name];
        let mut child = node::command(place, &arguments, &installation.url())
            .spawn()
            .unwrap();
        let unfinished = place.path(&format!("{name}.unfinished"));
        while !unfinished.exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        std::thread::park_timeout(Duration::from_millis(u64::from(number) * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        if place.path(&name).exists() {
            // It was faster, and then it is whole.
            done(&installation.run(&["backup", "verify", &name]));
            break;
        }
        cut += 1;
        // The manifest comes last: with it only the name was missing.
        if !unfinished.join("manifest.json").exists() {
            let left = format!("{name}.unfinished");
            refused(
                &installation.run(&["backup", "verify", &left]),
                "unfinished",
            );
            refused(
                &installation.run(&["backup", "restore", &left]),
                "unfinished",
            );
        }
        refused(
            &installation.run(&["backup", "create", &name]),
            "was broken off",
        );
    }
    assert!(cut > 0, "never caught");
    done(&installation.run(&["audit", "verify"]));
}

#[test]
fn a_killed_dump_is_none_and_its_tool_ends_too() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let place = &installation.place;
    let mut sql = installation.database.sql();
    // Neither we nor pg_dump get past this table.
    sql.execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
    let arguments = ["backup", "create", "backup"];
    let mut child = node::command(place, &arguments, &installation.url())
        .spawn()
        .unwrap();
    let unfinished = place.path("backup.unfinished");
    let start = Instant::now();
    while !unfinished.exists() {
        assert!(start.elapsed() < Duration::from_mins(1), "it never began");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    refused(
        &installation.run(&arguments),
        "another backup is being made",
    );
    child.kill().unwrap();
    child.wait().unwrap();
    sql.execute("ROLLBACK");
    assert!(!place.path("backup").exists());
    refused(
        &installation.run(&["backup", "verify", "backup.unfinished"]),
        "unfinished",
    );
    std::fs::remove_dir_all(&unfinished).unwrap();
    create(&installation, "backup");
    done(&installation.run(&["backup", "verify", "backup"]));
}

/// A limit on the size of files stands for a full disk: writing fails in the middle.
#[test]
fn a_full_disk_leaves_nothing() {
    on_each(|installation| {
        let own = node::command(&installation.place, &["backup"], &installation.url());
        let mut limited = Command::new("/bin/sh");
        // In blocks of 512 bytes; too large a file is an error then, not a signal.
        let script = "trap '' XFSZ; ulimit -f 80; exec \"$0\" backup create backup";
        limited.args(["-c", script]).arg(own.get_program());
        limited.current_dir(installation.place.path(""));
        limited.env_clear();
        for (name, value) in own.get_envs() {
            if let Some(value) = value {
                limited.env(name, value);
            }
        }
        let ran = Ran::of(&limited.output().unwrap());
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(!installation.place.path("backup").exists());
        assert!(
            !installation.place.path("backup.unfinished").exists(),
            "{ran:?}"
        );
        create(installation, "backup");
    });
}
