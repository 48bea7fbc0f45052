//! No room for the log.

use std::fs::OpenOptions;
use std::time::{Duration, Instant};

use loa_testkit::{Backend, Client};

use crate::node::{Installation, serve};
use crate::serve::free_address;

/// `/dev/full` takes nothing, as a full disk does.
#[test]
fn a_log_that_takes_no_line_ends_nothing() {
    let installation = Installation::new(Backend::Sqlite).unwrap();
    let address = free_address();
    let mut command = serve(&installation.place, &installation.url());
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    command.env("LOA_LISTEN", address.to_string()).stderr(full);
    let mut child = command.spawn().unwrap();
    let client = Client::new(address);
    let start = Instant::now();
    let ask = |path: &str| client.request("GET", path).try_send();
    while !ask("/readyz").is_ok_and(|answer| answer.status == 200) {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended: {ended:?}");
        assert!(start.elapsed() < Duration::from_mins(1), "it is not ready");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    // Answers that are told in the log.
    for (path, status) in [("/api/v1/sites", 200), ("/api/v1/sites/x", 404)] {
        let answer = ask(path).unwrap_or_else(|error| panic!("{error}: {:?}", child.try_wait()));
        assert_eq!(answer.status, status, "{answer}");
    }
    assert!(child.try_wait().unwrap().is_none(), "it goes on");
    child.kill().unwrap();
    child.wait().unwrap();
}
