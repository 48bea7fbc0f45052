//! Nodes on a PostgreSQL server of the test's own, and a board that works on them whatever happens
//! to the server.
//!
//! Not for `Installation`'s shared server, which nobody may stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_app::{App, SystemClock};
use loa_store::DatabaseUrl;
use loa_testkit::{Answer, Cluster, app_at, world};
use serde_json::{Value, json};

use crate::loa::{Place, Ran};
use crate::node::{Node, command};

pub(crate) const ENTRIES: &str = "/api/v1/editorial/sites/hai-tien/entries";
pub(crate) const ARTICLES: &str = "/api/v1/sites/hai-tien/articles";
/// Longest that anything may take that comes by itself. A busy machine is slow; the figures are
/// told, and nobody shall wait for a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
/// Longest that a refusal may take here. The aim is 2 s on a machine with nothing else to do.
const REFUSAL: Duration = Duration::from_secs(5);

/// An installation on servers of its own.
pub(crate) struct Fleet {
    pub(crate) place: Place,
    pub(crate) primary: Cluster,
}

impl Fleet {
    /// A primary with the small province in it; none when PostgreSQL is not installed.
    pub(crate) fn new() -> Option<Self> {
        let primary = Cluster::new()?;
        let app = app(&primary, None);
        app.store().migrations().run().unwrap();
        world::build_in(&app);
        Some(Self {
            place: Place::new(),
            primary,
        })
    }

    /// Starts a node, with a replica for delivery or without.
    pub(crate) fn node(&self, replica: Option<&Cluster>) -> Node {
        let mut settings = vec![("LOA_CONNECTIONS", "4".to_owned())];
        settings.extend(replica.map(|it| ("LOA_DATABASE_READ_URL", it.url())));
        let settings: Vec<_> = settings.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Node::start(&self.place, &self.primary.url(), &settings)
    }

    /// Runs a command on the primary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = command(&self.place, arguments, &self.primary.url());
        Ran::of(&command.output().unwrap())
    }
}

/// The application on a server, to look behind the API.
pub(crate) fn app(primary: &Cluster, replica: Option<&Cluster>) -> App {
    let url = |cluster: &Cluster| cluster.url().parse::<DatabaseUrl>().unwrap();
    app_at(url(primary), replica.map(url), Arc::new(SystemClock))
}

pub(crate) fn article(title: &str) -> Value {
    json!({"type": "article", "section": "tin-tuc", "title": title,
        "content": {"lead": title, "body": format!("<p>{title}</p>")}})
}

/// An entry as somebody last saw it.
pub(crate) struct Seen {
    pub(crate) id: String,
    tag: String,
}

impl Seen {
    pub(crate) fn of(answer: &Answer) -> Self {
        let data = answer.data();
        Self {
            id: data.get("id").and_then(Value::as_str).unwrap().to_owned(),
            tag: answer.etag().to_owned(),
        }
    }
}

/// Writes an article.
pub(crate) fn draft(node: &Node, token: &str, title: &str) -> Seen {
    let made = node.post(ENTRIES).bearer(token).json(&article(title));
    Seen::of(&made.send().expect_status(201))
}

/// Does something of the workflow.
#[track_caller]
pub(crate) fn act(node: &Node, token: &str, seen: &Seen, action: &str, body: &Value) -> Seen {
    let path = format!("{ENTRIES}/{}/actions/{action}", seen.id);
    let act = node.post(&path).bearer(token).if_match(&seen.tag);
    Seen::of(&act.json(body).send().expect_status(200))
}

/// Publishes without approval: the one request that a chief needs for it.
pub(crate) fn publish(node: &Node, chief: &str, seen: &Seen) -> Seen {
    act(
        node,
        chief,
        seen,
        "force_publish",
        &json!({"reason": "Bão"}),
    )
}

/// Publishes another edition under another title.
pub(crate) fn publish_again(node: &Node, chief: &str, seen: &Seen, title: &str) -> Seen {
    let seen = act(node, chief, seen, "revise", &json!({}));
    let mut body = article(title);
    if let Some(members) = body.as_object_mut() {
        members.remove("type");
    }
    let path = format!("{ENTRIES}/{}", seen.id);
    let save = node.client().request("PUT", &path).bearer(chief);
    let saved = save.if_match(&seen.tag).json(&body).send();
    publish(node, chief, &Seen::of(&saved.expect_status(200)))
}

/// The title that readers see.
pub(crate) fn title(answer: &Answer) -> String {
    let title = answer.data().get("title").cloned();
    title.unwrap().as_str().unwrap().to_owned()
}

/// Asks until the answer fits, and gives how long that took.
#[track_caller]
pub(crate) fn until(what: &str, mut is: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is() {
        let waited = start.elapsed();
        assert!(waited < PATIENCE, "not {what} after {waited:?}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    start.elapsed()
}

/// One request of many, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) status: u16,
    pub(crate) control: String,
}

/// Asks again and again until the end, and holds every refusal against what was promised: nothing
/// but 503, with a time to come back, and soon.
pub(crate) fn ask(end: &AtomicBool, mut request: impl FnMut(u32) -> Answer) -> Vec<Asked> {
    let mut all = Vec::new();
    for n in 0.. {
        if end.load(Ordering::SeqCst) {
            break;
        }
        let begun = Instant::now();
        let answer = request(n);
        let ended = Instant::now();
        if answer.status >= 500 {
            let took = ended - begun;
            assert_eq!(answer.status, 503, "{}", answer.text());
            assert_eq!(answer.header("retry-after"), Some("2"), "{}", answer.text());
            assert!(took < REFUSAL, "{took:?}: {}", answer.text());
        }
        all.push(Asked {
            begun,
            ended,
            status: answer.status,
            control: answer.header("cache-control").unwrap_or("").to_owned(),
        });
        // Clients are not the only ones who need the processor.
        std::thread::park_timeout(Duration::from_millis(2));
    }
    all
}

/// The longest of the refusals.
pub(crate) fn slowest_refusal(all: &[Asked]) -> Duration {
    let refused = all.iter().filter(|asked| asked.status == 503);
    let took = refused.map(|asked| asked.ended - asked.begun);
    took.max().unwrap_or_default()
}
