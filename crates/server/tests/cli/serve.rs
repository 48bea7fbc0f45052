//! Starting, serving, and ending without cutting anyone off.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command};
use std::time::{Duration, Instant};

use loa_store::DatabaseUrl;
use loa_testkit::Sql;

use crate::loa::{Place, Ran};

/// A running `loa demo`, with what it says after its first lines.
pub(crate) struct Demo {
    child: Child,
    pub(crate) address: SocketAddr,
    _out: BufReader<ChildStdout>,
}

impl Demo {
    /// Returns when the server says where it is.
    pub(crate) fn start(place: &Place) -> Self {
        Self::with_metrics(place, "off")
    }

    /// The same with numbers at an address.
    pub(crate) fn with_metrics(place: &Place, metrics: &str) -> Self {
        let address = free_address();
        let listen = address.to_string();
        let mut command = place.loa(&["demo", "--listen", &listen, "--metrics-listen", metrics]);
        let mut child = command.args(["--workers", "2"]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(&listen) {
            line.clear();
            let count = out.read_line(&mut line).unwrap();
            assert!(count > 0, "it ended: {:?}", child.wait());
        }
        Self {
            child,
            address,
            _out: out,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// The listener goes when the first signal has been taken note of.
    fn wait_until_closed(&self) {
        while TcpStream::connect(self.address).is_ok() {
            std::thread::yield_now();
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([name, &id]).status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn end(self) -> Ran {
        Ran::of(&self.child.wait_with_output().unwrap())
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

fn read_to_end(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// A request whose body is still to come. The server has told that it waits for it.
fn in_flight(demo: &Demo, length: usize) -> TcpStream {
    let mut stream = demo.connect();
    let head = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut answer = vec![0; go_on.len()];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, go_on);
    stream
}

#[test]
fn a_request_in_flight_is_answered_before_the_end() {
    let place = Place::new();
    let demo = Demo::start(&place);
    let mut idle = demo.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    idle.read_exact(&mut [0; 15]).unwrap();
    let body = br#"{"email":"nobody@example.vn","password":"wrong"}"#;
    let mut busy = in_flight(&demo, body.len());

    demo.signal("-TERM");
    assert!(idle.read_to_end(&mut Vec::new()).is_ok(), "closed");
    demo.wait_until_closed();
    busy.write_all(body).unwrap();
    let answer = read_to_end(busy);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_request_inside_a_use_case_is_answered_before_the_end() {
    let place = Place::new();
    let demo = Demo::start(&place);
    let body = br#"{"email":"nobody@example.vn","password":"wrong"}"#;
    let mut busy = in_flight(&demo, body.len());
    // Counting the failure has to wait for the one writer.
    let database = DatabaseUrl::Sqlite(place.path("loa-data/loa.db"));
    let mut writer = Sql::connect(&database);
    writer.execute("BEGIN IMMEDIATE");
    busy.write_all(body).unwrap();
    demo.signal("-TERM");
    demo.wait_until_closed();
    let short = Some(Duration::from_millis(300));
    busy.set_read_timeout(short).unwrap();
    let early = busy.read(&mut [0; 1]);
    assert!(early.is_err(), "it waits: {early:?}");
    writer.execute("ROLLBACK");
    busy.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let answer = read_to_end(busy);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn ctrl_c_ends_an_idle_server_at_once_and_a_second_start_finds_everything() {
    let place = Place::new();
    for _ in 0..2 {
        let demo = Demo::start(&place);
        demo.signal("-INT");
        let asked = Instant::now();
        let ran = demo.end();
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(asked.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_second_signal_does_not_wait() {
    let place = Place::new();
    let demo = Demo::start(&place);
    let _busy = in_flight(&demo, 99);
    demo.signal("-TERM");
    demo.wait_until_closed();
    demo.signal("-TERM");
    let asked = Instant::now();
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(asked.elapsed() < Duration::from_secs(5), "not 30 s");
}

#[test]
fn a_taken_port_is_named_with_the_flag_to_choose_another() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let free = free_address().to_string();
    for (arguments, flag) in [
        (
            ["--listen", &address, "--metrics-listen", "off"],
            "--listen",
        ),
        (
            ["--listen", &free, "--metrics-listen", &address],
            "--metrics-listen",
        ),
    ] {
        let ran = place.run(&[&["demo"], &arguments[..]].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        let said = format!("{address} is taken by another program");
        assert!(ran.err.contains(&said) && ran.err.contains(flag), "{ran:?}");
    }
}
