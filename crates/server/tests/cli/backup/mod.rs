//! `loa backup`: copies made while others write, what is served from them, and what is wrong with
//! those that do not verify.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod anchors;
mod broken;
mod content;
mod doors;
mod encrypted;
mod interrupted;
mod refused;
mod served;
mod tools;
mod walk;

use std::path::{Path, PathBuf};

use loa_app::Secrets;
use loa_domain::canonical;
use loa_store::DatabaseUrl;
use loa_store::facts::system_drop_tables;
use loa_testkit::{Backend, SECRET, TestDb};
use serde_json::Value;

use crate::loa::{Place, Ran};
use crate::node::{self, Installation};

/// Runs a test on both databases, where they are to be had.
fn on_each(test: impl Fn(&Installation)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if let Some(installation) = Installation::new(backend) {
            test(&installation);
        }
    }
}

fn is_sqlite(installation: &Installation) -> bool {
    installation.database.backend() == Backend::Sqlite
}

/// Makes a backup in the installation's folder.
#[track_caller]
fn create(installation: &Installation, name: &str) -> PathBuf {
    done(&installation.run(&["backup", "create", name]));
    installation.place.path(name)
}

#[track_caller]
fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[track_caller]
fn refused(ran: &Ran, said: &str) {
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains(said), "{said}: {ran:?}");
}

/// Verifies a backup with everything there is: a dump is restored into an empty database.
fn verify(installation: &Installation, name: &str) -> Ran {
    if is_sqlite(installation) {
        return installation.run(&["backup", "verify", name]);
    }
    let empty = Empty::new(Backend::Postgres);
    let ran = installation.run(&["backup", "verify", name, "--into", &empty.url]);
    assert!(empty.is_empty(), "it was emptied again: {ran:?}");
    ran
}

/// A place to restore to: a file that is not there, or a database without tables.
struct Empty {
    url: String,
    place: Place,
    _database: Option<TestDb>,
}

impl Empty {
    fn new(backend: Backend) -> Self {
        let place = Place::new();
        if backend == Backend::Sqlite {
            let url = format!("sqlite:{}", place.path("restored.db").display());
            return Self {
                url,
                place,
                _database: None,
            };
        }
        let database = TestDb::new(backend).unwrap();
        system_drop_tables(&database.url()).unwrap();
        Self {
            url: node::setting(&database.url()),
            place,
            _database: Some(database),
        }
    }

    fn of(installation: &Installation) -> Self {
        Self::new(installation.database.backend())
    }

    /// Restores a backup of the installation.
    fn restore(&self, backup: &Path) -> Ran {
        let backup = backup.to_str().unwrap();
        let mut command = node::command(&self.place, &["backup", "restore", backup], &self.url);
        Ran::of(&command.output().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = node::command(&self.place, arguments, &self.url);
        Ran::of(&command.output().unwrap())
    }

    fn is_empty(&self) -> bool {
        let url: DatabaseUrl = self.url.parse().unwrap();
        let left_over = std::fs::read_dir(self.place.path("")).unwrap();
        let files: Vec<_> = left_over
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("restored.db"))
            .collect();
        loa_store::facts::system_is_empty(&url).unwrap() && files.is_empty()
    }
}

/// Changes a manifest and seals it again, as only somebody with the secret can.
fn forge(backup: &Path, change: impl Fn(&mut Value)) {
    let path = backup.join("manifest.json");
    let mut value: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    value.as_object_mut().unwrap().remove("seal");
    change(&mut value);
    let secrets = Secrets::new(SECRET, None).unwrap();
    let seal = secrets.backup_seal(&canonical::to_string(&value));
    let members = value.as_object_mut().unwrap();
    members.insert("seal".to_owned(), seal.into());
    std::fs::write(&path, value.to_string()).unwrap();
}

/// The manifest of a backup.
fn manifest(backup: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(backup.join("manifest.json")).unwrap()).unwrap()
}

/// Names and bytes of everything in a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    found.sort();
    found
}
