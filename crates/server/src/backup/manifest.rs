//! The manifest of a backup: what was copied, when, and what the copy holds.
//!
//! Sealed with a key of the installation. Not for checking whether it is true: `verify` does.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use loa_app::Secrets;
use loa_domain::audit::AuditHead;
use loa_domain::canonical;
use loa_domain::time::Moment;
use loa_store::facts::Facts;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::files;
use crate::failure::Failure;

/// Its name in the folder.
pub(super) const NAME: &str = "manifest.json";
/// The form this release writes, and the newest it reads.
const FORMAT: u32 = 2;
/// The form of a backup that is not encrypted, which older releases read too.
const PLAIN: u32 = 1;

/// What a backup is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The form of this manifest.
    format: u32,
    /// Version of Loa that made it.
    loa: String,
    /// When the copy was begun.
    pub(super) made_at: Moment,
    /// What was copied, with what.
    pub(super) database: Database,
    migrations: Vec<String>,
    rows: BTreeMap<String, i64>,
    last_change: i64,
    audit_heads: Vec<AuditHead>,
    /// Every file of the backup but this.
    pub(super) files: Vec<File>,
    /// What lies there in place of the copy: the same, for its recipients only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encrypted: Option<File>,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub(super) enum Database {
    /// A copy of the file.
    Sqlite,
    /// A dump in `pg_dump`'s custom format.
    PostgreSql {
        /// First number of the server's version.
        server: u32,
        /// First number of `pg_dump`'s version.
        pg_dump: u32,
    },
}

impl Database {
    /// Name of the file it is in.
    pub(super) fn file(&self) -> &'static str {
        match self {
            Database::Sqlite => "database.sqlite",
            Database::PostgreSql { .. } => "database.dump",
        }
    }
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    /// Its place in the folder, with slashes.
    pub(super) path: String,
    /// Its size.
    pub(super) bytes: u64,
    /// Its hash in lower-case hexadecimal.
    pub(super) sha256: String,
}

impl Manifest {
    /// A manifest of this release.
    pub(super) fn new(made_at: Moment, database: Database, facts: Facts, files: Vec<File>) -> Self {
        Self {
            format: PLAIN,
            loa: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database,
            migrations: facts.migrations,
            rows: facts.rows,
            last_change: facts.last_change,
            audit_heads: facts.audit_heads,
            files,
            encrypted: None,
        }
    }

    /// Notes that the copy lies there for its recipients only.
    pub(super) fn encrypted_as(&mut self, file: File) {
        self.format = FORMAT;
        self.encrypted = Some(file);
    }

    /// What the copied database held.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            migrations: self.migrations.clone(),
            rows: self.rows.clone(),
            last_change: self.last_change,
            audit_heads: self.audit_heads.clone(),
        }
    }

    /// Its text with the seal.
    pub(super) fn sealed(&self, secrets: &Secrets) -> Result<String, Failure> {
        let wrong = |error: serde_json::Error| Failure::failed(format!("{NAME}: {error}"));
        let mut value = serde_json::to_value(self).map_err(wrong)?;
        let seal = secrets.backup_seal(&canonical::to_string(&value));
        if let Value::Object(members) = &mut value {
            members.insert("seal".to_owned(), seal.into());
        }
        let mut text = serde_json::to_string_pretty(&value).map_err(wrong)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// When there is none, it is of a newer release, or somebody else wrote it.
    pub(super) fn read(folder: &Path, secrets: &Secrets) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Failure::failed(if error.kind() == std::io::ErrorKind::NotFound {
                format!(
                    "{}: no backup, or an unfinished one: there is no {NAME}",
                    folder.display()
                )
            } else {
                format!("{}: {error}", path.display())
            })
        })?;
        Self::open(&text, secrets)
            .map_err(|what| Failure::failed(format!("{}: {what}", path.display())))
    }

    fn open(text: &str, secrets: &Secrets) -> Result<Self, String> {
        let mut value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let format = value.get("format").and_then(Value::as_u64);
        if format.is_none_or(|format| format == 0) {
            return Err("no manifest of a backup".to_owned());
        }
        if format > Some(FORMAT.into()) {
            return Err("the backup is of a newer release of Loa".to_owned());
        }
        let seal = value
            .as_object_mut()
            .and_then(|members| members.remove("seal"));
        let seal = seal.as_ref().and_then(Value::as_str).unwrap_or_default();
        if !secrets.is_backup_seal(seal, &canonical::to_string(&value)) {
            return Err(
                "the seal does not fit: it was changed, or LOA_SECRET is not the one \
                        it was made with"
                    .to_owned(),
            );
        }
        let manifest: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if newer(&manifest.loa, env!("CARGO_PKG_VERSION")) {
            return Err(format!(
                "the backup is of a newer release of Loa, {}",
                manifest.loa
            ));
        }
        Ok(manifest)
    }

    /// Where the copy of the database is.
    pub(super) fn database_path(&self, folder: &Path) -> PathBuf {
        folder.join(self.database.file())
    }

    /// Compares every file with its size and hash.
    ///
    /// # Errors
    /// Names the first that is missing or another.
    pub(super) fn check_files(&self, folder: &Path) -> Result<(), Failure> {
        let own = self.database.file();
        if !self.files.iter().any(|file| file.path == own) {
            return Err(Failure::failed(format!("{NAME} does not list {own}")));
        }
        self.files.iter().try_for_each(|file| file.check(folder))
    }
}

