//! Several at once, at two nodes: exactly one wins, the others are told so, and history, change log
//! and readers know of one.
//!
//! Whoever writes holds the site's row, so the second sees what the first has committed. With the
//! tag they had seen it is 412 for them, whatever they wanted; with `*` the workflow answers. Saves
//! and new entries by one client against one node are in `flow` and `refusals`.

use std::sync::Barrier;

use loa_domain::change::ChangeKind;
use loa_store::changes;
use loa_testkit::{Answer, Backend, Request, TestApp};
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{Office, Seen, saving};

/// Often enough that each order comes up; what is claimed holds in any.
const ROUNDS: usize = 10;

/// A board with two nodes.
struct Contest {
    office: Office,
    other: TestApp,
}

impl Contest {
    fn open(backend: Backend) -> Option<Self> {
        let office = Office::open(backend)?;
        let other = office.app.another_node();
        Some(Self { office, other })
    }

    /// One of the nodes, in turn.
    fn node(&self, number: usize) -> &TestApp {
        if number.is_multiple_of(2) {
            &self.office.app
        } else {
            &self.other
        }
    }

    /// An action, to be sent when everybody is ready.
    fn act(
        &self,
        node: usize,
        who: &str,
        (seen, tag): (&Seen, &str),
        (action, body): (&str, &Value),
    ) -> Request<'_> {
        let path = format!("{}/actions/{action}", seen.path());
        let request = self.node(node).post(&path).bearer(&self.office.token(who));
        request.if_match(tag).json(body)
    }

    fn save(&self, node: usize, who: &str, (seen, tag): (&Seen, &str), title: &str) -> Request<'_> {
        let request = self.node(node).request("PUT", &seen.path());
        let request = request.bearer(&self.office.token(who)).if_match(tag);
        request.json(&saving(title))
    }

    /// The newest actions on an entry, newest first.
    fn history(&self, seen: &Seen) -> Vec<String> {
        let path = format!("{}/transitions", seen.path());
        let history = self.office.get("auditor", &path).json();
        let actions = history["data"].as_array().unwrap().iter();
        actions
            .map(|transition| transition["action"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What the change log says of an entry.
    fn log(&self, seen: &Seen) -> Vec<ChangeKind> {
        let store = self.office.app.app.store();
        let all = store.read(|conn| changes::after(conn, 0, 10_000)).unwrap();
        all.into_iter()
            .filter(|change| change.subject_id == seen.id)
            .map(|change| change.kind)
            .collect()
    }

    fn count(&self, seen: &Seen, action: &str) -> usize {
        let history = self.history(seen);
        history.iter().filter(|own| *own == action).count()
    }

    fn state(&self, seen: &Seen) -> String {
        self.office.read("auditor", seen).state().to_owned()
    }

    /// What readers at a node get at an entry's address.
    fn read(&self, node: usize, seen: &Seen) -> Answer {
        let node = self.node(node);
        node.follow_changes();
        let slug = seen.data["slug"].as_str().unwrap();
        let answer = node.get(&format!("/api/v1/sites/hai-tien/articles/{slug}"));
        answer.send()
    }

    fn approved(&self, title: &str) -> Seen {
        let draft = self.office.draft("contributor", title);
        self.office.approve(&draft)
    }

    /// Something published with an approved successor.
    fn with_successor(&self, title: &str) -> Seen {
        let live = self
            .office
            .publish(&self.office.draft("contributor", title));
        let draft = self.office.act("contributor", &live, "revise", &json!({}));
        let next = format!("{title}, bản sau");
        let saved = self.office.save("contributor", &draft, &saving(&next));
        self.office.approve(&saved)
    }
}

/// Sends everything at once; gives the answers in the order of the requests.
fn at_once(requests: Vec<Request<'_>>) -> Vec<Answer> {
    let start = &Barrier::new(requests.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = requests
            .into_iter()
            .map(|request| {
                scope.spawn(move || {
                    start.wait();
                    request.send()
                })
            })
            .collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.collect()
    })
}

/// Demands that one of them was done and the others were refused like this; gives the one.
#[track_caller]
fn winner(answers: &[Answer], status: u16, code: &str) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    let won: Vec<usize> = (0..answers.len())
        .filter(|index| statuses[*index] == 200)
        .collect();
    assert_eq!(won.len(), 1, "{statuses:?}: {answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.clone().expect_problem(status, code);
    }
    won[0]
}

