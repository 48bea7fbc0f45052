//! What is generated is what publishing would have made.

use loa_app::editorial::Reprojected;
use loa_domain::snapshot::Snapshot;
use loa_testkit::{Backend, TestDb};

use super::{Size, app, generate};

const SECRET: &str = "a secret for measuring, and for nothing else but that";
const SIZE: Size = Size {
    sites: 2,
    entries: 60,
    bytes: 4_096,
};

#[test]
fn rendering_again_finds_nothing_to_mend() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(database) = TestDb::new(backend) else {
            continue;
        };
        let app = app(database.url(), SECRET).unwrap();
        generate(&app, SIZE).unwrap();
        let mut seen = 0;
        let differing = app.editorial().reproject(None, |n| seen = n).unwrap();
        assert_eq!((seen, differing), (60, Reprojected::default()));
    }
}

#[test]
fn documents_have_the_length_asked_for_and_texts_the_form_that_saving_gives() {
    let database = TestDb::new(Backend::Sqlite).unwrap();
    let app = app(database.url(), SECRET).unwrap();
    let grounds = super::places::make(&app, 1).unwrap();
    let made: Vec<_> = (0..50)
        .map(|n| super::entry::make(&grounds[0], n, (n, 50), 4_096).unwrap())
        .collect();
    let bytes: usize = made
        .iter()
        .map(|made| made.published.document.len())
        .sum::<usize>()
        / made.len();
    assert!((3_600..4_600).contains(&bytes), "{bytes}");
    for made in &made {
        let mut snapshot = Snapshot::from_canonical(&made.revision.snapshot).unwrap();
        let before = snapshot.clone();
        assert!(snapshot.normalise().is_empty());
        assert_eq!(snapshot, before);
        assert!(snapshot.incomplete().is_empty());
    }
}
