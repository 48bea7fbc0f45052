//! Migrations: the same for both databases, each of them there and back, and never by two at once.

use std::path::Path;
use std::sync::Barrier;

use loa_store::{Error, Written};
use loa_testkit::Backend;

use crate::database::{Database, each, open};
use crate::{desk, schema, seed};

fn folders(database: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut names: Vec<String> = std::fs::read_dir(folder.join(database))
        .unwrap()
        .map(|folder| {
            let folder = folder.unwrap().path();
            for file in ["up.sql", "down.sql"] {
                assert!(folder.join(file).is_file(), "{}", folder.display());
            }
            folder.file_name().unwrap().to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Version of a migration, as the table of migrations has it.
fn version(name: &str) -> String {
    let (version, _) = name.split_once('_').unwrap();
    version.replace('-', "")
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = folders("sqlite");
    assert_eq!(names, folders("postgres"));
    each(|database| {
        let status = database.store.migrations().status().unwrap();
        assert!(status.iter().all(|migration| migration.applied));
        let known: Vec<&str> = status.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(known, names);
    });
}

#[test]
fn every_migration_can_be_taken_back_and_run_again() {
    each(|database| {
        let migrations = database.store.migrations();
        let names = folders("sqlite");
        let whole = schema::of(&mut database.raw());
        for count in 1..=names.len() {
            migrations.revert(count).unwrap();
            let less = schema::of(&mut database.raw());
            assert_ne!(less, whole);
            assert_eq!(less.is_empty(), count == names.len(), "{less:?}");
            let ran = migrations.run().unwrap();
            let wanted: Vec<String> = names[names.len() - count..]
                .iter()
                .map(|name| version(name))
                .collect();
            assert_eq!(ran, wanted);
            assert_eq!(schema::of(&mut database.raw()), whole);
        }
        assert_eq!(migrations.run().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn taking_everything_back_leaves_nothing_though_there_were_rows() {
    each(|database| {
        let site = seed::one_site(&database.store);
        seed::publish(&database.store, &[seed::entry(site, 1)]);
        desk::draft(&database.store, site);
        let count = folders("sqlite").len();
        database.store.migrations().revert(count).unwrap();
        let mut raw = database.raw();
        assert!(schema::of(&mut raw).is_empty());
        let left = if database.is_sqlite() {
            "SELECT name AS line FROM sqlite_master WHERE name NOT LIKE '%diesel%'"
        } else {
            "SELECT relname::text AS line FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%diesel%'
             UNION ALL
             SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        };
        assert_eq!(raw.lines(left), Vec::<String>::new());
        database.store.migrations().run().unwrap();
        seed::one_site(&database.store);
    });
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    each(|database| {
        let migrations = database.store.migrations();
        migrations.revert(1).unwrap();
        let mut raw = database.raw();
        raw.run("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
        let before = schema::of(&mut raw);
        let refused = migrations.run();
        assert!(
            matches!(&refused, Err(Error::Migration(why)) if why.contains("99990101000000")),
            "{refused:?}"
        );
        assert_eq!(schema::of(&mut raw), before);
    });
}

#[test]
fn nodes_that_start_together_migrate_one_after_the_other() {
    let Some(database) = Database::new(Backend::Postgres) else {
        return;
    };
    let names = folders("postgres");
    database.store.migrations().revert(names.len()).unwrap();
    let barrier = Barrier::new(4);
    let mut ran: Vec<usize> = std::thread::scope(|scope| {
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let store = open(database.url.clone(), 1);
                    barrier.wait();
                    store.migrations().run().unwrap().len()
                })
            })
            .collect();
        nodes.into_iter().map(|node| node.join().unwrap()).collect()
    });
    ran.sort_unstable();
    assert_eq!(ran, [0, 0, 0, names.len()]);
    let written = database
        .store
        .write(seed::moment(), |_| Ok::<_, Error>(Written::quiet(())));
    written.unwrap();
}