#[rstest]
fn four_publish_at_once_and_one_wins(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    for round in 0..ROUNDS {
        let approved = contest.approved(&format!("Vòng {round}"));
        // Whoever does not care which version it is, is refused by the workflow instead.
        let any = round % 2 == 1;
        let tag = if any { "*" } else { approved.etag.as_str() };
        let people = ["chief", "publisher", "second-chief", "province-chief"];
        let requests = (0..).zip(people).map(|(node, who)| {
            let nothing = ("publish", &json!({}));
            contest.act(node, who, (&approved, tag), nothing)
        });
        let answers = at_once(requests.collect());
        if any {
            winner(&answers, 409, "no_open_edition");
        } else {
            winner(&answers, 412, "precondition_failed");
        }
        assert_eq!(contest.count(&approved, "publish"), 1);
        assert_eq!(contest.log(&approved), [ChangeKind::Published]);
        for node in 0..2 {
            let delivered = contest.read(node, &approved).expect_status(200);
            assert_eq!(delivered.data()["edition"], 1);
        }
    }
}

#[rstest]
fn an_edit_and_a_pass_at_once_never_both_hold(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    for round in 0..ROUNDS {
        let draft = contest
            .office
            .draft("contributor", &format!("Vòng {round}"));
        let office = &contest.office;
        let submitted = office.act("contributor", &draft, "submit", &json!({}));
        let at = (&submitted, submitted.etag.as_str());
        let answers = at_once(vec![
            contest.act(0, "chief", at, ("pass", &json!({}))),
            contest.save(1, "editor", at, "Sửa"),
        ]);
        let won = winner(&answers, 412, "precondition_failed");
        let (action, state) = [("pass", "in_approval"), ("save", "in_review")][won];
        assert_eq!(contest.history(&submitted), [action, "submit"]);
        assert_eq!(contest.state(&submitted), state);
        assert!(contest.log(&submitted).is_empty());
    }
}

/// What is being approved cannot be saved, so a save that comes first is refused by the workflow.
#[rstest]
fn an_edit_and_an_approval_at_once_never_both_hold(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    let office = &contest.office;
    for round in 0..ROUNDS {
        let draft = office.draft("contributor", &format!("Vòng {round}"));
        let submitted = office.act("contributor", &draft, "submit", &json!({}));
        let passed = office.act("editor", &submitted, "pass", &json!({}));
        let any = round % 2 == 1;
        let tag = if any { "*" } else { passed.etag.as_str() };
        let answers = at_once(vec![
            contest.save(0, "editor", (&passed, tag), "Sửa"),
            contest.act(1, "chief", (&passed, tag), ("approve", &json!({}))),
        ]);
        let statuses = [answers[0].status, answers[1].status];
        let now = office.read("auditor", &passed);
        match statuses {
            // Saved after the approval, on purpose or not: the approval is void.
            [200, 200] if any => {
                assert_eq!(now.state(), "in_approval");
                assert!(now.data["approved_by"].is_null());
                assert_eq!(now.data["title"], "Sửa");
            }
            [409 | 412, 200] => {
                assert_eq!(now.state(), "approved");
                assert_eq!(now.data["title"], passed.data["title"]);
            }
            other => panic!("{other:?}: {answers:?}"),
        }
        assert_eq!(contest.count(&passed, "approve"), 1);
        let saves = usize::from(statuses[0] == 200);
        assert_eq!(contest.count(&passed, "save"), saves);
    }
}

/// The clock asks for no version: it sees that there is nothing left to do.
#[rstest]
fn two_nodes_publish_what_is_due_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    let office = &contest.office;
    for round in 0..ROUNDS / 2 {
        office.forget_tokens();
        let entries: Vec<Seen> = (0..3)
            .map(|n| {
                let mut body = crate::desk::article(&format!("Vòng {round} bài {n}"));
                let now = office.app.app.now();
                body["expire_at"] = json!(now.after(chrono::TimeDelta::hours(2)));
                let draft = Seen::of(&office.create("contributor", &body).expect_status(201));
                let at = json!({"publish_at": now.after(chrono::TimeDelta::hours(1))});
                office.act("chief", &office.approve(&draft), "schedule", &at)
            })
            .collect();
        for (hours, kinds) in [
            (1, &[ChangeKind::Published][..]),
            (2, &[ChangeKind::Published, ChangeKind::Withdrawn]),
        ] {
            office.app.clock.advance(chrono::TimeDelta::hours(1));
            let start = &Barrier::new(2);
            let ticked = std::thread::scope(|scope| {
                let threads = [&office.app, &contest.other].map(|node| {
                    scope.spawn(move || {
                        start.wait();
                        node.app.editorial().tick().unwrap()
                    })
                });
                threads.map(|thread| thread.join().unwrap())
            });
            let sum = |part: fn(&loa_app::editorial::Ticked) -> u32| -> u32 {
                ticked.iter().map(part).sum()
            };
            let done = (sum(|t| t.published), sum(|t| t.expired));
            let wanted = if hours == 1 { (3, 0) } else { (0, 3) };
            assert_eq!(done, wanted, "{ticked:?}");
            assert_eq!((sum(|t| t.held), sum(|t| t.failed)), (0, 0), "{ticked:?}");
            office.forget_tokens();
            for entry in &entries {
                assert_eq!(contest.log(entry), kinds);
                assert_eq!(contest.count(entry, "publish"), 1);
                assert_eq!(contest.count(entry, "expire"), kinds.len() - 1);
            }
        }
    }
}

