//! T24, defaults: nothing is open that nobody has opened. No known password where others can reach it,
//! no weak secret, no account that was there from the beginning, no schema to change over HTTP.

use std::os::unix::fs::PermissionsExt;

use loa_testkit::SIGNING_KEY;
use serde_json::Value;

use crate::loa::{Place, Ran, SECRET};
use crate::node::{self, Node};

#[test]
fn serving_without_a_good_secret_or_keys_is_refused() {
    let place = Place::new();
    std::fs::create_dir(place.path("empty")).unwrap();
    let url = ["serve", "--database-url", "sqlite:loa.db"];
    for (secret, keys, said) in [
        ("short", "empty", "at least 32 bytes"),
        (&"a".repeat(64), "empty", "too easily guessed"),
        (&"12345678".repeat(5), "empty", "head -c 32 /dev/urandom"),
        (&"abcdefgh".repeat(4), "empty", "too easily guessed"),
        (SECRET, "empty", "there is no signing key"),
        (SECRET, "missing", "missing"),
    ] {
        let output = place
            .loa(&url)
            .env("LOA_SECRET", secret)
            .env("LOA_JWT_KEYS", keys)
            .output();
        let ran = Ran::of(&output.unwrap());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(said), "{said}: {ran:?}");
    }
    assert!(!place.path("loa.db").exists(), "nothing was tried");
}

/// At an address that no machine has.
fn open_demo_with_own_password(place: &Place) -> Ran {
    let listen = ["--listen", "192.0.2.1:8080", "--metrics-listen", "off"];
    let output = place
        .loa(&[&["demo"], &listen[..]].concat())
        .env("LOA_DEMO_PASSWORD", "mot mat khau cua rieng minh")
        .output();
    Ran::of(&output.unwrap())
}

#[test]
fn the_demos_known_password_stays_on_this_machine() {
    let place = Place::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let ran = place.run(&["demo", "--listen", address, "--metrics-listen", "off"]);
        assert_eq!(ran.code, 2, "{address}: {ran:?}");
        assert!(ran.err.contains("LOA_DEMO_PASSWORD"), "{ran:?}");
        assert!(!place.path("loa-data/loa.db").exists(), "nothing was made");
    }
    // With a password of one's own it goes on.
    let ran = open_demo_with_own_password(&place);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("192.0.2.1:8080"), "{ran:?}");
}

/// A demo that was made with the known password is not opened by naming another: accounts keep theirs.
#[test]
fn another_password_does_not_open_an_old_demo() {
    let place = Place::new();
    std::fs::create_dir(place.path("loa-data")).unwrap();
    let known = "loa-demo-2026-mat-khau";
    std::fs::write(place.path("loa-data/password"), known).unwrap();
    let ran = open_demo_with_own_password(&place);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn a_new_installation_has_no_accounts_and_tells_no_file_to_others() {
    let place = Place::new();
    let made = place.run(&["keys", "new", "--jwt-keys", "keys"]);
    let rights = |path: &str| {
        let file = std::fs::metadata(place.path(path)).unwrap();
        file.permissions().mode() & 0o777
    };
    assert_eq!(rights(made.out.trim()), 0o600);
    assert_eq!(rights("keys"), 0o700);
    let url = ["--database-url", "sqlite:loa.db"];
    let run = |words: &[&str]| {
        let mut command = place.loa(&[words, &url[..]].concat());
        command
            .env("LOA_SECRET", SECRET)
            .env("LOA_JWT_KEYS", "keys");
        Ran::of(&command.output().unwrap())
    };
    assert_eq!(run(&["migrate", "up"]).code, 0);
    let list = run(&["user", "list"]);
    assert_eq!((list.code, list.out.as_str()), (0, ""), "{list:?}");
}

/// What a node warns of, by name of file.
fn warned(place: &Place, settings: &[&str]) -> Vec<String> {
    let mut command = node::serve(place, "sqlite:loa.db");
    command.args(settings);
    let ended = Node::run(place, command).terminate();
    let lines = ended.err.lines().map(serde_json::from_str::<Value>);
    let lines = lines.map(Result::unwrap).filter(|line| {
        let said = line.get("message").and_then(Value::as_str);
        said.is_some_and(|said| said.contains("others on the machine can read it"))
    });
    let path = |line: Value| line.get("path").unwrap().as_str().unwrap().to_owned();
    let name = |path: String| path.rsplit('/').next().unwrap().to_owned();
    lines.map(|line| name(path(line))).collect()
}

#[test]
fn files_with_secrets_that_others_can_read_are_warned_of() {
    let place = Place::new();
    let chmod = |path: &str, mode: u32| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(place.path(path), rights).unwrap();
    };
    std::fs::write(place.path("loa.toml"), "secret = \"x\"\n").unwrap();
    std::fs::write(place.path("plain.toml"), "hsts = true\n").unwrap();
    let url = "database_read_url = \"postgres://loa:pw@127.0.0.1:1/loa\"\n";
    std::fs::write(place.path("url.toml"), url).unwrap();
    chmod("loa.toml", 0o644);
    chmod("plain.toml", 0o644);
    chmod("url.toml", 0o604);
    let key = format!("{}.pem", SIGNING_KEY.0);
    node::command(&place, &["config"], "sqlite:loa.db");
    chmod("keys", 0o755);
    chmod(&format!("keys/{key}"), 0o640);
    assert_eq!(warned(&place, &[]), ["loa.toml", "keys", key.as_str()]);
    chmod("keys", 0o700);
    chmod(&format!("keys/{key}"), 0o600);
    assert_eq!(warned(&place, &["--config", "url.toml"]), ["url.toml"]);
    assert_eq!(warned(&place, &["--config", "plain.toml"]), [""; 0]);
    chmod("loa.toml", 0o640);
    assert_eq!(warned(&place, &[]), [""; 0], "a group may be of purpose");
}

#[test]
fn nothing_over_http_changes_a_schema() {
    let document = loa_api::document().to_json().unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let paths = document.get("paths").and_then(|paths| paths.as_object());
    for (path, item) in paths.unwrap() {
        for word in [
            "migrat", "schema", "sql", "debug", "eval", "import", "upload",
        ] {
            assert!(!path.contains(word), "{path}");
        }
        let methods: Vec<&String> = item.as_object().unwrap().keys().collect();
        if path.contains("/content-types") {
            assert_eq!(methods, ["get"], "{path}");
        }
    }
}
