//! The database is not to be had: answers are clear, quick, and leave nothing behind.

use std::sync::mpsc;

use loa_store::{Error, Store, StoreOptions, Written};
use loa_testkit::{Backend, SECRET};

use crate::desk::{Office, article};

/// Another process's view of the same database.
fn another_store(office: &Office) -> Store {
    let secrets = loa_app::Secrets::new(SECRET, None).unwrap();
    Store::open(StoreOptions {
        url: office.app.database().url(),
        read_url: None,
        connections: 1,
        audit_key: secrets.audit_key(),
    })
}

/// On PostgreSQL writers do not wait for each other unless they touch the same rows.
#[test]
fn a_writer_that_waits_too_long_is_told_to_come_back() {
    let Some(office) = Office::open(Backend::Sqlite) else {
        return;
    };
    let token = office.token("contributor");
    let published = office.publish(&office.draft("contributor", "Vẫn đọc được"));
    let other = another_store(&office);
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let now = office.app.app.now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let held = other.write(now, |_| {
                locked.send(()).unwrap();
                released.recv().unwrap();
                Ok::<_, Error>(Written::quiet(()))
            });
            held.unwrap();
        });
        is_locked.recv().unwrap();
        let path = "/api/v1/editorial/sites/hai-tien/entries";
        let post = || office.app.post(path).bearer(&token).json(&article("Chờ"));
        let answer = post().send();
        assert_eq!(answer.header("retry-after"), Some("2"));
        answer.expect_problem(503, "unavailable");
        // Readers do not wait for writers.
        office
            .get("contributor", &published.path())
            .expect_status(200);
        let delivered = "/api/v1/sites/hai-tien/articles/van-doc-duoc";
        office.app.get(delivered).send().expect_status(200);
        release.send(()).unwrap();
    });
    let list = office
        .get("contributor", "/api/v1/editorial/entries")
        .json();
    assert_eq!(
        list["data"].as_array().unwrap().len(),
        1,
        "nothing was written"
    );
    office
        .create("contributor", &article("Chờ"))
        .expect_status(201);
}
