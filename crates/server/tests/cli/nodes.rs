//! Two nodes, a primary and a replica: what one writes the other shows, and what is left of each
//! when the primary is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loa_app::{App, StoreFailure};
use loa_domain::change::{Change, ChangeKind};
use loa_store::changes;
use loa_testkit::{Answer, Cluster, Sql, outage, world};
use serde_json::json;

use crate::fleet::{self, ARTICLES, Asked, ENTRIES, Fleet, ask, slowest_refusal, title, until};
use crate::node::Node;

/// How long the primary is away, unless `LOA_OUTAGE_SECONDS` says otherwise.
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

    /// Keeps the replica where it is from now on.
    fn hold_replica(&self) {
        let mut sql = Sql::connect(&self.replica.url().parse().unwrap());
        sql.execute("SELECT pg_wal_replay_pause()");
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
    two.hold_replica();
    fleet::publish_again(two.other(), &two.chief, &seen, "Bản sao chậm");
    let behind = two.until_shown(&path, "Bản sao chậm");
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
    until("all on the replica", || {
        reader.read() && reader.last() == last
    });

    two.fleet.primary.kill();
    let from = Instant::now();
    let (all, titles) = without_primary(&two, &mut reader, &known);
    assert_eq!(titles, [2, 2]);
    assert!(all.iter().all(|asked| asked.status == 503), "{all:?}");
    assert!(all.len() > 10);
    let slowest = slowest_refusal(&all);
    let away = from.elapsed();
    eprintln!(
        "away for {away:?}: {} refusals, slowest {slowest:?}",
        all.len()
    );

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
    whole_log(&two, &mut reader, &planned);
    for answer in two.everywhere(&known) {
        assert_eq!(title(&answer), "Bài 2");
    }
    let ran = two.fleet.run(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_answer_does_not_go_back_to_what_a_replica_has() {
    let Some(mut two) = Two::new() else { return };
    let seen = two.publish("Bài 1");
    let known = format!("{ARTICLES}/bai-1");
    two.until_shown(&known, "Bài 1");
    let mut reader = Reader::new(&two);
    let last = reader.app.store().read(changes::last).unwrap();
    until("all on the replica", || {
        reader.read() && reader.last() == last
    });
    two.hold_replica();
    fleet::publish_again(two.other(), &two.chief, &seen, "Bài 2");
    two.until_shown(&known, "Bài 2");
    // Puts what is kept out of date; the replica has neither.
    two.publish("Khác");
    two.until_shown(&format!("{ARTICLES}/khac"), "Khác");
    two.fleet.primary.kill();
    for answer in two.everywhere(&known) {
        let answer = answer.expect_status(200);
        assert_eq!(title(&answer), "Bài 2");
        let control = answer.header("cache-control").unwrap();
        assert_eq!(control, "public, max-age=0, stale-if-error=300");
    }
    // What was never kept comes as old as the replica has it.
    for answer in two.everywhere(&format!("{ARTICLES}?page%5Bsize%5D=1")) {
        let cards = answer.expect_status(200).data();
        assert_eq!(cards[0]["title"], "Bài 1");
    }
}

#[test]
fn a_server_that_hangs_is_left_for_the_other() {
    let Some(two) = Two::new() else { return };
    two.publish("Bài 1");
    two.until_shown(&format!("{ARTICLES}/bai-1"), "Bài 1");
    let mut reader = Reader::new(&two);
    let last = reader.app.store().read(changes::last).unwrap();
    until("all on the replica", || {
        reader.read() && reader.last() == last
    });
    let uncached = |n: u32| two.everywhere(&format!("{ARTICLES}/khong-co-{n}"));

    two.fleet.primary.pause();
    let write = two.other().post(ENTRIES).bearer(&two.chief);
    let refused = write.json(&fleet::article("Treo")).send();
    refused.expect_problem(503, "unavailable");
    for answer in uncached(0) {
        answer.expect_problem(404, "not_found");
    }
    two.fleet.primary.resume();
    until("written to again", || {
        let write = two.other().post(ENTRIES).bearer(&two.chief);
        write.json(&fleet::article("Tỉnh")).send().status == 201
    });

    two.replica.pause();
    let (mut n, mut refused) = (0, 0);
    let took = until("read from the primary", || {
        n += 1;
        let answers = uncached(n);
        refused += answers.iter().filter(|it| it.status == 503).count();
        let fine = |it: &Answer| it.status == 404 || it.status == 503;
        assert!(answers.iter().all(fine), "{answers:?}");
        answers.iter().all(|it| it.status == 404)
    });
    eprintln!("a replica that hangs was left after {took:?}, {refused} requests refused");
    two.publish("Bài 2");
    two.until_shown(&format!("{ARTICLES}/bai-2"), "Bài 2");
    two.replica.resume();
}

/// What readers and editors meet while the primary is away: reads of what nobody has read before,
/// on the way; then every refused request, and what either node showed last.
fn without_primary(two: &Two, reader: &mut Reader, known: &str) -> (Vec<Asked>, [u32; 2]) {
    let from = Instant::now();
    let end = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watching = two.nodes.each_ref().map(|node| {
            let end = &end;
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
        let asked = asking.map(|it| it.join().unwrap());
        (asked.into_iter().flatten().collect(), titles)
    })
}

/// That the reader gets every change once, and the planned publication is one of them.
fn whole_log(two: &Two, reader: &mut Reader, planned: &str) {
    let last = two.publish("Cuối cùng");
    two.until_shown(&format!("{ARTICLES}/cuoi-cung"), "Cuối cùng");
    until("all read", || {
        reader.read()
            && reader
                .heard
                .last()
                .is_some_and(|it| it.subject_id == last.id)
    });
    let seqs: Vec<i64> = reader.heard.iter().map(|change| change.seq).collect();
    let count = i64::try_from(seqs.len()).unwrap();
    assert_eq!(
        seqs,
        (1..=count).collect::<Vec<_>>(),
        "no gap, nothing twice"
    );
    let published = |it: &&Change| it.subject_id == planned && it.kind == ChangeKind::Published;
    assert_eq!(reader.heard.iter().filter(published).count(), 1);
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
