//! Two nodes on one database.

use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_testkit::{Backend, TestApp};
use rstest::rstest;

fn change(app: &TestApp) {
    let change = NewChange {
        site: None,
        subject: SubjectKind::Unit,
        subject_id: "x".to_owned(),
        kind: ChangeKind::Updated,
    };
    let written: Result<(), loa_store::Error> = app.app.store().write(app.app.now(), |_| {
        Ok(loa_store::Written {
            value: (),
            changes: vec![change.clone()],
            audit: Vec::new(),
        })
    });
    written.unwrap();
}

#[rstest]
fn nodes_hear_of_each_others_changes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(one) = TestApp::start(backend) else {
        return;
    };
    let other = one.another_node();
    change(&one);
    assert_eq!(one.app.store().watermark().all(), 1, "its own at once");
    assert_eq!(other.app.store().watermark().all(), 0);
    change(&other);
    // It knows of its own change, the second, and has not heard of the first.
    assert_eq!(other.app.store().watermark().all(), 2);
    assert_eq!(other.app.store().watermark().followed(), 0);
    for node in [&one, &other] {
        node.follow_changes();
        assert_eq!(node.app.store().watermark().all(), 2);
        assert_eq!(node.app.store().watermark().followed(), 2);
    }
}
