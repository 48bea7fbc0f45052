//! Databases as earlier releases left them: there and back.

use loa_testkit::{Backend, Release, TestDb};

use crate::database::{Database, open};
use crate::raw::Raw;
use crate::{contents, schema};

#[test]
fn every_release_becomes_this_one_and_can_be_taken_back() {
    let releases = Release::all();
    assert!(!releases.is_empty());
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(fresh) = Database::new(backend) else {
            continue;
        };
        let today = schema::of(&mut fresh.raw());
        for release in &releases {
            let frozen = TestDb::frozen(backend, release).unwrap();
            let mut raw = Raw::open(&frozen.url());
            let then = schema::of(&mut raw);
            let rows = contents::of(&mut raw, &then);
            let store = open(frozen.url(), 1);
            let ran = store.migrations().run().unwrap();
            assert_eq!(ran.is_empty(), then == today, "{}", release.version);
            assert_eq!(schema::of(&mut raw), today, "{}", release.version);
            let named = contents::named_as_changed(&ran);
            let lost = contents::lost(&rows, &contents::of(&mut raw, &then), &named);
            assert_eq!(lost, "", "{}", release.version);
            store.migrations().revert(ran.len()).unwrap();
            assert_eq!(schema::of(&mut raw), then, "{}", release.version);
            let lost = contents::lost(&rows, &contents::of(&mut raw, &then), &named);
            assert_eq!(lost, "", "taken back to {}", release.version);
            assert_eq!(store.migrations().run().unwrap(), ran);
            assert_eq!(schema::of(&mut raw), today, "{}", release.version);
        }
    }
}
