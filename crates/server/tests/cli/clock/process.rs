//! `loa serve` as a process of its own, on a database that the test shares with it.

use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use loa_testkit::{Client, SECRET};

use crate::loa::Place;
use crate::serve::free_address;

/// A running node. It is killed when this is dropped.
pub(super) struct Process {
    child: Child,
    address: SocketAddr,
    log: std::path::PathBuf,
}

impl Process {
    /// Returns when it takes connections.
    pub(super) fn start(place: &Place, name: &str, url: &str) -> Self {
        let address = free_address();
        let log = place.path(&format!("{name}.log"));
        let listen = address.to_string();
        let mut command = place.loa(&["serve", "--listen", &listen, "--metrics-listen", "off"]);
        let child = command
            .args(["--workers", "1"])
            .env("LOA_DATABASE_URL", url)
            .env("LOA_SECRET", SECRET)
            .env("LOA_JWT_KEYS", "keys")
            .stdout(File::create(place.path(&format!("{name}.out"))).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut process = Self {
            child,
            address,
            log,
        };
        until("it listens", || {
            let ended = process.child.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}: {}", process.log());
            TcpStream::connect(process.address).is_ok()
        });
        process
    }

    pub(super) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// What it has logged.
    pub(super) fn log(&self) -> String {
        let name = self.log.with_extension("out");
        [&self.log, &name]
            .map(|file| std::fs::read_to_string(file).unwrap())
            .concat()
    }

    /// As when the machine loses power.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As an operator does.
    pub(super) fn terminate(mut self) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status();
        assert!(status.unwrap().success());
        assert!(self.child.wait().unwrap().success(), "{}", self.log());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Lets time pass.
pub(super) fn pass(time: Duration) {
    let (_kept, nothing) = mpsc::channel::<()>();
    nothing.recv_timeout(time).ok();
}

/// Asks until it is so; gives how long that took.
pub(super) fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_mins(2),
            "not in time: {what}"
        );
        pass(Duration::from_millis(20));
    }
    began.elapsed()
}
