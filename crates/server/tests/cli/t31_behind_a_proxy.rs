//! T31, behind a proxy: what the settings take, and what the operator is told.

use loa_testkit::Backend;

use crate::loa::{Place, Ran};
use crate::node::{Installation, Node};

#[test]
fn networks_are_settings_and_everybody_is_none() {
    let shown = |value: &str| {
        let place = Place::new();
        let mut command = place.loa(&["config"]);
        let output = command.env("LOA_TRUSTED_PROXIES", value).output();
        Ran::of(&output.unwrap())
    };
    let good = shown("10.1.2.3/24, fd00:7::1/64,::ffff:192.168.0.9,2001:db8::1");
    assert_eq!(good.code, 0, "{good:?}");
    let line = r#"trusted_proxies = ["10.1.2.0/24", "fd00:7::/64", "192.168.0.9", "2001:db8::1"]"#;
    assert!(good.out.lines().any(|own| own == line), "{good:?}");
    for bad in [
        "0.0.0.0/0",
        "::/0",
        "10.0.0.0/8,proxy",
        "10.0.0.1:80",
        "10.0.0.0/64",
        "*",
    ] {
        let refused = shown(bad);
        assert_eq!(refused.code, 2, "{bad}: {refused:?}");
        assert!(
            refused.err.contains("--trusted-proxies"),
            "{bad}: {refused:?}"
        );
    }
}

/// Lines of the log about a proxy that nobody trusts.
fn warnings(node: &Node) -> Vec<String> {
    let said = node.said();
    let lines = said
        .lines()
        .filter(|line| line.contains("LOA_TRUSTED_PROXIES"));
    lines.map(ToOwned::to_owned).collect()
}

#[test]
fn a_proxy_that_nobody_trusts_is_told_of_once() {
    let Some(installation) = Installation::new(Backend::Sqlite) else {
        return;
    };
    let url = installation.url();
    let start = |trusted: &str| {
        let settings: &[(&str, &str)] = match trusted {
            "" => &[],
            trusted => &[("LOA_TRUSTED_PROXIES", trusted)],
        };
        Node::start(&installation.place, &url, settings)
    };
    for (trusted, header, value, told) in [
        ("", "x-forwarded-for", "203.0.113.5", Some("127.0.0.1")),
        ("", "forwarded", "for=203.0.113.5", Some("127.0.0.1")),
        (
            "10.0.0.0/8",
            "x-forwarded-for",
            "203.0.113.5",
            Some("127.0.0.1"),
        ),
        ("127.0.0.0/8", "x-forwarded-for", "203.0.113.5", None),
        // A second proxy before the one that is trusted.
        (
            "127.0.0.1",
            "x-forwarded-for",
            "203.0.113.5, 10.9.0.1",
            Some("10.9.0.1"),
        ),
        (
            "127.0.0.1,10.9.0.0/24",
            "x-forwarded-for",
            "203.0.113.5, 10.9.0.1",
            None,
        ),
        // Anybody on the Internet may write such a thing.
        (
            "127.0.0.1",
            "x-forwarded-for",
            "198.51.100.1, 203.0.113.5",
            None,
        ),
    ] {
        let node = start(trusted);
        assert_eq!(warnings(&node), Vec::<String>::new());
        for path in ["/healthz", "/api/v1/sites", "/nowhere"] {
            node.get(path).header(header, value).send();
        }
        let said = warnings(&node);
        assert_eq!(
            said.len(),
            usize::from(told.is_some()),
            "{trusted} {value}: {said:?}"
        );
        for (line, proxy) in said.iter().zip(told) {
            assert!(
                line.contains("WARN") && line.contains(&format!("\"{proxy}\"")),
                "{line}"
            );
        }
    }
}
