//! Where a request comes from, for counting failures and for telling sessions apart.
//!
//! Not an authentication: addresses are believed only from configured proxies.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use loa_app::identity::LoginFrom;

use super::shared;
use crate::problem::Problem;
use crate::state::Shared;

/// The client of a request.
pub(crate) struct Client(pub(crate) LoginFrom);

impl FromRequest for Client {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shared = match shared(request) {
            Ok(shared) => shared,
            Err(problem) => return std::future::ready(Err(problem)),
        };
        let agent = request.headers().get(header::USER_AGENT);
        std::future::ready(Ok(Self(LoginFrom {
            address: address_of(request, &shared),
            user_agent: agent
                .and_then(|agent| agent.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
        })))
    }
}

/// The network address a request came from, as far as it can be believed.
pub(crate) fn address_of(request: &HttpRequest, shared: &Shared) -> String {
    let address = request.peer_addr().map(|peer| {
        let proxies = &shared.options.trusted_proxies;
        address(peer.ip(), request.headers(), proxies)
    });
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// The peer, or behind trusted proxies the last address that is none of theirs. Whatever stands
/// before that one may be made up.
fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let trusted = |address: &IpAddr| {
        proxies
            .iter()
            .any(|proxy| proxy.to_canonical() == address.to_canonical())
    };
    let mut client = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.into_iter().rev() {
        if !trusted(&client) {
            break;
        }
        match parse(hop.trim()) {
            Some(next) => client = next,
            None => break,
        }
    }
    client
}

/// An address, with or without brackets and port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|hop| hop.strip_suffix(']'))
        .unwrap_or(hop);
    bare.parse()
        .or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()))
        .map(|address: IpAddr| address.to_canonical())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn of(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_static(value),
            );
        }
        let proxies = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(of("192.0.2.1", &["198.51.100.9"]), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["198.51.100.9"]), "198.51.100.9");
        assert_eq!(of("::ffff:10.0.0.1", &["198.51.100.9"]), "198.51.100.9");
        let made_up = ["203.0.113.5, 198.51.100.9", "10.0.0.2"];
        assert_eq!(of("10.0.0.1", &made_up), "198.51.100.9");
        assert_eq!(of("10.0.0.1", &["198.51.100.9, rubbish"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(of("10.0.0.1", &["198.51.100.9:8080"]), "198.51.100.9");
    }
}
