//! Two nodes, a primary and a replica: what one writes the other shows, and what is left of each
//! when the primary is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_app::{App, StoreFailure};
use loa_domain::change::{Change, ChangeKind};
use loa_store::changes;
use loa_testkit::{Answer, Cluster, outage, world};
use serde_json::json;

use crate::fleet::{self, ARTICLES, Asked, ENTRIES, Fleet, ask, slowest_refusal, title, until};
use crate::node::Node;

/// How long the primary is away.
const AWAY: Duration = Duration::from_secs(15);

struct Two {
    fleet: Fleet,
    replica: Cluster,
    nodes: [Node; 2],
    chief: String,
}

impl Two {
    fn new() -> Option<Self> {
        let fleet = Fleet::new()?;
        let replica = fleet.primary.base_backup();
        let nodes = [fleet.node(Some(&replica)), fleet.node(Some(&replica))];
        // Signed in on one node, at work on the other.
        let chief = nodes.first()?.token("chief");
        Some(Self {
            fleet,
            replica,
            nodes,
            chief,
        })
    }

    fn other(&self) -> &Node {
        let [_, other] = &self.nodes;
        other
    }

    /// A new article, which nobody has read yet.
    fn publish(&self, title: &str) -> fleet::Seen {
        let (node, chief) = (self.other(), &self.chief);
        fleet::publish(node, chief, &fleet::draft(node, chief, title))
    }

    fn everywhere(&self, path: &str) -> [Answer; 2] {
        self.nodes.each_ref().map(|node| node.get(path).send())
    }

    /// How long it takes until all nodes show a title.
    fn until_shown(&self, path: &str, expected: &str) -> Duration {
        until("shown everywhere", || {
            let answers = self.everywhere(path);
            let mut answers = answers.iter();
            answers.all(|answer| answer.status == 200 && title(answer) == expected)
        })
    }
}

/// A reader of the change log as a node reads it, with a place of its own in it.
struct Reader {
    app: App,
    heard: Vec<Change>,
}

impl Reader {
    fn new(two: &Two) -> Self {
        Self {
            app: fleet::app(&two.fleet.primary, Some(&two.replica)),
            heard: Vec::new(),
        }
    }

    /// Takes what is there, from wherever it is; false when it is nowhere.
    fn read(&mut self) -> bool {
        let after = self.heard.last().map_or(0, |change| change.seq);
        let store = self.app.store();
        for mut follower in store.followers() {
            follower.follow().ok();
        }
        let more: Result<Vec<Change>, StoreFailure> =
            store.read_delivery(|conn| changes::after(conn, after, 1000));
        let there = more.is_ok();
        self.heard.extend(more.unwrap_or_default());
        there
    }

    fn last(&self) -> i64 {
        self.heard.last().map_or(0, |change| change.seq)
    }
}

/// Reads a document again and again; its title is the number of its edition and never goes back.
fn watch(node: &Node, path: &str, end: &AtomicBool) -> u32 {
    let mut last = 0;
    while !end.load(Ordering::SeqCst) {
        let answer = node.get(path).send().expect_status(200);
        let shown = title(&answer);
        let number = shown.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(number >= last, "{number} after {last}{node}");
        last = number;
        std::thread::park_timeout(Duration::from_millis(10));
    }
    last
}

#[test]
fn what_one_node_publishes_all_nodes_show() {
    let Some(mut two) = Two::new() else { return };
    let mut slowest = Duration::ZERO;
    let mut seen = two.publish("Bài 0");
    let path = format!("{ARTICLES}/bai-0");
    two.until_shown(&path, "Bài 0");
    for n in 1..=10 {
        let title = format!("Bài {n}");
        seen = fleet::publish_again(two.other(), &two.chief, &seen, &title);
        slowest = slowest.max(two.until_shown(&path, &title));
    }
    eprintln!("shown on both nodes within {slowest:?} of the answer");

    // A replica that is away, and one that is behind, are no reason to show old things.
    two.replica.stop();
    seen = fleet::publish_again(two.other(), &two.chief, &seen, "Không bản sao");
    let away = two.until_shown(&path, "Không bản sao");
    let uncached = two.everywhere(&format!("{ARTICLES}?page%5Bsize%5D=3"));
    assert!(uncached.iter().all(|answer| answer.status == 200));
    two.replica.start();
    let mut sql = loa_testkit::Sql::connect(&two.replica.url().parse().unwrap());
    sql.execute("SELECT pg_wal_replay_pause()");
    fleet::publish_again(two.other(), &two.chief, &seen, "Bản sao chậm");
    let behind = two.until_shown(&path, "Bản sao chậm");
    sql.execute("SELECT pg_wal_replay_resume()");
    eprintln!("with the replica away: {away:?}; with the replica behind: {behind:?}");
}

