//! A PostgreSQL server of a test's own, to be stopped, frozen and killed, and its replicas.
//!
//! Not for tests that leave the server alone: those share one (`TestDb`).

mod machine;

use std::fs::File;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection};
use tempfile::TempDir;

use machine::{Owner, free_port, owner, programs};

/// Longest that a server may take to start or to end; a busy machine is slow.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at what a server does.
const PAUSE: Duration = Duration::from_millis(10);

/// Nothing survives the test, so nothing has to reach the disk; a killed process loses nothing that
/// it has handed to the kernel.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 80
fsync = off
wal_level = replica
max_wal_senders = 4
wal_keep_size = '256MB'
hot_standby = on
wal_receiver_status_interval = 1
wal_retrieve_retry_interval = '200ms'
timezone = 'Asia/Ho_Chi_Minh'
";

/// A running server. It is killed, and its files are gone, when this is dropped.
pub struct Cluster {
    programs: PathBuf,
    owner: Option<Owner>,
    folder: TempDir,
    port: u16,
    environment: Vec<(String, String)>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes and starts a server; none when the test has to be left out because PostgreSQL is not
    /// installed.
    ///
    /// # Panics
    /// When there is none and `CI` or `LOA_REQUIRE_POSTGRES` says that there has to be, or when it
    /// does not start.
    pub fn new() -> Option<Self> {
        Self::with(&[], &[])
    }

