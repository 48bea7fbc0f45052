//! `SQLite`: a template file, copied for each test.
//!
//! nextest runs each test in a process of its own, so the template is a file that outlives them.

use std::path::PathBuf;

use loa_store::DatabaseUrl;
use tempfile::TempDir;

use super::{migrate, migrations_hash};

/// A database file in a folder of its own.
pub(super) struct TestFile(TempDir);

impl TestFile {
    pub(super) fn new() -> Self {
        let folder = TempDir::with_prefix("loa-test-").expect("a temporary folder");
        let file = Self(folder);
        std::fs::copy(template(), file.path()).expect("a copy of the template");
        file
    }

    pub(super) fn holding(bytes: &[u8]) -> Self {
        let folder = TempDir::with_prefix("loa-test-").expect("a temporary folder");
        let file = Self(folder);
        std::fs::write(file.path(), bytes).expect("a file");
        file
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().join("loa.db")
    }
}

/// The template, made if need be. Two processes that make it at the same time make the same, and
/// renaming puts a complete file there or none.
fn template() -> PathBuf {
    let folder = std::env::temp_dir();
    let template = folder.join(format!("loa-template-{}.db", migrations_hash("sqlite")));
    if !template.exists() {
        let making = TempDir::with_prefix_in("loa-template-", &folder).expect("a folder");
        let path = making.path().join("loa.db");
        migrate(DatabaseUrl::Sqlite(path.clone()));
        std::fs::rename(&path, &template).expect("the template in its place");
    }
    template
}
