//! Where a request comes from, for counting failures and for telling sessions apart.
//!
//! Not an authentication: addresses are believed only from configured proxies.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use ipnet::IpNet;
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
        Origin::of(peer.ip(), request.headers(), proxies).address
    });
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// Where a request comes from, as far as proxies are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The peer, or behind trusted proxies the last address that is none of theirs. Whatever stands
    /// before that one may be made up.
    pub(crate) address: IpAddr,
    /// Whether this address, which nobody trusts, says that it speaks for another one.
    pub(crate) speaks_for_others: bool,
}

impl Origin {
    /// Reads `X-Forwarded-For` from its end, as long as whoever wrote the hop is trusted.
    pub(crate) fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Self {
        let trusted = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
        let mut address = peer.to_canonical();
        let mut hops = headers
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect::<Vec<&str>>()
            .into_iter()
            .rev()
            .peekable();
        while trusted(&address) {
            match hops.next().and_then(|hop| parse(hop.trim())) {
                Some(next) => address = next,
                None => break,
            }
        }
        let says_more = hops.peek().is_some() || headers.contains_key(header::FORWARDED);
        Self {
            address,
            speaks_for_others: says_more && !trusted(&address),
        }
    }
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

    fn origin(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> Origin {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_static(value),
            );
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|net| net.parse().unwrap()).collect();
        Origin::of(peer.parse().unwrap(), &headers, &proxies)
    }

    fn of(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = ["10.0.0.1/32", "10.0.0.2/32"];
        origin(peer, forwarded, &proxies).address.to_string()
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

    #[test]
    fn a_network_is_trusted_to_its_edges() {
        let networks = ["10.1.0.0/16", "fd00:7::/32"];
        for (peer, believed) in [
            ("10.1.0.0", true),
            ("10.1.255.255", true),
            ("10.2.0.0", false),
            ("::ffff:10.1.2.3", true),
            ("fd00:7::1", true),
            ("fd00:8::1", false),
        ] {
            let found = origin(peer, &["198.51.100.9"], &networks);
            let client: IpAddr = "198.51.100.9".parse().unwrap();
            assert_eq!(found.address == client, believed, "{peer}");
            assert_eq!(found.speaks_for_others, !believed, "{peer}");
        }
        // Proxies one behind the other; what the client sent stands before what the first one added.
        let chain = ["192.0.2.99, 203.0.113.5, 10.1.0.9", "fd00:7::5"];
        let found = origin("10.1.0.1", &chain, &networks);
        assert_eq!(found.address.to_string(), "203.0.113.5");
        assert!(found.speaks_for_others, "as far as anybody can tell");
    }
}