impl File {
    /// Compares it with its size and hash.
    ///
    /// # Errors
    /// When it is missing, another, or not in the folder.
    pub(super) fn check(&self, folder: &Path) -> Result<(), Failure> {
        let name = Path::new(&self.path);
        let inside = name
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return Err(Failure::failed(format!("{NAME} lists {}", self.path)));
        }
        let wrong = |what: &dyn std::fmt::Display| {
            Failure::failed(format!("{}: {what}", folder.join(name).display()))
        };
        let (bytes, sha256) = files::measure(&folder.join(name)).map_err(|error| wrong(&error))?;
        if bytes != self.bytes {
            let what = format!("{bytes} bytes long, and should be {}", self.bytes);
            return Err(wrong(&what));
        }
        if sha256 != self.sha256 {
            return Err(wrong(&"was changed: its SHA-256 is another"));
        }
        Ok(())
    }
}

/// Whether the first of two versions is later. What is no version is not.
fn newer(one: &str, other: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let release = version.split(['-', '+']).next().unwrap_or_default();
        release.split('.').map_while(|n| n.parse().ok()).collect()
    };
    numbers(one) > numbers(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Secrets {
        Secrets::new(text, None).unwrap()
    }

    fn manifest() -> Manifest {
        let facts = Facts {
            migrations: vec!["1".to_owned()],
            rows: BTreeMap::from([("units".to_owned(), 3)]),
            last_change: 7,
            audit_heads: Vec::new(),
        };
        let made_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let database = Database::PostgreSql {
            server: 15,
            pg_dump: 17,
        };
        Manifest::new(made_at, database, facts, Vec::new())
    }

    #[test]
    fn the_seal_shows_every_change_and_another_secret() {
        let own = secrets("a secret for tests, and for nothing else but tests");
        let text = manifest().sealed(&own).unwrap();
        let read = Manifest::open(&text, &own).unwrap();
        assert_eq!(read.facts(), manifest().facts());
        assert_eq!(read.database, manifest().database);
        for (from, to) in [
            ("\"last_change\": 7", "\"last_change\": 8"),
            ("\"units\": 3", "\"units\": 3, \"more\": 0"),
            ("\"pg_dump\": 17", "\"pg_dump\": 16"),
            ("\"seal\": \"", "\"seal\": \"A"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let refused = Manifest::open(&changed, &own).unwrap_err();
            assert!(refused.contains("the seal"), "{refused}");
        }
        let other = secrets("another secret, for tests and nothing but tests");
        assert!(
            Manifest::open(&text, &other)
                .unwrap_err()
                .contains("LOA_SECRET")
        );
    }

    #[test]
    fn what_is_newer_is_refused_before_its_seal_is_looked_at() {
        let own = secrets("a secret for tests, and for nothing else but tests");
        let later = r#"{"format": 3, "seal": {"with": "another key"}}"#;
        assert!(Manifest::open(later, &own).unwrap_err().contains("newer"));
        let mut of_later = manifest();
        of_later.loa = "99.0.0".to_owned();
        let text = of_later.sealed(&own).unwrap();
        assert!(Manifest::open(&text, &own).unwrap_err().contains("99.0.0"));
        for odd in ["", "[]", "{}", "{\"format\": 0}", "{\"format\": \"1\"}"] {
            assert!(Manifest::open(odd, &own).is_err(), "{odd}");
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(newer("0.10.0", "0.9.9") && newer("1.0.0", "0.10.0"));
        assert!(!newer("0.2.0", "0.2.0") && !newer("0.1.9", "0.2.0"));
        assert!(!newer("0.2.0-rc.1", "0.2.0") && !newer("odd", "0.2.0"));
    }
}
