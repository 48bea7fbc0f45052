//! Backups for recipients only.

use std::path::PathBuf;
use std::process::Command;

use loa_testkit::{Backend, has_program};

use super::{done, is_sqlite, on_each, refused};
use crate::loa::Place;
use crate::node::Installation;

/// A new identity: its file and its recipient.
fn identity(place: &Place, name: &str) -> (PathBuf, String) {
    let path = place.path(name);
    let made = Command::new("age-keygen").arg("-o").arg(&path).output();
    assert!(made.unwrap().status.success());
    let text = std::fs::read_to_string(&path).unwrap();
    let (_, recipient) = text.split_once("public key: ").unwrap();
    (path, recipient.lines().next().unwrap().to_owned())
}

fn encrypted(installation: &Installation, recipient: &str) -> PathBuf {
    done(&installation.run(&["backup", "create", "copy", "--recipient", recipient]));
    installation.place.path("copy")
}

#[test]
fn whoever_has_no_identity_has_nothing() {
    if !has_program("age-keygen") {
        return;
    }
    on_each(|installation| {
        let (own, recipient) = identity(&installation.place, "own.txt");
        let (other, _) = identity(&installation.place, "other.txt");
        let (own, other) = (own.to_str().unwrap(), other.to_str().unwrap());
        let folder = encrypted(installation, &recipient);
        let file = if is_sqlite(installation) {
            "database.sqlite.age"
        } else {
            "database.dump.age"
        };
        let mut names: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [file, "manifest.json"]);
        let bytes = std::fs::read(folder.join(file)).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1"));
        let email = loa_testkit::world::email("editor");
        assert!(
            !bytes
                .windows(email.len())
                .any(|part| part == email.as_bytes())
        );

        let outside = installation.run(&["backup", "verify", "copy"]);
        done(&outside);
        assert!(outside.err.contains("was not looked at"), "{outside:?}");
        refused(
            &installation.run(&["backup", "verify", "copy", "--identity", other]),
            "no identity matched",
        );
        done(&installation.run(&["backup", "verify", "copy", "--identity", own]));

        let mut changed = bytes;
        *changed.last_mut().unwrap() ^= 1;
        std::fs::write(folder.join(file), changed).unwrap();
        for with in [&[][..], &["--identity", own]] {
            let arguments = [&["backup", "verify", "copy"][..], with].concat();
            refused(&installation.run(&arguments), "was changed");
        }
    });
}

#[test]
fn it_is_restored_by_whoever_has_the_identity() {
    let Some(installation) =
        Installation::new(Backend::Sqlite).filter(|_| has_program("age-keygen"))
    else {
        return;
    };
    let (own, recipient) = identity(&installation.place, "own.txt");
    encrypted(&installation, &recipient);
    let restore = |identity: &[&str]| {
        let arguments = [&["backup", "restore", "copy"][..], identity].concat();
        let url = "sqlite:restored.db";
        let mut command = crate::node::command(&installation.place, &arguments, url);
        crate::loa::Ran::of(&command.output().unwrap())
    };
    refused(&restore(&[]), "the backup is encrypted");
    done(&restore(&["--identity", own.to_str().unwrap()]));
    assert!(installation.place.path("restored.db").exists());
    refused(
        &installation.run(&["backup", "create", "more", "--recipient", "--passphrase"]),
        "--passphrase",
    );
    refused(
        &installation.run(&["backup", "create", "more", "--recipient", "somebody"]),
        "expected age1",
    );
    assert!(!installation.place.path("more").exists(), "nothing is left");
}
