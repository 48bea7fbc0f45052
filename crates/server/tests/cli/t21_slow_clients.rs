//! T21, clients that are slow on purpose: a head that comes a byte at a time is given up. Bodies are
//! in `tests/tests/api/attacks`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use loa_testkit::raw;

use crate::loa::Place;
use crate::serve::Demo;

/// Generous: the server waits ten seconds for a head.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends a header without end until the server has had enough; gives what it said.
fn dribble(mut stream: TcpStream) -> String {
    let pace = Some(Duration::from_millis(200));
    stream.set_read_timeout(pace).unwrap();
    let started = Instant::now();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        assert!(started.elapsed() < PATIENCE, "it waits for ever");
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend(buffer.iter().take(count)),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            // Silence: time for a byte more.
            Err(_) if stream.write_all(b"a").is_err() => break,
            Err(_) => {}
        }
    }
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_slow_head_is_given_up() {
    let place = Place::new();
    let demo = Demo::start(&place);
    let mut fresh = TcpStream::connect(demo.address).unwrap();
    fresh
        .write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        .unwrap();
    let said = dribble(fresh);
    assert!(
        said.is_empty() || said.starts_with("HTTP/1.1 408"),
        "{said}"
    );
    // Others are served all the while.
    let answer = raw::exchange(
        demo.address,
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(answer.statuses(), [200]);
    demo.signal("-TERM");
    let ran = demo.end();
    assert_eq!(ran.code, 0, "{ran:?}");
}
