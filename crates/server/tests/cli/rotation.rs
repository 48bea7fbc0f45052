//! Secret and signing keys are changed while two nodes serve, in the order of
//! `docs/operations/secrets.md`, and no request is refused for it.

#![expect(
    clippy::indexing_slicing,
    reason = "clippy lets tests do it, but not their helpers"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use loa_app::identity::{NAMED_BY_TIME, PUBLISHED_AHEAD, TokenKeys};
use loa_app::{Clock, SystemClock};
use loa_testkit::{Backend, SECRET};
use serde_json::{Value, json};

use crate::fleet::{self, ARTICLES, ENTRIES, until};
use crate::loa::Ran;
use crate::node::{Installation, Node, command};

const NEW: &str = "what follows the secret for tests, made by nobody";

/// The settings of the secret at each step.
const STEPS: [&[(&str, &str)]; 4] = [
    &[("LOA_SECRET", SECRET)],
    &[("LOA_SECRET", SECRET), ("LOA_SECRET_NEXT", NEW)],
    &[("LOA_SECRET", NEW), ("LOA_SECRET_PREVIOUS", SECRET)],
    &[("LOA_SECRET", NEW)],
];

fn node(installation: &Installation, step: usize) -> Node {
    Node::start(&installation.place, &installation.url(), STEPS[step])
}

fn run(installation: &Installation, step: usize, words: &[&str]) -> Ran {
    let mut command = command(&installation.place, words, &installation.url());
    command.envs(STEPS[step].iter().copied());
    Ran::of(&command.output().unwrap())
}

/// What somebody got from a node and brings to another.
struct Brought {
    token: String,
    seen: fleet::Seen,
    cursor: String,
    etag: String,
}

impl Brought {
    fn from(node: &Node) -> Self {
        let token = node.token("chief");
        // A list has a next page only if there are more of them.
        fleet::draft(node, &token, "Một bài nữa");
        let seen = fleet::draft(node, &token, "Bài đang viết");
        let list = format!("{ENTRIES}?page[size]=1");
        let list = node.get(&list).bearer(&token).send().expect_status(200);
        let article = node.get(&format!("{ARTICLES}/muoi")).send();
        Self {
            token,
            seen,
            cursor: list.json()["page"]["next"].as_str().unwrap().to_owned(),
            etag: article.expect_status(200).etag().to_owned(),
        }
    }

    /// Each of it is good at this node.
    #[track_caller]
    fn to(&self, node: &Node, unchanged: bool) {
        fleet::publish(node, &self.token, &self.seen);
        let next = format!("{ENTRIES}?page[size]=1&page[after]={}", self.cursor);
        let next = node.get(&next).bearer(&self.token).send();
        next.expect_status(200);
        let article = node.get(&format!("{ARTICLES}/muoi"));
        let again = article.header("if-none-match", &self.etag).send();
        if unchanged {
            let again = again.expect_status(304);
            assert_eq!(again.etag(), self.etag, "a cache finds its copy by it");
        }
    }
}

#[test]
fn a_secret_is_replaced_without_a_refused_request() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let mut nodes = [0, 0].map(|step| node(&installation, step));
    let chief = nodes[0].token("chief");
    let draft = fleet::draft(&nodes[0], &chief, "Muối");
    fleet::publish(&nodes[0], &chief, &draft);
    until("known everywhere", || {
        let answer = nodes[1].get(&format!("{ARTICLES}/muoi")).send();
        answer.status == 200
    });
    for step in 1..STEPS.len() {
        if step == 3 {
            let sealed = run(&installation, 2, &["audit", "seal"]);
            assert_eq!(sealed.code, 0, "{sealed:?}");
            assert!(sealed.out.contains("closed: "), "{sealed:?}");
        }
        // One after the other; in between they differ.
        for changed in 0..2 {
            let before = Brought::from(&nodes[changed]);
            nodes[changed] = node(&installation, step);
            let (own, other) = (&nodes[changed], &nodes[1 - changed]);
            // When the old secret is taken out, what was made with it is old enough to be gone.
            if step < 3 {
                before.to(own, true);
            }
            Brought::from(own).to(other, true);
            Brought::from(other).to(own, true);
        }
    }
    let whole = run(&installation, 3, &["audit", "verify"]);
    assert_eq!(whole.code, 0, "{whole:?}");
    // The old secret is closed.
    let old = run(&installation, 0, &["user", "list"]);
    assert_eq!(old.code, 1, "{old:?}");
    assert!(old.err.contains("closed with `loa audit seal`"), "{old:?}");
}

/// The id of the key that signed a token.
fn signer(token: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let header = token.split('.').next().unwrap();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn publishes(node: &Node, key: &str) -> bool {
    let keys = node.get("/.well-known/jwks.json").send().json();
    let keys = keys["keys"].as_array().unwrap().clone();
    keys.iter().any(|own| own["kid"] == key)
}

fn put(folder: &Path, id: &str, pem: &str) {
    std::fs::write(folder.join(format!("{id}.pem")), pem).unwrap();
}

#[test]
fn a_signing_key_is_replaced_without_a_refused_request() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let folders = ["keys-1", "keys-2"].map(|name| installation.place.path(name));
    let old = ("20200101T000000000000Z", TokenKeys::new_pem().unwrap());
    let nodes = folders.each_ref().map(|folder| {
        std::fs::create_dir(folder).unwrap();
        put(folder, old.0, &old.1);
        let settings = [("LOA_JWT_KEYS", folder.to_str().unwrap())];
        Node::start(&installation.place, &installation.url(), &settings)
    });
    // It signs in fifteen seconds: an hour is long for a test.
    let made = SystemClock
        .now()
        .after(chrono::TimeDelta::seconds(15) - PUBLISHED_AHEAD);
    let new = made.utc().format(NAMED_BY_TIME).to_string();
    let pem = TokenKeys::new_pem().unwrap();
    put(&folders[0], &new, &pem);
    let (mut signers, start) = (Vec::new(), Instant::now());
    let mut at = 0;
    while start.elapsed() < Duration::from_mins(1) {
        // Signed in at one, at work at the other.
        let (own, other) = (&nodes[at % 2], &nodes[1 - at % 2]);
        let token = own.token("contributor");
        other.get(ENTRIES).bearer(&token).send().expect_status(200);
        signers.push(signer(&token));
        if publishes(&nodes[0], &new) && !folders[1].join(format!("{new}.pem")).exists() {
            put(&folders[1], &new, &pem);
        }
        at += 1;
        if signers.iter().rev().take(2).all(|id| *id == new) && at > 2 {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(200));
    }
    assert_eq!(signers.first().unwrap(), old.0);
    assert_eq!(signers.last().unwrap(), &new);
    assert!(nodes.iter().all(|node| publishes(node, &new)));

    // The old key is taken away; what it signed is over by then.
    for folder in &folders {
        std::fs::remove_file(folder.join(format!("{}.pem", old.0))).unwrap();
    }
    until("gone", || nodes.iter().all(|node| !publishes(node, old.0)));
    let token = nodes[0].token("contributor");
    let body = json!({"type": "article", "section": "tin-tuc", "title": "Sau",
        "content": {"lead": "Sau", "body": "<p>Sau.</p>"}});
    let made = nodes[1].post(ENTRIES).bearer(&token).json(&body).send();
    made.expect_status(201);
}
