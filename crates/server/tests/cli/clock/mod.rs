//! What is to happen in its time, by real nodes and the machine's clock.
//!
//! How long it took is printed; the limits are generous, because other tests run meanwhile.

mod desk;
mod gate;
mod process;

use std::time::Duration;

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_testkit::Backend;

use crate::loa::Ran;
use desk::{Desk, now};
use gate::Gate;
use process::{Process, pass, until};

/// Longest that anything may take on a machine with much else to do.
const LONG: TimeDelta = TimeDelta::seconds(110);

fn on_each(test: impl Fn(&Desk)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(desk) = Desk::open(backend) {
            test(&desk);
        }
    }
}

/// Seconds from the one to the other, never before it and not too long after.
#[track_caller]
#[expect(clippy::print_stdout, reason = "what was measured is told")]
fn late(desk: &Desk, what: &str, due: Moment, done: Moment) {
    let late = done.utc() - due.utc();
    println!(
        "{:?}: {what}: {} ms late",
        desk.app.database().backend(),
        late.num_milliseconds()
    );
    assert!(late >= TimeDelta::zero() && late < LONG, "{what}: {late}");
}

#[test]
fn what_is_due_happens_in_its_time_and_what_is_late_at_the_start() {
    on_each(|desk| {
        desk.app.clock.set(now().before(TimeDelta::hours(1)));
        desk.schedule("Trễ", now().before(TimeDelta::minutes(1)));
        let started = now();
        let node = desk.node("node");
        late(desk, "overdue at the start", started, desk.wait_for(1));

        let at = now().after(TimeDelta::seconds(3));
        desk.publish_until("Hết hạn", at);
        desk.schedule("Đúng giờ", at);
        until("it is published", || desk.published() == 2);
        until("it is over", || {
            !desk.times("published_withdrawals", "at").is_empty()
        });
        let client = node.client();
        let read = |slug: &str| {
            let path = format!("/api/v1/sites/hai-tien/articles/{slug}");
            client.request("GET", &path).send()
        };
        let document = read("dung-gio").expect_status(200).data();
        let published = document["first_published_at"].as_str().unwrap();
        late(desk, "publication", at, published.parse().unwrap());
        let gone = read("het-han").expect_problem(410, "expired");
        let ended = gone["gone"]["at"].as_str().unwrap();
        late(desk, "end", at, ended.parse().unwrap());
        node.terminate();
        let held = "SELECT name AS line FROM leases WHERE holder IS NOT NULL";
        assert_eq!(
            desk.sql().lines(held),
            Vec::<String>::new(),
            "all are given back"
        );
    });
}

#[test]
fn three_hundred_at_one_time() {
    on_each(|desk| {
        desk.schedule_many(300);
        let _node = desk.node("node");
        let due = desk.make_due();
        late(desk, "the last of 300", due, desk.wait_for(300));
    });
}

/// The holder's name, as the lease has it.
fn holder(desk: &Desk) -> String {
    let mut name = String::new();
    until("somebody works", || {
        let query = "SELECT holder AS line FROM leases WHERE name = 'clock' AND holder IS NOT NULL";
        name = desk.sql().lines(query).concat();
        !name.is_empty()
    });
    name
}

#[test]
fn when_the_node_at_work_dies_another_goes_on() {
    let Some(desk) = Desk::open(Backend::Postgres) else {
        return;
    };
    desk.schedule_many(300);
    let mut nodes = ["one", "other", "third"].map(|name| desk.node(name));
    desk.make_due();
    until("much is done", || desk.published() >= 20);
    let name = holder(&desk);
    let dead = nodes.iter_mut().find(|node| node.log().contains(&name));
    dead.unwrap().kill();
    let killed = now();
    let at_death = desk.published();
    assert!(at_death < 290, "it died in the middle: {at_death}");
    desk.wait_for(300);
    let times = desk.times("published_entries", "first_published_at");
    let next = times.into_iter().find(|at| *at > killed).unwrap();
    late(&desk, "the first after a death", killed, next);

    // Nothing twice, whoever did it.
    let done = "SELECT entry_id AS line FROM transitions WHERE action = 'publish'";
    let mut entries = desk.sql().lines(done);
    assert_eq!(entries.len(), 300);
    entries.dedup();
    assert_eq!(entries.len(), 300);
    let mut verify = desk.place.loa(&["audit", "verify"]);
    verify
        .env("LOA_DATABASE_URL", &desk.url)
        .env("LOA_SECRET", loa_testkit::SECRET)
        .env("LOA_JWT_KEYS", "keys");
    let ran = Ran::of(&verify.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// How long the database is away.
const OUTAGE: Duration = Duration::from_secs(6);

#[test]
fn what_is_missed_while_the_database_is_away_is_done_when_it_is_back() {
    if let Some(desk) = Desk::open(Backend::Postgres) {
        let (server, rest) = desk.url.split_once('@').unwrap();
        let (address, path) = rest.split_once('/').unwrap();
        let gate = Gate::to(address.parse().unwrap());
        let url = format!("{server}@{}/{path}", gate.address);
        let _node = Process::start(&desk.place, "node", &url);
        desk.schedule_many(3);
        gate.close();
        desk.make_due();
        pass(OUTAGE);
        assert_eq!(desk.published(), 0);
        gate.open();
        late(&desk, "after an outage", now(), desk.wait_for(3));
    }
    if let Some(desk) = Desk::open(Backend::Sqlite) {
        let _node = desk.node("node");
        desk.schedule_many(3);
        desk.make_due();
        let mut writer = desk.sql();
        writer.execute("BEGIN IMMEDIATE");
        pass(OUTAGE);
        assert_eq!(desk.published(), 0);
        let back = now();
        writer.execute("ROLLBACK");
        late(&desk, "after an outage", back, desk.wait_for(3));
    }
}

#[test]
fn an_idle_node_writes_nothing() {
    let Some(desk) = Desk::open(Backend::Sqlite) else {
        return;
    };
    let _node = desk.node("node");
    until("what is done at the start is done", || {
        let free = "SELECT name AS line FROM leases WHERE holder IS NULL AND name <> 'retention'";
        desk.sql().lines(free) == ["forgetting", "reprojections"]
    });
    let mut watcher = desk.sql();
    // It moves when another connection has written.
    let mut version =
        || watcher.lines("SELECT '' || data_version AS line FROM pragma_data_version");
    until("nothing is written for five seconds", || {
        let before = version();
        pass(Duration::from_secs(5));
        version() == before
    });
}
