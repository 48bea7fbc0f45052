//! PostgreSQL stops, hangs and is killed under load: refusals are clear and soon, readers get what
//! is kept ready, and what was acknowledged is there afterwards.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_testkit::{Cluster, outage};
use serde_json::{Value, json};

use crate::fleet::{self, ARTICLES, Asked, ENTRIES, Fleet, ask, slowest_refusal, until};
use crate::node::Node;

/// How the server goes away and comes back.
struct Fault {
    name: &'static str,
    usual: Duration,
    begin: fn(&mut Cluster),
    end: fn(&mut Cluster),
}

const FAULTS: [Fault; 3] = [
    Fault {
        name: "stopped",
        usual: Duration::from_secs(10),
        begin: Cluster::stop,
        end: Cluster::start,
    },
    Fault {
        name: "frozen",
        usual: Duration::from_secs(5),
        begin: |cluster| cluster.pause(),
        end: |cluster| cluster.resume(),
    },
    Fault {
        name: "killed",
        usual: Duration::from_secs(3),
        begin: Cluster::kill,
        end: Cluster::start,
    },
];

/// What all clients saw, by what they asked for.
type Seen = BTreeMap<&'static str, Vec<Asked>>;

/// The clients, each a thread, until `end`.
fn load(node: &Node, token: &str, end: &AtomicBool, kept: &Mutex<Vec<String>>) -> Seen {
    let get = |path: &str| node.get(path).send();
    let write = |n| {
        let title = format!("Bài số {n}");
        let made = node.post(ENTRIES).bearer(token);
        let made = made.json(&fleet::article(&title)).send();
        if made.status == 201 {
            let location = made.header("location").unwrap().to_owned();
            kept.lock().unwrap().push(location);
        }
        made
    };
    std::thread::scope(|scope| {
        let clients = [
            ("write", scope.spawn(|| ask(end, write))),
            ("write too", scope.spawn(|| ask(end, write))),
            (
                "desk",
                scope.spawn(|| ask(end, |_| node.get(ENTRIES).bearer(token).send())),
            ),
            (
                "uncached",
                scope.spawn(|| ask(end, |n| get(&format!("{ARTICLES}/khong-co-{n}")))),
            ),
            ("cached", scope.spawn(|| ask(end, |_| get(ARTICLES)))),
            ("healthz", scope.spawn(|| ask(end, |_| get("/healthz")))),
            ("readyz", scope.spawn(|| ask(end, |_| get("/readyz")))),
        ];
        clients
            .into_iter()
            .map(|(name, client)| (name, client.join().unwrap()))
            .collect()
    })
}

/// What holds between two moments, for requests that began and ended there.
#[track_caller]
fn away_between(seen: &Seen, fault: &str, from: Instant, to: Instant) {
    for (name, all) in seen {
        let within = all.iter().filter(|it| it.begun >= from && it.ended <= to);
        let within: Vec<&Asked> = within.collect();
        assert!(!within.is_empty(), "{fault}: {name} was never asked");
        let expected = match *name {
            "healthz" | "cached" => 200,
            _ => 503,
        };
        for asked in &within {
            assert_eq!(asked.status, expected, "{fault}: {name} {asked:?}");
        }
        if *name == "cached" {
            let last = within.last().unwrap();
            assert_eq!(last.control, "public, max-age=0, stale-if-error=300");
        }
    }
}

