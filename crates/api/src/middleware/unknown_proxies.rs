//! Telling the operator of a proxy that nobody trusts: all its clients are one to Loa then, and one of
//! them who guesses passwords closes the door to all.
//!
//! Not for deciding whom to believe: `extract::Origin` does.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use chrono::TimeDelta;
use loa_domain::time::Moment;

use crate::extract::Origin;
use crate::state::Shared;

/// How long the log is not told again of the same one.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// How many are remembered; of more the log is not told.
const MOST: usize = 64;

/// Of whom the log was told, and when.
#[derive(Default)]
pub(crate) struct UnknownProxies(Mutex<HashMap<IpAddr, Moment>>);

impl UnknownProxies {
    /// Whether it is time to tell of this one.
    fn is_due(&self, address: IpAddr, now: Moment) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.retain(|_, at| now.before(AGAIN) < *at);
        }
        let due = match told.get(&address) {
            Some(at) => now.before(AGAIN) >= *at,
            None => told.len() < MOST,
        };
        if due {
            told.insert(address, now);
        }
        due
    }
}

/// Warns when a request says that it was forwarded, by a neighbour that is not trusted. From the
/// Internet anybody may say so, and it means nothing.
pub(super) fn look(request: &ServiceRequest, shared: &Shared) {
    let headers = request.headers();
    if !headers.contains_key("x-forwarded-for") && !headers.contains_key(header::FORWARDED) {
        return;
    }
    let Some(peer) = request.peer_addr() else {
        return;
    };
    let origin = Origin::of(peer.ip(), headers, &shared.options.trusted_proxies);
    let proxy = origin.address;
    if origin.speaks_for_others
        && is_neighbour(proxy)
        && shared.unknown_proxies.is_due(proxy, shared.app.now())
    {
        tracing::warn!(
            %proxy,
            "requests come through a proxy that is not in LOA_TRUSTED_PROXIES: all its clients share \
             one limit of failed sign-ins"
        );
    }
}

/// Whether an address is of a network of one's own.
fn is_neighbour(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            // 100.64.0.0/10 is between a provider and its customers.
            let shared = first == 100 && second & 0xc0 == 64;
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => {
            v6 == Ipv6Addr::LOCALHOST || v6.is_unique_local() || v6.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_told_of_now_and_then_and_never_all_of_a_flood() {
        let told = UnknownProxies::default();
        let start = Moment::from_micros(0).unwrap();
        let at = |hours| start.after(TimeDelta::hours(hours));
        let proxy = IpAddr::from([10, 0, 0, 1]);
        assert!(told.is_due(proxy, at(0)));
        assert!(!told.is_due(proxy, at(0)));
        assert!(told.is_due(proxy, at(1)));
        let flood = (0..200_u8).filter(|n| told.is_due(IpAddr::from([10, 1, 0, *n]), at(1)));
        assert_eq!(flood.count(), MOST - 1);
        assert!(
            told.is_due(IpAddr::from([10, 2, 0, 0]), at(2)),
            "room again"
        );
    }

    #[test]
    fn neighbours_are_known() {
        let own = [
            "10.0.0.1",
            "172.31.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ];
        for address in own {
            assert!(is_neighbour(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1"] {
            assert!(!is_neighbour(address.parse().unwrap()), "{address}");
        }
    }
}
