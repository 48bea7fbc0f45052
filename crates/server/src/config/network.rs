//! A network of proxies, as settings say it: an address, or a network such as 10.1.0.0/24.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Addresses of IPv4 in the form of IPv6, `::ffff:10.0.0.1`, begin with so many bits that are always
/// the same.
const MAPPED: u8 = 96;

/// A network; an address is one with a single member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network(pub(crate) IpNet);

impl FromStr for Network {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected an address or a network, such as 10.1.0.5 or fd00:1::/64";
        let text = text.trim();
        let network = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => text.parse().map_err(|_| EXPECTED)?,
        };
        if network.prefix_len() == 0 {
            return Err("a proxy anywhere is everybody: name the networks of your proxies");
        }
        plain(network.trunc()).map(Self).ok_or(EXPECTED)
    }
}

/// Networks of IPv4 in its own form, in which peers are compared. None when it holds all of IPv4.
fn plain(network: IpNet) -> Option<IpNet> {
    let IpNet::V6(v6) = network else {
        return Some(network);
    };
    if v6.contains(&Ipv4Addr::UNSPECIFIED.to_ipv6_mapped()) && v6.prefix_len() <= MAPPED {
        return None;
    }
    let Some(v4) = v6.addr().to_ipv4_mapped() else {
        return Some(network);
    };
    let prefix = v6.prefix_len().checked_sub(MAPPED)?;
    Ipv4Net::new(v4, prefix).ok().map(IpNet::V4)
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            serializer.collect_str(&self.0.addr())
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn addresses_and_networks_are_read_and_shown() {
        for (text, shown) in [
            ("10.1.2.3", "10.1.2.3"),
            (" 10.1.2.3 ", "10.1.2.3"),
            ("10.1.2.3/32", "10.1.2.3"),
            ("10.1.2.3/16", "10.1.0.0/16"),
            ("fd00:1::5", "fd00:1::5"),
            ("FD00:1::5/64", "fd00:1::/64"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
            ("::1", "::1"),
        ] {
            let network: Network = text.parse().unwrap();
            assert_eq!(serde_json::to_value(network).unwrap(), shown, "{text}");
        }
        for bad in [
            "",
            "10.1.2",
            "10.1.2.3/33",
            "fd00::/129",
            "proxy",
            "10.1.2.3:80",
            "10.1.2.3/",
            "*",
            "0.0.0.0/0",
            "::/0",
            "::ffff:0.0.0.0/96",
            "::ffff:10.0.0.0/95",
            "10.0.0.0/-1",
            "10.0.0.0/255.0.0.0",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
