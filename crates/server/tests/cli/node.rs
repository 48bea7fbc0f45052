//! A node: a real `loa serve` with a port of its own, to be asked over HTTP and to be killed.
//!
//! Nodes in one [`Installation`] share secret, signing key and database. Not for `loa demo`, which
//! is `serve::Demo`, and not for what `loa_testkit::TestApp` shows as well: that one is faster, and
//! has a clock.

use std::fmt::Write;
use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use loa_app::{App, SystemClock};
use loa_store::{DatabaseUrl, changes};
use loa_testkit::{Backend, Client, Request, SECRET, SIGNING_KEY, TestDb, world};

use crate::loa::{Place, Ran};

/// Longest that a node may take until it is ready; a busy machine is slow.
const READY: Duration = Duration::from_mins(1);
/// Longest that a node may take to end when it was asked to.
const ENDED: Duration = Duration::from_mins(1);
/// Between two looks at what a node does: it shall get on with it.
const PAUSE: Duration = Duration::from_millis(5);

/// A running `loa serve`. It is killed when it is dropped.
pub(crate) struct Node {
    // Behind a lock, so that one thread can kill what others ask.
    child: Mutex<Child>,
    id: u32,
    address: SocketAddr,
    client: Client,
    log: PathBuf,
}

/// What nodes share: a database with the small province in it, a secret and a signing key.
pub(crate) struct Installation {
    /// The folder the nodes run in.
    pub(crate) place: Place,
    /// The database.
    pub(crate) database: TestDb,
}

impl Installation {
    /// None when the test has to be left out because there is no PostgreSQL.
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let database = TestDb::new(backend)?;
        world::build_in(&database.app(Arc::new(SystemClock)));
        let place = Place::new();
        Some(Self { place, database })
    }

    /// The database as a node's setting.
    pub(crate) fn url(&self) -> String {
        setting(&self.database.url())
    }

    /// The application on the same database, to look behind the API. On `SQLite` it should be gone
    /// when a node is killed: whoever else has the file open takes part in what happens to it.
    pub(crate) fn app(&self) -> App {
        self.database.app(Arc::new(SystemClock))
    }

    /// Starts a node.
    pub(crate) fn node(&self) -> Node {
        Node::start(&self.place, &self.url(), &[])
    }

    /// Runs a command on the database to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = command(&self.place, arguments, &self.url());
        Ran::of(&command.output().unwrap())
    }
}

