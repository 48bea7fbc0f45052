//! T31, behind a proxy: whom a request is said to come from, and what else proxies say in headers.
//! With a real one, and what the log tells: `crates/server/tests/cli/t31_behind_a_proxy.rs`.

use loa_api::ApiOptions;
use loa_testkit::world::{self, PASSWORD};
use loa_testkit::{Backend, TestApp};
use rstest::rstest;
use serde_json::json;

use super::walk;
use crate::access::cells::Stage;

const EVIL: &str = "evil.example";

/// What proxies add, and what some servers believe from anybody.
const HEADERS: [(&str, &str); 14] = [
    ("x-forwarded-for", "198.51.100.66"),
    ("x-forwarded-host", EVIL),
    ("x-forwarded-server", EVIL),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "6666"),
    ("x-forwarded-prefix", "/evil.example"),
    (
        "forwarded",
        "for=198.51.100.66;host=evil.example;proto=https",
    ),
    ("x-host", EVIL),
    ("x-real-ip", "198.51.100.66"),
    ("x-original-url", "/api/v1/admin/users"),
    ("x-rewrite-url", "/api/v1/admin/users"),
    ("x-original-host", EVIL),
    ("x-http-method-override", "DELETE"),
    ("via", "1.1 evil.example"),
];

fn behind(backend: Backend, networks: &[&str]) -> Option<TestApp> {
    let trusted_proxies = networks.iter().map(|net| net.parse().unwrap()).collect();
    let options = ApiOptions {
        trusted_proxies,
        ..Default::default()
    };
    TestApp::builder(backend).options(options).start()
}

/// Every operation, with everything that a proxy could say and this one did not.
#[rstest]
fn nothing_a_proxy_could_say_is_answered_or_obeyed(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    for step in walk::all(&stage) {
        let lines = HEADERS.map(|(name, value)| format!("{name}: {value}\r\n"));
        let path = &step.call.path;
        // Without an account, so that nothing is changed on the way.
        let bytes = format!(
            "{} {path} HTTP/1.1\r\nHost: {EVIL}\r\nConnection: close\r\n{}\r\n",
            step.operation.method,
            lines.concat()
        );
        let forwarded = stage.office.app.raw(bytes.as_bytes());
        let text = forwarded.text().to_lowercase();
        assert!(!text.contains(EVIL), "{path}: {text}");
        assert!(!text.contains("set-cookie"), "{path}: {text}");
        let plain = format!(
            "{} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            step.operation.method
        );
        let plain = stage.office.app.raw(plain.as_bytes());
        assert_eq!(forwarded.statuses(), plain.statuses(), "{path}: {text}");
    }
}

/// Which address a session is remembered with is the one that tries are counted by.
#[rstest]
fn an_address_is_believed_as_far_as_the_networks_go(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const OWN: &str = "127.0.0.1";
    let networks: [&[&str]; 5] = [
        &[],
        &["127.0.0.0/8"],
        &["127.0.0.1/32", "fd00:7::/64"],
        &["127.0.0.0/30", "10.8.0.0/16", "fd00:7::/32"],
        // Some other proxy, not the one that speaks.
        &["10.8.0.0/16"],
    ];
    let chains: [(&str, [&str; 5]); 7] = [
        (
            "203.0.113.5",
            [OWN, "203.0.113.5", "203.0.113.5", "203.0.113.5", OWN],
        ),
        (
            "2001:db8::5",
            [OWN, "2001:db8::5", "2001:db8::5", "2001:db8::5", OWN],
        ),
        (
            "1.1.1.1, 203.0.113.5, fd00:7::9",
            [OWN, "fd00:7::9", "203.0.113.5", "203.0.113.5", OWN],
        ),
        (
            "1.1.1.1, 203.0.113.5, fd00:7:1::9",
            [OWN, "fd00:7:1::9", "fd00:7:1::9", "203.0.113.5", OWN],
        ),
        (
            "203.0.113.5, 10.8.1.1",
            [OWN, "10.8.1.1", "10.8.1.1", "203.0.113.5", OWN],
        ),
        (
            "203.0.113.5, ::ffff:10.8.1.1",
            [OWN, "10.8.1.1", "10.8.1.1", "203.0.113.5", OWN],
        ),
        ("203.0.113.5, unknown", [OWN, OWN, OWN, OWN, OWN]),
    ];
    for (column, trusted) in networks.iter().enumerate() {
        let Some(app) = behind(backend, trusted) else {
            return;
        };
        world::build(&app);
        for (chain, expected) in chains {
            let body = json!({"email": world::email("editor"), "password": PASSWORD});
            let login = app
                .post("/api/v1/auth/login")
                .header("x-forwarded-for", chain);
            let answer = login.header("forwarded", "for=9.9.9.9").json(&body).send();
            let token = answer.expect_status(200).data();
            let token = token["access_token"].as_str().unwrap().to_owned();
            let list = app.get("/api/v1/auth/sessions").bearer(&token).send();
            let list = list.expect_status(200).data();
            let current = list
                .as_array()
                .unwrap()
                .iter()
                .find(|it| it["current"] == true);
            let address = current.unwrap()["address"].as_str().unwrap();
            assert_eq!(address, expected[column], "{chain} with {trusted:?}");
        }
    }
}
