//! `loa health`: asks a running server, for machines that have no other program to ask with.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::cli::Health;
use crate::config::Settings;
use crate::failure::Failure;
use crate::out;

/// Longest for each step; whoever asks has patience of a few seconds.
const WAIT: Duration = Duration::from_secs(3);
/// What is read of an answer; its first line is enough.
const ENOUGH: u64 = 4096;

/// Asks the server that listens where these settings say.
///
/// # Errors
/// When it does not answer, or answers anything but 200.
pub(super) fn run(args: &Health, settings: &Settings) -> Result<(), Failure> {
    let address = reachable(settings.listen);
    let path = if args.ready { "/readyz" } else { "/healthz" };
    let line = ask(address, path)
        .map_err(|error| Failure::failed(format!("{address} does not answer: {error}")))?;
    if line.split(' ').nth(1) != Some("200") {
        return Err(Failure::failed(format!("{address}{path}: {line}")));
    }
    out::text("ok\n");
    Ok(())
}

fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, WAIT)?;
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(ENOUGH).read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Where a server that listens everywhere can be reached from its own machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let own = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        given => given,
    };
    SocketAddr::new(own, listen.port())
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn everywhere_is_reached_at_home() {
        for (listen, asked) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.0.0.1:80", "10.0.0.1:80"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), asked);
        }
    }
}