#[test]
fn nodes_serve_without_the_primary_and_go_on_with_it() {
    let Some(mut two) = Two::new() else { return };
    let watched = two.publish("Bài 1");
    let known = format!("{ARTICLES}/bai-1");
    two.until_shown(&known, "Bài 1");
    for n in 1..=20 {
        two.publish(&format!("Chưa ai đọc {n}"));
    }
    let planned = schedule(&two, "Đúng giờ");
    fleet::publish_again(two.other(), &two.chief, &watched, "Bài 2");
    let mut reader = Reader::new(&two);
    // What has not reached the replica is not there without the primary.
    let last = reader.app.store().read(changes::last).unwrap();
    until("all on the replica", || reader.read() && reader.last() == last);

    two.fleet.primary.kill();
    let from = Instant::now();
    let end = AtomicBool::new(false);
    let (refused, titles) = std::thread::scope(|scope| {
        let watching = two.nodes.each_ref().map(|node| {
            let (known, end) = (&known, &end);
            scope.spawn(move || watch(node, known, end))
        });
        let asking = two.nodes.each_ref().map(|node| {
            let (chief, end) = (&two.chief, &end);
            scope.spawn(move || ask(end, |n| editorial(node, chief, n)))
        });
        let mut n = 0;
        while from.elapsed() < outage(AWAY) {
            n = n % 20 + 1;
            for answer in two.everywhere(&format!("{ARTICLES}/chua-ai-doc-{n}")) {
                answer.expect_status(200);
            }
            assert!(reader.read());
            for node in &two.nodes {
                assert_eq!(node.get("/readyz").send().status, 200, "{node}");
            }
        }
        end.store(true, Ordering::SeqCst);
        let titles = watching.map(|it| it.join().unwrap());
        (asking.map(|it| it.join().unwrap()), titles)
    });
    assert_eq!(titles, [2, 2]);
    let all: Vec<Asked> = refused.into_iter().flatten().collect();
    assert!(all.iter().all(|asked| asked.status == 503), "{all:?}");
    assert!(all.len() > 10);
    let slowest = slowest_refusal(&all);
    let away = from.elapsed();
    eprintln!("away for {away:?}: {} refusals, slowest {slowest:?}", all.len());

    two.fleet.primary.start();
    let back = Instant::now();
    for node in &two.nodes {
        let write = || node.post(ENTRIES).bearer(&two.chief);
        let made = || write().json(&fleet::article("Sau đó")).send().status == 201;
        until("written to again", made);
    }
    eprintln!("written to again after {:?}", back.elapsed());
    let path = format!("{ARTICLES}/dung-gio");
    let late = two.until_shown(&path, "Đúng giờ");
    eprintln!("what was due meanwhile was shown {late:?} later");
    let last = two.publish("Cuối cùng");
    two.until_shown(&format!("{ARTICLES}/cuoi-cung"), "Cuối cùng");
    until("all read", || {
        reader.read() && reader.heard.last().is_some_and(|it| it.subject_id == last.id)
    });
    let seqs: Vec<i64> = reader.heard.iter().map(|change| change.seq).collect();
    let count = i64::try_from(seqs.len()).unwrap();
    assert_eq!(seqs, (1..=count).collect::<Vec<_>>(), "no gap, nothing twice");
    let published = |it: &&Change| it.subject_id == planned && it.kind == ChangeKind::Published;
    assert_eq!(reader.heard.iter().filter(published).count(), 1);
    for answer in two.everywhere(&known) {
        assert_eq!(title(&answer), "Bài 2");
    }
    let ran = two.fleet.run(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// What needs the primary, one after the other.
fn editorial(node: &Node, token: &str, n: u32) -> Answer {
    match n % 3 {
        0 => node.get(ENTRIES).bearer(token).send(),
        1 => {
            let made = node.post(ENTRIES).bearer(token);
            made.json(&fleet::article("Không được")).send()
        }
        _ => {
            let login = json!({"email": world::email("chief"), "password": world::PASSWORD});
            node.post("/api/v1/auth/login").json(&login).send()
        }
    }
}

/// Approves an article to be published while the primary is away. Gives its id.
fn schedule(two: &Two, title: &str) -> String {
    let node = two.other();
    let token = |who| node.token(who);
    let (writer, editor) = (token("contributor"), token("editor"));
    let seen = fleet::draft(node, &writer, title);
    let seen = fleet::act(node, &editor, &seen, "submit", &json!({}));
    let seen = fleet::act(node, &editor, &seen, "pass", &json!({}));
    let seen = fleet::act(node, &two.chief, &seen, "approve", &json!({}));
    let app = fleet::app(&two.fleet.primary, None);
    let at = app.now().after(chrono::TimeDelta::seconds(8));
    let due = json!({"publish_at": at});
    fleet::act(node, &token("publisher"), &seen, "schedule", &due).id
}
