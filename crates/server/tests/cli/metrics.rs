//! What an operator reads at `/metrics`.

use std::net::SocketAddr;

use loa_testkit::raw;

use crate::fleet::{Fleet, until};
use crate::loa::Place;
use crate::node::Node;
use crate::serve::{Demo, free_address};

fn get(address: SocketAddr, method: &str, path: &str) -> String {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    raw::exchange(address, request.as_bytes()).text()
}

/// The numbers, once those are there that are looked up now and then.
fn numbers(address: SocketAddr) -> String {
    numbers_at(address, "loa_change_log_lag ")
}

/// The numbers, once the one that begins so is there.
pub(crate) fn numbers_at(address: SocketAddr, wanted: &str) -> String {
    loop {
        let text = get(address, "GET", "/metrics");
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        if text.contains(wanted) {
            return text;
        }
    }
}

/// The value of the one line that begins with `name` and holds all of `labels`.
#[track_caller]
fn value(text: &str, name: &str, labels: &[&str]) -> f64 {
    let found: Vec<&str> = text
        .lines()
        .filter(|line| line.split(['{', ' ']).next() == Some(name))
        .filter(|line| labels.iter().all(|label| line.contains(label)))
        .collect();
    assert!(found.len() == 1, "{name} {labels:?}: {found:?}\n{text}");
    let (_, value) = found.first().unwrap().rsplit_once(' ').unwrap();
    value.parse().unwrap()
}

#[track_caller]
fn count(text: &str, name: &str, labels: &[&str]) -> u64 {
    let value = value(text, name, labels);
    value.to_string().parse().unwrap()
}

#[test]
fn requests_pools_the_log_and_the_cache_are_counted() {
    let place = Place::new();
    let at = free_address();
    let demo = Demo::with_metrics(&place, &at.to_string());
    for _ in 0..3 {
        get(demo.address, "GET", "/api/v1/sites");
    }
    for n in 0..5 {
        get(demo.address, "GET", &format!("/nowhere/{n}"));
        get(demo.address, "GET", &format!("/api/v1/nowhere-{n}"));
        get(demo.address, "GET", &format!("/api/v1/sites/made-up-{n}"));
        get(demo.address, &format!("MADEUP{n}"), "/api/v1/sites");
    }
    let text = numbers(at);
    let sites = [
        "method=\"GET\"",
        "route=\"/api/v1/sites\"",
        "status=\"200\"",
    ];
    assert_eq!(count(&text, "loa_http_requests_total", &sites), 3);
    assert_eq!(count(&text, "loa_http_request_seconds_count", &sites), 3);
    assert!(value(&text, "loa_http_request_seconds_sum", &sites) > 0.0);
    let unknown = ["method=\"GET\"", "route=\"unmatched\""];
    assert_eq!(count(&text, "loa_http_requests_total", &unknown), 10);
    let one_site = [
        "method=\"GET\"",
        "route=\"/api/v1/sites/{site}\"",
        "status=\"404\"",
    ];
    assert_eq!(count(&text, "loa_http_requests_total", &one_site), 5);
    let made_up = ["method=\"other\""];
    assert_eq!(count(&text, "loa_http_requests_total", &made_up), 5);
    for words in ["nowhere", "made-up", "MADEUP"] {
        assert!(!text.contains(words), "labels are bounded: {words}");
    }
    for pool in ["writer", "reader", "delivery"] {
        let label = format!("pool=\"{pool}\"");
        assert!(value(&text, "loa_pool_connections", &[&label]) >= 0.0);
        assert!(value(&text, "loa_pool_idle_connections", &[&label]) >= 0.0);
    }
    assert!(value(&text, "loa_change_log_lag", &[]) >= 0.0);
    for kind in ["revisions", "sessions", "preview_links"] {
        let label = format!("kind=\"{kind}\"");
        assert!(value(&text, "loa_removed_rows_total", &[&label]) >= 0.0);
    }
    assert!(value(&text, "loa_cache_hits_total", &[]) >= 2.0);
    assert!(value(&text, "loa_cache_misses_total", &[]) >= 1.0);
    assert!(get(at, "GET", "/api/v1/sites").starts_with("HTTP/1.1 404"));
    demo.signal("-TERM");
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// Whether a node says that a server is up; none while it has not said anything yet.
fn up(at: SocketAddr, server: &str) -> Option<bool> {
    let text = get(at, "GET", "/metrics");
    let label = format!("loa_database_up{{server=\"{server}\"}} ");
    let value = text.lines().find_map(|line| line.strip_prefix(&label))?;
    Some(value == "1")
}

#[test]
fn a_server_that_hangs_is_not_up() {
    let Some(fleet) = Fleet::new() else {
        return;
    };
    let replica = fleet.primary.base_backup();
    let at = free_address();
    let settings = [
        ("LOA_METRICS_LISTEN", at.to_string()),
        ("LOA_DATABASE_READ_URL", replica.url()),
    ];
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let _node = Node::start(&fleet.place, &fleet.primary.url(), &settings);
    let is = |server: &str, expected: bool| {
        until("told", || up(at, server) == Some(expected));
    };
    for (server, cluster, other) in [
        ("primary", &fleet.primary, "replica"),
        ("replica", &replica, "primary"),
    ] {
        is(server, true);
        is(other, true);
        cluster.pause();
        is(server, false);
        // It stays so for as long as it hangs, and says nothing of the other one.
        for _ in 0..200 {
            assert_eq!(up(at, server), Some(false), "{server}");
        }
        assert_eq!(up(at, other), Some(true), "{server} hangs");
        cluster.resume();
        is(server, true);
    }
}
