//! T29, requests under way: whoever is suspended, signed out or loses a role while a request of theirs is
//! being sent or waits for a lock gets nothing done with it, whatever the request is; nor does anybody at a
//! site that is closed meanwhile.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use loa_domain::people::UserStatus;
use loa_testkit::{Backend, Client, Sql, world};
use rstest::rstest;
use serde_json::json;

use super::held_open::{Blow, HeldOpen, blows, needs_no_role, site_blows};
use super::walk::{self, Step};
use crate::access::cells::Stage;

/// Operations that write for somebody who is signed in.
fn writing(stage: &Stage) -> Vec<Step> {
    let all = walk::all(stage).into_iter();
    let writing: Vec<Step> = all
        .filter(|step| step.operation.secured && step.operation.method != "GET")
        .collect();
    assert!(writing.len() > 25, "{}", writing.len());
    writing
}

/// Whether the blow has nothing to do with the operation.
fn is_spared(step: &Step, blow: &Blow) -> bool {
    blow.name == "without roles" && needs_no_role(step)
}

#[track_caller]
fn expect_refused(step: &Step, blow: &Blow, status: u16, text: &str) {
    let name = blow.name;
    let id = &step.operation.id;
    assert!(
        [401, 403, 404, 409].contains(&status),
        "{id}, {name}: {text}"
    );
    if ["suspended", "signed out"].contains(&name) {
        assert_eq!(status, 401, "{id}, {name}: {text}");
    }
}

#[rstest]
fn who_is_stopped_while_sending_gets_nothing_done(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut sql = stage.office.app.database().sql();
    let mut tried = 0;
    for step in writing(&stage) {
        for blow in blows(&stage, step.who.expect("a caller")) {
            if is_spared(&step, &blow) {
                continue;
            }
            let held = HeldOpen::of(&stage, &step);
            sql.execute(&blow.strike);
            let before = stage.tally();
            let (status, text) = held.finish();
            expect_refused(&step, &blow, status, &text);
            assert_eq!(
                stage.tally(),
                before,
                "{}, {}",
                step.operation.id,
                blow.name
            );
            sql.execute(&blow.undo);
            tried += 1;
        }
    }
    assert!(tried > 70, "{tried}");
}

#[rstest]
fn a_site_that_is_closed_meanwhile_takes_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let mut sql = stage.office.app.database().sql();
    let mut tried = 0;
    for step in writing(&stage) {
        let at_site = step.operation.path.starts_with("/api/v1/editorial/sites/");
        if !at_site {
            continue;
        }
        // Links show what is there already; the site stays readable.
        let only_shows = step.operation.id.ends_with("_preview_link");
        for blow in site_blows() {
            if only_shows {
                continue;
            }
            let held = HeldOpen::of(&stage, &step);
            sql.execute(&blow.strike);
            let before = stage.tally();
            let (status, text) = held.finish();
            expect_refused(&step, &blow, status, &text);
            assert_eq!(
                stage.tally(),
                before,
                "{}, {}",
                step.operation.id,
                blow.name
            );
            sql.execute(&blow.undo);
            tried += 1;
        }
    }
    assert!(tried >= 6, "{tried}");
}

/// Waits until so many connections wait for a lock.
fn wait_for_lock(sql: &mut Sql, count: usize) {
    let waiting = "SELECT pid::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        if sql.lines(waiting).len() >= count {
            return;
        }
        thread::yield_now();
    }
    panic!("nobody waits for a lock");
}

#[test]
fn who_is_stopped_while_waiting_for_a_lock_gets_nothing_done() {
    let Some(stage) = Stage::open(Backend::Postgres) else {
        return;
    };
    let address = stage.office.app.address();
    let (mut holder, mut watcher) = (
        stage.office.app.database().sql(),
        stage.office.app.database().sql(),
    );
    for step in writing(&stage) {
        for blow in blows(&stage, step.who.expect("a caller")) {
            if is_spared(&step, &blow) {
                continue;
            }
            let (token, call) = (step.token(&stage).expect("a caller"), step.call.clone());
            let before = stage.tally();
            // Accounts can be read, as letting somebody in does, but not be locked.
            holder.execute("BEGIN; LOCK TABLE users IN EXCLUSIVE MODE");
            let sent = thread::spawn(move || {
                let client = Client::new(address);
                let mut request = client.request(call.method, &call.path).bearer(&token);
                if let Some(etag) = &call.if_match {
                    request = request.if_match(etag);
                }
                if let Some(body) = &call.body {
                    request = request.json(body);
                }
                let answer = request.send();
                (answer.status, answer.to_string())
            });
            wait_for_lock(&mut watcher, 1);
            holder.execute(&format!("{}; COMMIT", blow.strike));
            let (status, text) = sent.join().expect("an answer");
            expect_refused(&step, &blow, status, &text);
            holder.execute(&blow.undo);
            assert_eq!(
                stage.tally(),
                before,
                "{}, {}",
                step.operation.id,
                blow.name
            );
        }
    }
}

/// A write that has begun is finished before its person is suspended, not after.
#[test]
fn a_suspension_waits_for_the_write_that_has_begun() {
    let Some(stage) = Stage::open(Backend::Postgres) else {
        return;
    };
    let app = &stage.office.app;
    let (mut holder, mut watcher) = (app.database().sql(), app.database().sql());
    let draft = stage.draft();
    let token = stage.office.token("second-chief");
    let call = Stage::act(&draft, "force_publish", json!({"reason": "Bão số 5"}));
    let site = stage.office.world.sites["hai-tien"];
    holder.execute(&format!(
        "BEGIN; UPDATE sites SET version = version WHERE id = '{site}'"
    ));
    let (told, results) = mpsc::channel();
    thread::scope(|scope| {
        let published = told.clone();
        let (call, token) = (&call, &token);
        scope.spawn(move || {
            let answer = call.send(app, Some(token));
            published.send(("published", answer.status)).expect("heard");
        });
        wait_for_lock(&mut watcher, 1);
        let admin = app.app.admin();
        scope.spawn(move || {
            let email = world::email("second-chief");
            let done = admin.system_set_user_status(&email, UserStatus::Suspended, false);
            done.expect("suspended");
            told.send(("suspended", 0)).expect("heard");
        });
        wait_for_lock(&mut watcher, 2);
        assert!(results.try_recv().is_err(), "neither is done");
        holder.execute("COMMIT");
    });
    let order: Vec<_> = results.iter().collect();
    assert!(order.contains(&("published", 200)), "{order:?}");
    let again = Stage::act(
        &draft,
        "withdraw",
        json!({"kind": "notice", "reason": "Sai"}),
    );
    let again = again.send(app, Some(&token));
    again.expect_problem(401, "token_invalid");
}
