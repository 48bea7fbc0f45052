//! Places that a backup is not restored to, and wrong arguments.

use std::fs;

use loa_testkit::Backend;

use super::{Empty, create, done, is_sqlite, on_each, refused};
use crate::node::Installation;

#[test]
fn a_place_that_is_not_empty_is_left_as_it_is() {
    on_each(|installation| {
        let backup = create(installation, "backup");
        let path = backup.to_str().unwrap();
        let own = installation.run(&["backup", "restore", path]);
        refused(
            &own,
            if is_sqlite(installation) {
                "exists"
            } else {
                "not empty"
            },
        );
        done(&installation.run(&["audit", "verify"]));

        let empty = Empty::of(installation);
        if is_sqlite(installation) {
            // The WAL of a database that is gone would be taken for that of the restored one.
            for ending in ["-wal", "-journal", ""] {
                let file = empty.place.path(&format!("restored.db{ending}"));
                fs::write(&file, "").unwrap();
                refused(&empty.restore(&backup), "exists");
                assert_eq!(fs::read(&file).unwrap(), b"");
                fs::remove_file(&file).unwrap();
            }
            let broken_off = empty.place.path("restored.db.restoring");
            fs::write(&broken_off, "x").unwrap();
            refused(&empty.restore(&backup), "broke off");
            assert_eq!(fs::read(&broken_off).unwrap(), b"x");
            fs::remove_file(&broken_off).unwrap();
        } else {
            let mut sql = loa_testkit::Sql::connect(&empty.url.parse().unwrap());
            sql.execute("CREATE TABLE somebodys (own TEXT)");
            refused(&empty.restore(&backup), "not empty");
            let into = ["backup", "verify", path, "--into", &empty.url];
            refused(&installation.run(&into), "not empty");
            sql.execute("DROP TABLE somebodys");
        }
        done(&empty.restore(&backup));
    });
}

#[test]
fn each_database_takes_its_own_kind() {
    let Some(postgres) = Installation::new(Backend::Postgres) else {
        return;
    };
    let sqlite = Installation::new(Backend::Sqlite).unwrap();
    let of_sqlite = create(&sqlite, "backup");
    let of_postgres = create(&postgres, "backup");
    let empty = Empty::new(Backend::Postgres);
    refused(&empty.restore(&of_sqlite), "the backup is of SQLite");
    let absent = Empty::new(Backend::Sqlite);
    refused(&absent.restore(&of_postgres), "the backup is of PostgreSQL");
    let path = of_postgres.to_str().unwrap();
    let into = ["backup", "verify", path, "--into", &absent.url];
    refused(&sqlite.run(&into), "postgres://");
    let into = ["backup", "verify", "backup", "--into", &empty.url];
    refused(&sqlite.run(&into), "--into is for backups of PostgreSQL");
    assert!(empty.is_empty() && absent.is_empty());
}

#[test]
fn a_backup_needs_a_database_and_a_new_name() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    let place = &installation.place;
    let nowhere = Empty::new(Backend::Sqlite);
    let ran = nowhere.run(&["backup", "create", "backup"]);
    refused(&ran, "no database at this path");
    assert!(!nowhere.place.path("backup.unfinished").exists());
    assert!(nowhere.is_empty(), "it was not made by looking for it");
    fs::create_dir(place.path("taken")).unwrap();
    refused(&installation.run(&["backup", "create", "taken"]), "exists");
    refused(
        &installation.run(&["backup", "create", "no/such/folder"]),
        "No such file",
    );
    refused(
        &installation.run(&["backup", "create", "/"]),
        "not the name",
    );
    // A slash at the end does not put the unfinished one inside.
    done(&installation.run(&["backup", "create", "slash/"]));
    done(&installation.run(&["backup", "verify", "slash/"]));
}