/// A database as `LOA_DATABASE_URL` says it.
pub(crate) fn setting(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

/// A command of an installation, not run yet: with the secret and the signing key that all nodes
/// share and nothing else in its environment.
pub(crate) fn command(place: &Place, arguments: &[&str], database_url: &str) -> Command {
    let keys = place.path("keys");
    std::fs::create_dir_all(&keys).unwrap();
    let key = keys.join(format!("{}.pem", SIGNING_KEY.0));
    if !key.exists() {
        std::fs::write(key, SIGNING_KEY.1).unwrap();
    }
    let mut command = place.loa(arguments);
    command
        .env("LOA_SECRET", SECRET)
        .env("LOA_JWT_KEYS", keys)
        .env("LOA_DATABASE_URL", database_url);
    command
}

/// `loa serve` as nodes run it, to be completed or wrapped before [`Node::run`] starts it. The port
/// is chosen by the system, so that no other process can have it.
pub(crate) fn serve(place: &Place, database_url: &str) -> Command {
    let mut command = command(place, &["serve"], database_url);
    command
        .env("LOA_LISTEN", "127.0.0.1:0")
        .env("LOA_METRICS_LISTEN", "off")
        .env("LOA_WORKERS", "2");
    command
}

/// The same command run by another one, which runs what stands behind its own arguments.
pub(crate) fn wrapped(command: &Command, by: &[&str]) -> Command {
    let mut wrapped = Command::new(by.first().unwrap());
    wrapped.args(by.iter().skip(1));
    wrapped.arg(command.get_program()).args(command.get_args());
    wrapped.env_clear().stdin(Stdio::null());
    wrapped.stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            wrapped.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

impl Node {
    /// Starts a node with more or other settings, as (`LOA_…`, value). Returns when it is ready.
    #[track_caller]
    pub(crate) fn start(place: &Place, database_url: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = serve(place, database_url);
        command.envs(settings.iter().copied());
        Self::run(place, command)
    }

    /// Starts what [`serve`] gave. Returns when the node is ready.
    #[track_caller]
    pub(crate) fn run(place: &Place, command: Command) -> Self {
        let node = Self::run_until_it_listens(place, command);
        node.wait("ready", READY, || {
            let ready = node.client.request("GET", "/readyz").try_send();
            ready.is_ok_and(|answer| answer.status == 200)
        });
        node
    }

    /// Starts a node whose database may be away. Returns when it listens.
    #[track_caller]
    pub(crate) fn run_until_it_listens(place: &Place, mut command: Command) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let log = place.path(&format!("node-{number}.log"));
        let file = File::create(&log).unwrap();
        command.stdout(Stdio::null()).stderr(file);
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let child = command.spawn().unwrap();
        let mut node = Self {
            id: child.id(),
            child: Mutex::new(child),
            address: nowhere,
            client: Client::new(nowhere),
            log,
        };
        node.wait("listening", READY, || listens_at(&node.said()).is_some());
        node.address = listens_at(&node.said()).unwrap();
        node.client = Client::new(node.address);
        node
    }

    /// Waits for something that is about to happen, as long as the process runs.
    #[track_caller]
    fn wait(&self, what: &str, longest: Duration, mut is: impl FnMut() -> bool) {
        let start = Instant::now();
        while !is() {
            assert!(self.runs(), "the node ended before it was {what}{self}");
            let waited = start.elapsed();
            assert!(waited < longest, "not {what} after {waited:?}{self}");
            std::thread::park_timeout(PAUSE);
        }
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the process has not ended.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.child().try_wait(), Ok(None))
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// Its address as a URL, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of it. Answers are held against the contract.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// GET.
    pub(crate) fn get(&self, path: &str) -> Request<'_> {
        self.client().request("GET", path)
    }

    /// POST.
    pub(crate) fn post(&self, path: &str) -> Request<'_> {
        self.client().request("POST", path)
    }

    /// PUT.
    pub(crate) fn put(&self, path: &str) -> Request<'_> {
        self.client().request("PUT", path)
    }

    /// An access token for a person of the world.
    pub(crate) fn token(&self, who: &str) -> String {
        world::token_of(&self.client, who)
    }

    /// What it has said on standard error.
    pub(crate) fn said(&self) -> String {
        std::fs::read(&self.log).map_or_else(
            |error| error.to_string(),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        )
    }

    /// SIGKILL: the process does nothing any more, not even tidy up. Returns when it is gone.
    pub(crate) fn kill(&self) {
        let mut child = self.child();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM. Returns its exit code and what it said when it has ended.
    #[track_caller]
    pub(crate) fn terminate(self) -> Ran {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success(), "no signal{self}");
        let start = Instant::now();
        while self.runs() {
            assert!(start.elapsed() < ENDED, "it does not end{self}");
            std::thread::park_timeout(PAUSE);
        }
        let status = self.child().wait().unwrap();
        Ran {
            code: status.code().unwrap_or(-1),
            out: String::new(),
            err: self.said(),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        let mut child = self.child();
        child.kill().ok();
        child.wait().ok();
    }
}

/// For messages of failures: where it is and what it last said.
impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = self.said();
        let lines: Vec<&str> = said.lines().collect();
        let mut last = String::new();
        for line in lines.iter().skip(lines.len().saturating_sub(30)) {
            writeln!(last, "    {line}")?;
        }
        write!(
            f,
            "\nnode {} at {}, last of {}:\n{last}",
            self.id,
            self.base(),
            self.log.display()
        )
    }
}

/// The address in the line that says so.
fn listens_at(said: &str) -> Option<SocketAddr> {
    let line = said.lines().find(|line| line.contains("\"serving\""))?;
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let addresses = line.get("addresses")?.as_str()?;
    addresses.trim_matches(['[', ']']).parse().ok()
}

#[test]
fn a_node_can_be_killed_and_another_takes_over_what_it_wrote() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(installation) = Installation::new(backend) else {
            continue;
        };
        let first = installation.node();
        let token = first.token("contributor");
        let entries = "/api/v1/editorial/sites/hai-tien/entries";
        let article = serde_json::json!({"type": "article", "section": "tin-tuc",
            "title": "Mùa muối", "content": {"lead": "Mở đầu", "body": "<p>Toàn văn.</p>"}});
        let made = first.post(entries).bearer(&token).json(&article).send();
        let location = made.expect_status(201);
        let location = location.header("location").unwrap();
        first.kill();
        assert!(first.get("/healthz").try_send().is_err(), "{first}");

        let second = installation.node();
        let listen = second.base().replace("http://", "");
        for (expected, asked) in [(0, listen.as_str()), (1, "127.0.0.1:1")] {
            let health = installation
                .place
                .run(&["health", "--ready", "--listen", asked]);
            assert_eq!(health.code, expected, "{health:?}");
        }
        // The same signing key: whoever was signed in still is.
        let read = second.get(location).bearer(&token).send();
        read.expect_status(200);
        let ended = second.terminate();
        assert_eq!(ended.code, 0, "{ended:?}");
        let ran = installation.run(&["audit", "verify"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let last = installation.app().store().read(changes::last);
        assert_eq!(last.unwrap(), 0, "nothing was published");
    }
}
