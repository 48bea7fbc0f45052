//! Bytes over TCP, for requests that no client would make.
//!
//! Answers to them are not held against the contract: some come from below the application.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// What came back before the connection was closed, or nothing more came for a while.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Everything, as it came.
    pub bytes: Vec<u8>,
    /// Whether the server closed the connection.
    pub closed: bool,
}

impl Answer {
    /// Status codes of all answers, in order.
    pub fn statuses(&self) -> Vec<u16> {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split("HTTP/1.1 ")
            .skip(1)
            .filter_map(|rest| rest.get(..3)?.parse().ok())
            .collect()
    }

    /// Everything as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Sends bytes, then reads until the server closes or is silent for two seconds.
///
/// # Panics
/// When there is no connection.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let silence = Some(Duration::from_secs(2));
    stream.set_read_timeout(silence).expect("a timeout");
    stream.set_write_timeout(silence).expect("a timeout");
    // A server may close before it has read everything; what it says counts.
    stream.write_all(bytes).ok();
    let mut answer = Vec::new();
    let closed = read_all(&mut stream, &mut answer);
    stream.shutdown(Shutdown::Both).ok();
    Answer {
        bytes: answer,
        closed,
    }
}

fn read_all(stream: &mut TcpStream, answer: &mut Vec<u8>) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(count) => answer.extend(buffer.iter().take(count)),
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