/// Somebody takes back what the clock is about to publish.
#[rstest]
fn the_clock_and_a_person_at_once_never_both_hold(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    let office = &contest.office;
    for round in 0..ROUNDS {
        office.forget_tokens();
        let approved = contest.approved(&format!("Vòng {round}"));
        let at = office.app.app.now().after(chrono::TimeDelta::minutes(1));
        let at = json!({ "publish_at": at });
        let scheduled = office.act("publisher", &approved, "schedule", &at);
        office.app.clock.advance(chrono::TimeDelta::minutes(2));
        let seen = (&scheduled, scheduled.etag.as_str());
        let request = contest.act(0, "publisher", seen, ("unschedule", &json!({})));
        let start = &Barrier::new(2);
        let (published, answer) = std::thread::scope(|scope| {
            let other = &contest.other;
            let tick = scope.spawn(move || {
                start.wait();
                other.app.editorial().tick().unwrap().published
            });
            let person = scope.spawn(move || {
                start.wait();
                request.send()
            });
            (tick.join().unwrap(), person.join().unwrap())
        });
        if published == 1 {
            answer.expect_problem(412, "precondition_failed");
            assert_eq!(contest.history(&scheduled)[..2], ["publish", "schedule"]);
            assert_eq!(contest.log(&scheduled), [ChangeKind::Published]);
        } else {
            answer.expect_status(200);
            assert_eq!(contest.history(&scheduled)[..2], ["unschedule", "schedule"]);
            assert!(contest.log(&scheduled).is_empty());
            assert_eq!(contest.state(&scheduled), "approved");
        }
    }
}

#[rstest]
fn a_withdrawal_and_a_publication_at_once_never_both_hold(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(contest) = Contest::open(backend) else {
        return;
    };
    let notice = json!({"kind": "notice", "reason": "Số liệu sai"});
    for round in 0..ROUNDS {
        let approved = contest.with_successor(&format!("Vòng {round}"));
        let any = round % 2 == 1;
        let tag = if any { "*" } else { approved.etag.as_str() };
        let answers = at_once(vec![
            contest.act(0, "chief", (&approved, tag), ("withdraw", &notice)),
            contest.act(1, "publisher", (&approved, tag), ("publish", &json!({}))),
        ]);
        // Either is about its own edition, so without a tag one after the other is done.
        let last = if any {
            assert!(answers.iter().all(|a| a.status == 200), "{answers:?}");
            usize::from(contest.history(&approved)[0] == "publish")
        } else {
            winner(&answers, 412, "precondition_failed")
        };
        let (withdrawn, updated) = (ChangeKind::Withdrawn, ChangeKind::Updated);
        let log = contest.log(&approved);
        for node in 0..2 {
            let delivered = contest.read(node, &approved);
            if last == 0 {
                delivered.expect_problem(410, "withdrawn");
            } else {
                assert_eq!(delivered.expect_status(200).data()["edition"], 2);
            }
        }
        match (any, last) {
            (false, 0) => assert_eq!(log, [ChangeKind::Published, withdrawn]),
            (false, _) => assert_eq!(log, [ChangeKind::Published, updated]),
            (true, 0) => assert_eq!(log, [ChangeKind::Published, updated, withdrawn]),
            // Out of the public eye and back again.
            (true, _) => assert_eq!(
                log,
                [ChangeKind::Published, withdrawn, ChangeKind::Published]
            ),
        }
    }
}
