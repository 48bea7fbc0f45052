//! Two at once: exactly one wins.

use std::sync::Barrier;

use loa_testkit::Backend;
use rstest::rstest;
use serde_json::json;

use crate::desk::{Office, saving};

#[rstest]
fn two_publish_at_once_and_one_wins(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let (chief, publisher) = (office.token("chief"), office.token("publisher"));
    for round in 0..5 {
        let approved = office.approve(&office.draft("contributor", &format!("Vòng {round}")));
        let path = format!("{}/actions/publish", approved.path());
        let (app, etag, start) = (&office.app, &approved.etag, &Barrier::new(2));
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads = [&chief, &publisher].map(|token| {
                let path = &path;
                scope.spawn(move || {
                    start.wait();
                    app.post(path)
                        .bearer(token)
                        .if_match(etag)
                        .json(&json!({}))
                        .send()
                        .status
                })
            });
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let won = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!(won, 1, "{statuses:?}");
        assert!(
            statuses
                .iter()
                .all(|status| [200, 409, 412].contains(status)),
            "{statuses:?}"
        );
        let history = office
            .get("auditor", &format!("{}/transitions", approved.path()))
            .json();
        let published = history["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|t| t["action"] == "publish")
            .count();
        assert_eq!(published, 1);
    }
}

#[rstest]
fn an_edit_and_an_approval_at_once_never_both_hold(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(office) = Office::open(backend) else {
        return;
    };
    let (chief, editor) = (office.token("chief"), office.token("editor"));
    for round in 0..5 {
        let draft = office.draft("contributor", &format!("Vòng {round}"));
        let submitted = office.act("contributor", &draft, "submit", &json!({}));
        let (app, etag, start) = (&office.app, &submitted.etag, &Barrier::new(2));
        let (chief, editor, entry) = (&chief, &editor, &submitted);
        let (passed, saved) = std::thread::scope(|scope| {
            let pass = scope.spawn(move || {
                start.wait();
                let path = format!("{}/actions/pass", entry.path());
                app.post(&path)
                    .bearer(chief)
                    .if_match(etag)
                    .json(&json!({}))
                    .send()
                    .status
            });
            let save = scope.spawn(move || {
                start.wait();
                app.put(&entry.path())
                    .bearer(editor)
                    .if_match(etag)
                    .json(&saving("Sửa"))
                    .send()
                    .status
            });
            (pass.join().unwrap(), save.join().unwrap())
        });
        // Whoever comes second may see the new version or the new state; neither lets them through.
        let refused = |status: u16| [409, 412].contains(&status);
        assert!(
            (passed == 200 && refused(saved)) || (refused(passed) && saved == 200),
            "pass {passed}, save {saved}"
        );
    }
}
