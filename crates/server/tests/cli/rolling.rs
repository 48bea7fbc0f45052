//! Nodes behind a real proxy that are stopped, killed and started again, one after the other, while
//! people write: what was sent to a node that goes away is answered all the same.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_testkit::Backend;
use serde_json::json;

use crate::fleet::{ENTRIES, article, until};
use crate::node::{Installation, Node};
use crate::proxy::{Caddy, address_of};
use crate::serve::free_address;

/// Who writes at the same time.
const CLIENTS: usize = 4;

/// A request, and what the client saw.
#[derive(Debug)]
struct Posted {
    begun: Instant,
    ended: Instant,
    status: u16,
    key: String,
}

/// Writes drafts until the end, each under a key of its own.
fn write(proxy: &Caddy, token: &str, who: usize, end: &AtomicBool) -> Vec<Posted> {
    let mut all = Vec::new();
    for n in 0.. {
        if end.load(Ordering::SeqCst) {
            break;
        }
        let key = format!("client-{who}-{n:05}");
        let begun = Instant::now();
        let status = post(proxy, token, &key);
        let ended = Instant::now();
        all.push(Posted {
            begun,
            ended,
            status,
            key,
        });
        std::thread::park_timeout(Duration::from_millis(5));
    }
    all
}

/// One draft. What the proxy itself says is not in the contract.
fn post(proxy: &Caddy, token: &str, key: &str) -> u16 {
    let body = serde_json::to_vec(&article(key)).unwrap();
    let head = format!(
        "POST {ENTRIES} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: {key}\r\n\
         Connection: close\r\n\r\n",
        proxy.address,
        body.len()
    );
    let answer = loa_testkit::raw::exchange(proxy.address, &[head.as_bytes(), &body].concat());
    answer.statuses().first().copied().unwrap_or(0)
}

struct Two {
    installation: Installation,
    addresses: [SocketAddr; 2],
    trusted: &'static str,
}

impl Two {
    fn start(&self, which: usize) -> Node {
        let address = self.addresses.get(which).unwrap().to_string();
        let settings = [
            ("LOA_LISTEN", address.as_str()),
            ("LOA_DRAIN_SECONDS", "5"),
            ("LOA_TRUSTED_PROXIES", self.trusted),
        ];
        let url = self.installation.url();
        Node::start(&self.installation.place, &url, &settings)
    }

    /// Ends each node and starts it again while it is written to: first tidily, then by force. Gives
    /// from when to when each was being killed.
    fn replace_all(&self, nodes: &mut [Option<Node>; 2]) -> Vec<(Instant, Instant)> {
        let mut kills = Vec::new();
        for tidily in [true, false] {
            for (which, place) in nodes.iter_mut().enumerate() {
                let node = place.take().unwrap();
                written_to(&node);
                if tidily {
                    assert_eq!(node.terminate().code, 0);
                } else {
                    let before = Instant::now();
                    node.kill();
                    kills.push((before, Instant::now()));
                }
                written_to(place.insert(self.start(which)));
            }
        }
        kills
    }
}

/// Waits until the proxy has sent it some more requests to write.
fn written_to(node: &Node) {
    let count = || node.said().matches("\"POST\"").count();
    let before = count();
    until("written to", || count() >= before + 5);
}

#[test]
fn nothing_is_lost_when_nodes_are_replaced_or_killed() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let two = Two {
        installation,
        addresses: [free_address(), free_address()],
        trusted: "127.0.0.0/8",
    };
    let mut nodes = [two.start(0), two.start(1)].map(Some);
    let first = nodes[0].as_ref().unwrap();
    let Some(proxy) = Caddy::before(&[address_of(first), address_of(nodes[1].as_ref().unwrap())])
    else {
        return;
    };
    // Whom a session is remembered with is the client, and not the proxy that speaks for it.
    let token = first.token("chief");
    let (end, mut kills) = (AtomicBool::new(false), Vec::new());
    let all: Vec<Posted> = std::thread::scope(|scope| {
        let (proxy, token, end) = (&proxy, token.as_str(), &end);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|who| scope.spawn(move || write(proxy, token, who, end)))
            .collect();
        kills = two.replace_all(&mut nodes);
        end.store(true, Ordering::SeqCst);
        clients
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    // A request that a killed node was at cannot be saved by anybody but its client, who repeats it.
    let at_work = |it: &&Posted| {
        kills
            .iter()
            .any(|(from, to)| it.begun <= *to && it.ended >= *from)
    };
    let failed: Vec<&Posted> = all.iter().filter(|it| it.status != 201).collect();
    let (mortal, lost): (Vec<&Posted>, Vec<&Posted>) = failed.into_iter().partition(at_work);
    assert!(
        lost.is_empty(),
        "of {}: {lost:?}\n{}",
        all.len(),
        proxy.said()
    );
    for posted in &mortal {
        assert_eq!(post(&proxy, &token, &posted.key), 201, "{posted:?}");
    }
    eprintln!(
        "{} of {} were at a killed node and were repeated",
        mortal.len(),
        all.len()
    );
    // Each once, whoever answered and however often it was sent.
    let sql = &mut two.installation.database.sql();
    let entries = sql.dump("entries");
    for posted in &all {
        let found = entries
            .iter()
            .filter(|row| row.contains(&posted.key))
            .count();
        assert_eq!(found, 1, "{posted:?}");
    }
}

/// A client behind the proxy is known by its own address, whatever it says of itself.
#[test]
fn the_proxy_says_who_a_client_is() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let node = Node::start(
        &installation.place,
        &installation.url(),
        &[("LOA_TRUSTED_PROXIES", "127.0.0.1")],
    );
    let Some(proxy) = Caddy::before(&[address_of(&node)]) else {
        return;
    };
    let body = json!({"email": loa_testkit::world::email("editor"),
        "password": loa_testkit::world::PASSWORD});
    let login = proxy.client.request("POST", "/api/v1/auth/login");
    let login = login.header("x-forwarded-for", "203.0.113.66");
    let token = login.json(&body).send().expect_status(200).data();
    let token = token
        .get("access_token")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    let sessions = proxy.client.request("GET", "/api/v1/auth/sessions");
    let sessions = sessions.bearer(&token).send().expect_status(200);
    assert!(!sessions.text().contains("203.0.113.66"), "{sessions}");
    assert!(sessions.text().contains("127.0.0.1"), "{sessions}");
}