    /// The same with lines for `postgresql.conf`, and variables the server finds.
    ///
    /// # Panics
    /// As [`Cluster::new`].
    pub fn with(settings: &[&str], environment: &[(&str, &str)]) -> Option<Self> {
        let programs = programs()?;
        let mut cluster = Self::in_new_folder(&programs, environment);
        cluster.run(
            "initdb",
            &[
                "--pgdata=data",
                "--username=loa",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        let conf = cluster.folder.path().join("data/postgresql.conf");
        let mut text = std::fs::read_to_string(&conf).expect("the settings");
        text.push_str(SETTINGS);
        text.push_str(&settings.join("\n"));
        std::fs::write(&conf, text).expect("the settings are written");
        cluster.start();
        Some(cluster)
    }

    fn in_new_folder(programs: &Path, environment: &[(&str, &str)]) -> Self {
        let owner = owner();
        let make = |parent: &Path| {
            let folder = TempDir::with_prefix_in("loa-cluster-", parent).expect("a folder");
            if let Some(owner) = owner {
                let (user, group) = (Some(owner.user), Some(owner.group));
                chown(folder.path(), user, group).expect("the folder is given away");
            }
            folder
        };
        let mut cluster = Self {
            programs: programs.to_owned(),
            owner,
            folder: make(&std::env::temp_dir()),
            port: free_port(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            server: None,
        };
        // The usual place may be root's own.
        let path = cluster.folder.path().to_owned();
        let reach = cluster
            .as_owner(Path::new("test"))
            .arg("-w")
            .arg(path)
            .status();
        if !reach.expect("test").success() {
            cluster.folder = make(Path::new("/tmp"));
        }
        cluster
    }

    /// URL of its superuser.
    pub fn url(&self) -> String {
        self.url_of("loa")
    }

    /// URL of any of its roles.
    pub fn url_of(&self, role: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/postgres", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder with its data and its settings.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// User and group it runs as, in numbers, when that is not whoever runs the tests.
    pub fn runs_as() -> Option<(u32, u32)> {
        owner().map(|owner| (owner.user, owner.group))
    }

    /// A copy of this server that follows it, started: a streaming replica.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn base_backup(&self) -> Self {
        let mut replica = Self::in_new_folder(&self.programs, &[]);
        let port = format!("--port={}", self.port);
        replica.run(
            "pg_basebackup",
            &[
                "--host=127.0.0.1",
                &port,
                "--username=loa",
                "--pgdata=data",
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-sync",
            ],
        );
        replica.start();
        replica
    }

    /// Starts the server, always on the same port. Returns when it takes connections.
    ///
    /// # Panics
    /// When it runs already, or does not start.
    #[track_caller]
    pub fn start(&mut self) {
        assert!(self.server.is_none(), "the server runs already");
        let log = self.folder.path().join("server.log");
        let log = File::options().append(true).create(true).open(log);
        let mut command = self.as_owner(&self.programs.join("postgres"));
        command
            .args(["-D", "data", "-p", &self.port.to_string()])
            .stdout(Stdio::null())
            .stderr(log.expect("a log"));
        self.server = Some(command.spawn().expect("a process"));
        let url = format!("{}?connect_timeout=2", self.url());
        self.wait("ready", |own| {
            let ended = own.server.as_mut().and_then(|child| child.try_wait().ok());
            assert!(
                ended.flatten().is_none(),
                "PostgreSQL ended:\n{}",
                own.log()
            );
            PgConnection::establish(&url).is_ok()
        });
    }

    /// Ends it without waiting for its clients, but tidily.
    ///
    /// # Panics
    /// When it does not end.
    #[track_caller]
    pub fn stop(&mut self) {
        self.resume();
        signal("INT", self.server.iter().map(Child::id));
        self.ended();
    }

    /// SIGKILL for every process of it: as if the machine had lost its power, but for what the
    /// kernel holds.
    ///
    /// # Panics
    /// When it does not end.
    #[track_caller]
    pub fn kill(&mut self) {
        // It makes no more of them meanwhile.
        signal("STOP", self.server.iter().map(Child::id));
        let children = self.children();
        signal("KILL", children.iter().copied());
        signal("KILL", self.server.iter().map(Child::id));
        self.ended();
        self.wait("gone", |_| !children.iter().any(|id| is_there(*id)));
    }

    #[track_caller]
    fn ended(&mut self) {
        self.wait("at its end", |own| {
            own.server
                .as_mut()
                .is_none_or(|child| child.try_wait().expect("a process of ours").is_some())
        });
        self.server = None;
    }

    /// Freezes every process of it: connections stay, nothing is answered. The kernel still takes
    /// new ones.
    pub fn pause(&self) {
        signal("STOP", self.server.iter().map(Child::id));
        signal("STOP", self.children());
    }

    /// Lets it go on.
    pub fn resume(&self) {
        signal("CONT", self.children());
        signal("CONT", self.server.iter().map(Child::id));
    }

    /// What the server has said.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.folder.path().join("server.log"));
        log.map_or_else(
            |error| error.to_string(),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        )
    }

    /// Its other processes: each is a child of the first, with a process group of its own.
    fn children(&self) -> Vec<u32> {
        let Some(server) = &self.server else {
            return Vec::new();
        };
        let folders = std::fs::read_dir("/proc").expect("the list of processes");
        folders
            .filter_map(|folder| folder.ok()?.file_name().to_str()?.parse().ok())
            .filter(|id| stat(*id).is_some_and(|(_, parent)| parent == server.id()))
            .collect()
    }

    #[track_caller]
    fn wait(&mut self, what: &str, mut is: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !is(self) {
            let waited = start.elapsed();
            assert!(
                waited < PATIENCE,
                "PostgreSQL is not {what}:\n{}",
                self.log()
            );
            std::thread::park_timeout(PAUSE);
        }
    }

    /// Runs one of PostgreSQL's programs to its end.
    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.as_owner(&self.programs.join(program));
        let output = command.args(arguments).output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
    }

    /// A program in the server's folder, as the server's user. Settings of the person who tests
    /// are meant for another server.
    fn as_owner(&self, program: &Path) -> Command {
        let mut command = match self.owner {
            None => Command::new(program),
            Some(Owner { user, group }) => {
                let mut command = Command::new("setpriv");
                command
                    .arg(format!("--reuid={user}"))
                    .arg(format!("--regid={group}"))
                    .args(["--clear-groups", "--"])
                    .arg(program);
                command
            }
        };
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        signal("KILL", self.children());
        if let Some(mut server) = self.server.take() {
            server.kill().ok();
            server.wait().ok();
        }
    }
}

/// Sends a signal to processes, some of which may be gone.
fn signal(name: &str, ids: impl IntoIterator<Item = u32>) {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if !ids.is_empty() {
        let mut kill = Command::new("kill");
        kill.args(["-s", name]).args(ids).stderr(Stdio::null());
        kill.status().expect("kill");
    }
}

/// State and parent of a process.
fn stat(id: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it may hold anything.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let state = words.next()?.chars().next()?;
    Some((state, words.next()?.parse().ok()?))
}

fn is_there(id: u32) -> bool {
    stat(id).is_some_and(|(state, _)| state != 'Z')
}
