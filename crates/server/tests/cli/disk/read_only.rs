//! A database that can only be read.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use loa_store::DatabaseUrl;
use loa_testkit::Backend;

use super::{Desk, delivered, readers_notice_nothing};
use crate::loa::Ran;
use crate::node::{Installation, Node, serve, wrapped};

/// Whom rights bind: root goes on without its privileges.
fn bound_by_rights(command: Command) -> Command {
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return command;
    }
    let all = [
        "setpriv",
        "--bounding-set",
        "-all",
        "--inh-caps",
        "-all",
        "--",
    ];
    wrapped(&command, &all)
}

/// Sets the rights of a folder, and of the files in it.
fn set_rights(folder: &Path, of_folder: u32, of_files: u32) {
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    set(folder, 0o700);
    for file in std::fs::read_dir(folder).unwrap() {
        set(&file.unwrap().path(), of_files);
    }
    set(folder, of_folder);
}

/// A server that cannot write would let nobody in and publish nothing in time; and whether it could
/// read depends on whether the last one has left its log of writes behind. So it says why and ends.
#[test]
fn a_server_does_not_start_where_it_cannot_write() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    let DatabaseUrl::Sqlite(file) = installation.database.url() else {
        return;
    };
    let folder = file.parent().unwrap();
    let start = || {
        let command = serve(&installation.place, &installation.url());
        Ran::within(Duration::from_mins(1), bound_by_rights(command))
    };
    let is_refused = |what: &str| {
        let ran = start();
        assert_eq!(ran.code, 1, "{what}: {ran:?}");
        for said in [&*file.to_string_lossy(), "writable for the user"] {
            assert!(ran.err.contains(said), "{what}: {said}: {ran:?}");
        }
        assert!(!ran.err.contains("\"serving\""), "{what}: {ran:?}");
    };
    for clean in [true, false] {
        let node = installation.node();
        let token = node.token("chief");
        Desk::at(&node, &token).published(if clean { "Một" } else { "Hai" });
        if clean {
            node.terminate();
        } else {
            // Its log of writes stays, which the next one would have to put into the file.
            node.kill();
        }
        set_rights(folder, 0o500, 0o400);
        is_refused(&format!("all read-only, ended well: {clean}"));
        set_rights(folder, 0o700, 0o400);
        is_refused(&format!("file read-only, ended well: {clean}"));
        set_rights(folder, 0o700, 0o600);
    }
    let node = installation.node();
    for slug in ["mot", "hai"] {
        delivered(&node, slug).expect_status(200);
    }
}

#[test]
fn a_folder_that_is_missing_or_read_only_is_named() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    let folder = installation.place.path("locked");
    std::fs::create_dir(&folder).unwrap();
    set_rights(&folder, 0o500, 0o400);
    for name in ["locked/loa.db", "missing/loa.db"] {
        let command = serve(&installation.place, &format!("sqlite:{name}"));
        let ran = Ran::within(Duration::from_mins(1), bound_by_rights(command));
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains(name), "{ran:?}");
    }
    set_rights(&folder, 0o700, 0o400);
}

/// As a primary that has become a standby. On `SQLite` a disk that was made read-only under a
/// server fails to write, as in `full`: files that are open stay open.
#[test]
fn a_server_that_can_only_read_does_so_until_it_can_write_again() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let node = installation.node();
    let token = node.token("chief");
    let desk = Desk::at(&node, &token);
    desk.published("Một");
    desk.published("Hai");
    delivered(&node, "mot").expect_status(200);
    let set = |read_only: &str| {
        let mut sql = installation.database.sql();
        let name = sql
            .lines("SELECT current_database()::text AS line")
            .concat();
        sql.execute("SET default_transaction_read_only = off");
        sql.execute(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = {read_only}"
        ));
    };
    set("on");
    // Connections of before know nothing of it.
    let cut = "SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    installation.database.sql().lines(cut);
    until_all_are_new(&node);
    for _ in 0..10 {
        let answer = desk.draft("Chờ", 500);
        assert_eq!(answer.header("retry-after"), Some("2"), "{answer}");
        answer.expect_problem(503, "unavailable");
    }
    readers_notice_nothing(&desk, "mot", "hai");
    set("off");
    // Connections that could only read are not used again.
    desk.draft("Được", 500).expect_status(201);
    assert_eq!(super::count(&installation), 3);
}

/// A connection that was cut is noticed by the request it fails, so each may fail one.
fn until_all_are_new(node: &Node) {
    let mut in_a_row = 0;
    for _ in 0..200 {
        let ready = node.get("/readyz").send().status == 200;
        in_a_row = if ready { in_a_row + 1 } else { 0 };
        if in_a_row == 20 {
            return;
        }
    }
    panic!("it does not become ready{node}");
}
