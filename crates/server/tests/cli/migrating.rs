//! Processes that migrate one database at the same time, and one that is too old for it.

use loa_store::{Store, StoreOptions};
use loa_testkit::{Backend, SECRET, Sql, TestDb};

use crate::loa::{Place, Ran};

/// How many processes start together.
const PROCESSES: usize = 4;

/// Starts all of them, then waits; gives how many migrations each ran.
fn together(place: &Place, url: &str) -> Vec<usize> {
    let start = |_| place.loa(&["migrate", "up", "--database-url", url]).spawn();
    let started: Vec<_> = (0..PROCESSES).map(start).collect();
    let mut ran: Vec<usize> = started
        .into_iter()
        .map(|child| {
            let ran = Ran::of(&child.unwrap().wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{ran:?}");
            let ran_some = ran.out.lines().filter(|line| line.starts_with("ran "));
            ran_some.count()
        })
        .collect();
    ran.sort_unstable();
    ran
}

/// The migrations there are.
fn all(place: &Place, url: &str) -> usize {
    let status = place.run(&["migrate", "status", "--database-url", url]);
    assert!(!status.out.contains("to do"), "{status:?}");
    status.out.lines().count()
}

#[test]
fn on_a_new_file_one_of_them_migrates() {
    for round in 0..5 {
        let place = Place::new();
        let url = format!("sqlite:new-{round}.db");
        let ran = together(&place, &url);
        assert_eq!(ran, [0, 0, 0, all(&place, &url)]);
    }
}

#[test]
fn on_a_server_one_of_them_migrates() {
    let Some(database) = TestDb::new(Backend::Postgres) else {
        return;
    };
    let store = Store::open(StoreOptions {
        url: database.url(),
        read_url: None,
        connections: 1,
        audit_key: loa_store::AuditKey::new([0; 32]),
    });
    let count = store.migrations().status().unwrap().len();
    store.migrations().revert(count).unwrap();
    let loa_store::DatabaseUrl::Postgres(url) = database.url() else {
        panic!("it is on a server");
    };
    let ran = together(&Place::new(), &url);
    assert_eq!(ran, [0, 0, 0, count]);
}

#[test]
fn a_release_that_is_too_old_does_not_start() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(database) = TestDb::new(backend) else {
            continue;
        };
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        Sql::connect(&database.url()).execute(newer);
        let url = match database.url() {
            loa_store::DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            loa_store::DatabaseUrl::Postgres(url) => url,
        };
        let place = Place::new();
        place.run(&["keys", "new", "--jwt-keys", "keys"]);
        for arguments in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["migrate", "up"],
        ] {
            let mut command = place.loa(arguments);
            let output = command
                .env("LOA_DATABASE_URL", &url)
                .env("LOA_SECRET", SECRET)
                .env("LOA_JWT_KEYS", "keys")
                .env("LOA_METRICS_LISTEN", "off")
                .output();
            let ran = Ran::of(&output.unwrap());
            assert_eq!(ran.code, 1, "{ran:?}");
            let said = "of a newer release (migration 99990101000000 is not known here)";
            assert!(ran.err.contains(said), "{ran:?}");
        }
    }
}
