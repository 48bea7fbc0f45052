//! Databases as releases left them: `tests/frozen/<version>`, made once and never changed.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use loa_domain::time::Moment;

use super::Backend;

/// A release whose databases were kept.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: String,
    folder: PathBuf,
}

impl Release {
    /// Every release that was kept, in the order of their names.
    ///
    /// # Panics
    /// When the folder cannot be read.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/frozen");
        let mut all: Vec<Self> = std::fs::read_dir(folder)
            .expect("the folder of releases")
            .map(|entry| entry.expect("a folder").path())
            .filter(|folder| folder.is_dir())
            .map(|folder| Self {
                version: folder
                    .file_name()
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
                folder,
            })
            .collect();
        all.sort_by(|a, b| a.version.cmp(&b.version));
        all
    }

    /// One of its files, which may not be there.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What a packed file holds.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn unpacked(&self, name: &str) -> Vec<u8> {
        let path = self.file(name);
        let packed = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut bytes = Vec::new();
        GzDecoder::new(packed.as_slice())
            .read_to_end(&mut bytes)
            .expect("a whole file");
        bytes
    }

    /// The secret it ran with.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn secret(&self, backend: Backend) -> String {
        self.text(match backend {
            Backend::Sqlite => "secret-sqlite",
            Backend::Postgres => "secret-postgres",
        })
    }

    /// The time that is to be when its database is opened.
    ///
    /// # Panics
    /// When it is not given.
    pub fn clock(&self) -> Moment {
        self.text("clock").parse().expect("a time")
    }

    fn text(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.file(name)).expect("a file of the release");
        text.trim().to_owned()
    }

    /// What a dump holds, without what is meant for psql.
    pub(super) fn script(&self, name: &str) -> String {
        let text = String::from_utf8(self.unpacked(name)).expect("a dump is text");
        text.split_inclusive('\n')
            .filter(|line| !line.starts_with('\\'))
            .collect()
    }
}
