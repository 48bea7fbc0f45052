//! Where settings come from, what is refused, and what is shown.

use crate::loa::{Place, Ran};

#[test]
fn flags_win_over_the_environment_over_the_file_over_defaults() {
    let place = Place::new();
    let file = "connections = 3\nworkers = 3\nbody_limit = 3000\nlogin_tries = 4\n";
    std::fs::write(place.path("loa.toml"), file).unwrap();
    let output = place
        .loa(&["config", "--connections", "5"])
        .env("LOA_CONNECTIONS", "4")
        .env("LOA_WORKERS", "4")
        .output();
    let shown = Ran::of(&output.unwrap());
    assert_eq!(shown.code, 0, "{shown:?}");
    for line in [
        "connections = 5",
        "workers = 4",
        "body_limit = 3000",
        "writes_per_minute = 1200",
        "write_bytes_per_hour = 536870912",
        "shutdown_seconds = 30",
        "retention_revisions = \"2y\"",
        "login_tries = 4",
        "login_lock_minutes = 15",
    ] {
        assert!(
            shown.out.lines().any(|own| own == line),
            "{line}: {shown:?}"
        );
    }
}

#[test]
fn secrets_are_never_shown() {
    let place = Place::new();
    let file = "secret_previous = \"hunter2\"\ndatabase_read_url = \"postgres://u:hunter2@h/d\"\n";
    std::fs::write(place.path("other.toml"), file).unwrap();
    let output = place
        .loa(&["config", "--config", "other.toml"])
        .env("LOA_SECRET", "hunter2")
        .env("LOA_DATABASE_URL", "postgres://u@h/d?password=hunter2")
        .output();
    let shown = Ran::of(&output.unwrap());
    assert_eq!(shown.code, 0, "{shown:?}");
    assert_eq!(shown.out.matches("***").count(), 4, "{shown:?}");
    assert!(!shown.out.contains("hunter2"), "{shown:?}");
}

#[test]
fn wrong_settings_are_named_and_end_with_2() {
    let place = Place::new();
    std::fs::write(place.path("odd.toml"), "listen_on = 1\n").unwrap();
    for (arguments, said) in [
        (vec!["config", "--config", "odd.toml"], "listen_on"),
        (vec!["config", "--config", "missing.toml"], "missing.toml"),
        (vec!["config", "--connections", "many"], "--connections"),
        (
            vec!["config", "--database-url", "mysql://x"],
            "database_url",
        ),
        (vec!["serve"], "LOA_SECRET"),
        (vec!["dance"], "dance"),
    ] {
        let ran = place.run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn keys_and_database_are_private_and_migrations_run_once() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let made = place.run(&["keys", "new", "--jwt-keys", "keys"]);
    assert_eq!(made.code, 0, "{made:?}");
    let rights = |name: &str| {
        let metadata = std::fs::metadata(place.path(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(rights(made.out.trim()), 0o600);

    let url = ["--database-url", "sqlite:loa.db"];
    let run = |words: [&str; 2]| place.run(&[words, url].concat());
    assert!(run(["migrate", "status"]).out.contains("to do"));
    assert!(run(["migrate", "up"]).out.starts_with("ran "));
    assert_eq!(rights("loa.db"), 0o600, "drafts and password hashes");
    assert_eq!(run(["migrate", "up"]).out, "nothing to do\n");
    assert!(!run(["migrate", "status"]).out.contains("to do"));
}

#[test]
fn generated_files_are_compared_and_written() {
    let place = Place::new();
    for command in ["openapi", "docs"] {
        let missing = place.run(&[command, "--check"]);
        assert_eq!(missing.code, 1, "{missing:?}");
        assert_eq!(place.run(&[command, "--write"]).code, 0);
        assert_eq!(place.run(&[command, "--check"]).code, 0);
    }
    let path = place.path("openapi/openapi.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.ends_with("}\n"));
    assert_eq!(place.run(&["openapi"]).out, text);
    std::fs::write(&path, text.replacen("Loa", "Moa", 1)).unwrap();
    let changed = place.run(&["openapi", "--check"]);
    assert_eq!(changed.code, 1, "{changed:?}");
    assert!(changed.err.contains("from line 4 on"), "{changed:?}");
}

/// However wrong a database URL is, nothing says what it was.
#[test]
fn a_wrong_database_url_is_not_repeated() {
    let place = Place::new();
    let urls = [
        "postgres:/loa:LoaPw123@127.0.0.1:1/loa",
        "postgres://loa:Lo%aPw123@127.0.0.1:1/loa",
        "postgres://loa:a@LoaPw123@127.0.0.1:1/loa",
        "postgres://loa:LoaPw123 x@127.0.0.1:1/loa",
        "postgres://127.0.0.1:1/loa?LoaPw123",
        "postgres://loa:LoaPw123@127.0.0.1:1/loa",
        "sqlite://loa:LoaPw123@127.0.0.1/loa",
    ];
    for url in urls {
        for arguments in [&["config"][..], &["migrate", "status"], &["serve"]] {
            for name in ["LOA_DATABASE_URL", "LOA_DATABASE_READ_URL"] {
                let mut command = place.loa(arguments);
                command.env("LOA_SECRET", "not that one, but another one of this length");
                command.env("LOA_DATABASE_URL", "postgres://127.0.0.1:1/loa");
                let ran = Ran::of(&command.env(name, url).output().unwrap());
                let said = format!("{}{}", ran.out, ran.err);
                assert!(!said.contains("Pw123"), "{url} {arguments:?}: {said}");
            }
        }
    }
}
