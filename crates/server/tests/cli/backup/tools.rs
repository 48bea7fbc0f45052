//! PostgreSQL's tools: missing, too old, and what they are told.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use loa_testkit::Backend;

use super::{done, manifest, refused};
use crate::loa::{Place, Ran};
use crate::node::{self, Installation};

/// A folder with a stand-in for `pg_dump`.
fn stand_in(place: &Place, script: &str) -> PathBuf {
    let folder = place.path("tools");
    fs::create_dir_all(&folder).unwrap();
    let tool = folder.join("pg_dump");
    fs::write(&tool, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn a_tool_that_is_missing_or_too_old_is_named() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let create = ["backup", "create", "backup", "--pg-bin"];
    let ran = installation.run(&[&create[..], &["nowhere"]].concat());
    refused(&ran, "no pg_dump in nowhere");
    let old = stand_in(&installation.place, "echo 'pg_dump (PostgreSQL) 9.6.1'");
    let ran = installation.run(&[&create[..], &[old.to_str().unwrap()]].concat());
    refused(&ran, "is of PostgreSQL 9, which is older than");
    let failing = "[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\n\
                   echo half of it; echo 'it hurts' >&2; exit 3";
    let failing = stand_in(&installation.place, failing);
    let ran = installation.run(&[&create[..], &[failing.to_str().unwrap()]].concat());
    refused(&ran, "it hurts");
    for left in ["backup", "backup.unfinished"] {
        assert!(!installation.place.path(left).exists(), "{left}");
    }
}

#[test]
fn the_password_is_in_no_argument_and_our_secrets_nowhere() {
    let Some(installation) = Installation::new(Backend::Postgres) else {
        return;
    };
    let note = "[ \"$1\" = --version ] && exec pg_dump --version\n\
                printf '%s\\n' \"$@\" > arguments; env > environment; exec pg_dump \"$@\"";
    let tools = stand_in(&installation.place, note);
    let (scheme, rest) = installation.url().split_once("://").map_or_else(
        || panic!("a URL"),
        |(scheme, rest)| (scheme.to_owned(), rest.to_owned()),
    );
    let (name, place) = rest.split_once('@').unwrap();
    let name = name.split(':').next().unwrap();
    let url = format!("{scheme}://{name}:m%E1%BA%ADt%20kh%E1%BA%A9u@{place}");
    let arguments = [
        "backup",
        "create",
        "backup",
        "--pg-bin",
        tools.to_str().unwrap(),
    ];
    let mut command = node::command(&installation.place, &arguments, &url);
    done(&Ran::of(&command.output().unwrap()));
    let read = |name| fs::read_to_string(installation.place.path(name)).unwrap();
    let told = read("arguments");
    assert!(
        told.contains("--no-password") && told.contains(place),
        "{told}"
    );
    assert!(!told.contains("kh"), "{told}");
    let environment = read("environment");
    assert!(environment.contains("PGPASSWORD=mật khẩu"), "{environment}");
    assert!(!environment.contains("LOA_SECRET"), "{environment}");
    let text = manifest(&installation.place.path("backup")).to_string();
    assert!(!text.contains("kh%E1") && !text.contains("khẩu"), "{text}");
}