#[test]
fn an_outage_under_load_is_told_and_passes() {
    let Some(mut fleet) = Fleet::new() else {
        return;
    };
    let node = fleet.node(None);
    let chief = node.token("chief");
    fleet::publish(&node, &chief, &fleet::draft(&node, &chief, "Giữ sẵn"));
    let (end, kept) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let mut times = Vec::new();
    let seen = std::thread::scope(|scope| {
        let load = scope.spawn(|| load(&node, &chief, &end, &kept));
        let written = || kept.lock().unwrap().len();
        for fault in FAULTS {
            let before = written();
            until("written to", || written() > before + 5);
            (fault.begin)(&mut fleet.primary);
            let from = Instant::now();
            // Not a guess: this long it is away.
            while from.elapsed() < outage(fault.usual) {
                std::thread::park_timeout(Duration::from_millis(50));
            }
            let to = Instant::now();
            (fault.end)(&mut fleet.primary);
            let back = Instant::now();
            let before = written();
            until("written to again", || written() > before);
            let ready = || node.get("/readyz").send().status == 200;
            until("ready again", ready);
            times.push((fault.name, from, to, back.elapsed()));
        }
        end.store(true, Ordering::SeqCst);
        load.join().unwrap()
    });
    for (fault, from, to, recovered) in &times {
        away_between(&seen, fault, *from, *to);
        let during = |it: &&Asked| it.begun <= *to && it.ended >= *from;
        let all: Vec<Asked> = seen.values().flatten().filter(during).cloned().collect();
        let (count, slowest) = (all.len(), slowest_refusal(&all));
        eprintln!("{fault}: {count} requests, slowest refusal {slowest:?}, back in {recovered:?}");
    }
    for location in kept.lock().unwrap().iter() {
        node.get(location).bearer(&chief).send().expect_status(200);
    }
    let ran = fleet.run(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = node.said();
    let faults = said.lines().filter(|line| line.contains("database fault"));
    assert_eq!(faults.count(), 0, "{node}");
}

/// All connections of the pools are dead when the first request comes.
#[test]
fn a_restart_that_nobody_saw_fails_no_request() {
    let Some(mut fleet) = Fleet::new() else {
        return;
    };
    let node = fleet.node(None);
    let chief = node.token("chief");
    let at_once = |statuses: &[u16]| {
        let ask = |n: usize| {
            if n < 4 {
                node.get(ENTRIES).bearer(&chief).send().status
            } else {
                let made = node.post(ENTRIES).bearer(&chief);
                made.json(&fleet::article("Bài")).send().status
            }
        };
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|n| scope.spawn(move || ask(n))).collect();
            for client in all {
                let status = client.join().unwrap();
                assert!(statuses.contains(&status), "{status}{node}");
            }
        });
    };
    at_once(&[200, 201]);
    fleet.primary.stop();
    fleet.primary.start();
    // The pulse sees it within a quarter of a second, and says so once.
    until("noticed", || node.said().contains("a job failed"));
    until("ready", || node.get("/readyz").send().status == 200);
    at_once(&[200, 201]);
}

/// Kept answers outlive the database, but not a withdrawal: neither the text itself nor a list with it
/// comes back. What another site has kept is given.
#[test]
fn what_was_withdrawn_does_not_come_back_while_the_database_is_away() {
    let Some(mut fleet) = Fleet::new() else {
        return;
    };
    let node = fleet.node(None);
    let chief = node.token("chief");
    let live = fleet::publish(&node, &chief, &fleet::draft(&node, &chief, "Phải gỡ"));
    let own = [ARTICLES.to_owned(), format!("{ARTICLES}/phai-go")];
    let other = "/api/v1/sites/giao-thuy/articles";
    for path in own.iter().map(String::as_str).chain([other]) {
        node.get(path).send().expect_status(200);
    }
    let told = json!({"kind": "gone", "reason": "Sai"});
    fleet::act(&node, &chief, &live, "withdraw", &told);
    fleet.primary.stop();
    for path in &own {
        let answer = node.get(path).send();
        assert!(!answer.text().contains("Phải gỡ"), "{answer}");
        answer.expect_problem(503, "unavailable");
    }
    node.get(other).send().expect_status(200);
}

#[test]
fn a_node_ends_while_its_database_hangs() {
    let Some(fleet) = Fleet::new() else {
        return;
    };
    let node = fleet.node(None);
    let chief = node.token("chief");
    fleet.primary.pause();
    let made = node.post(ENTRIES).bearer(&chief);
    let refused = made.json(&fleet::article("Treo")).send();
    refused.expect_problem(503, "unavailable");
    let asked = Instant::now();
    let ran = node.terminate();
    assert_eq!(ran.code, 0, "{ran:?}");
    eprintln!("ended {:?} after it was asked to", asked.elapsed());
    fleet.primary.resume();
    // Given up is not undone: the server may have done it when it woke, or not.
    let node = fleet.node(None);
    let list = node.get(ENTRIES).bearer(&chief).send().data();
    assert!(list.as_array().map_or(0, Vec::len) <= 1, "{list}");
    assert!(matches!(list, Value::Array(_)));
}
