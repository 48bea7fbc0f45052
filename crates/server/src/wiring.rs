//! From settings to the application: secrets, keys and the database, checked before anything runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use loa_api::{ApiOptions, SecurityContact, Shared};
use loa_app::identity::{LoginLimits, TokenKeys};
use loa_app::{App, Clock, Secrets, SystemClock};
use loa_store::generations::Held;
use loa_store::{AuditKey, DatabaseUrl, Store, StoreOptions};

use crate::config::{Anchors, MigrateAtStart, Settings, gives_rights};
use crate::failure::Failure;

/// The application for a command: its secret is one that the database is written with.
pub(crate) fn admitted(settings: &Settings) -> Result<App, Failure> {
    let app = app(settings)?;
    admit(app.store(), app.secrets())?;
    Ok(app)
}

/// Refuses a secret that would break the audit trail; one that follows an older one is taken in.
pub(crate) fn admit(store: &Store, secrets: &Secrets) -> Result<(), Failure> {
    let new = store.system_admit(held(secrets, &secrets.audit_keys()), SystemClock.now())?;
    if new > 0 {
        tracing::info!(new, "the database takes new secrets");
    }
    Ok(())
}

/// The keys of this process as the store asks for them.
pub(crate) fn held<'a>(secrets: &'a Secrets, all: &'a [AuditKey]) -> Held<'a> {
    Held {
        own: secrets.own_audit_key(),
        next: secrets.next_audit_key(),
        all,
    }
}

/// The application, complete, with a database that may have to be migrated yet.
pub(crate) fn app(settings: &Settings) -> Result<App, Failure> {
    let secrets = secrets(settings)?;
    let keys = token_keys(settings)?;
    let store = store(settings, secrets.audit_key())?;
    let app = App::new(store, Arc::new(SystemClock), secrets, keys);
    Ok(app.with_login_limits(LoginLimits {
        tries: settings.login_tries,
        lock: TimeDelta::minutes(settings.login_lock_minutes.into()),
    }))
}

/// What request handlers share.
pub(crate) fn shared(app: App, settings: &Settings) -> Shared {
    let security = settings.security_expires.map(|expires| SecurityContact {
        contacts: settings.security_contact.clone(),
        expires,
    });
    let options = ApiOptions {
        cache_bytes: settings.cache_bytes,
        allowed_origins: settings.allowed_origins.clone(),
        trusted_proxies: settings.trusted_proxies.iter().map(|it| it.0).collect(),
        body_limit: settings.body_limit,
        writes: loa_api::WriteQuota {
            per_minute: settings.writes_per_minute,
            bytes_per_hour: settings.write_bytes_per_hour,
        },
        hsts: settings.hsts,
        security,
        ..ApiOptions::default()
    };
    Shared::new(app, options)
}

/// The database alone, for migrations: nothing is sealed there, so the secret may be missing.
pub(crate) fn store_for_migrations(settings: &Settings) -> Result<Store, Failure> {
    store(settings, AuditKey::new([0; 32]))
}

/// A database other than that of the settings, for one writer.
pub(crate) fn store_at(url: DatabaseUrl, secrets: &Secrets) -> Store {
    Store::open(StoreOptions {
        url,
        read_url: None,
        connections: 1,
        audit_key: secrets.audit_key(),
    })
}

/// The database of the settings.
pub(crate) fn database_url(settings: &Settings) -> Result<DatabaseUrl, Failure> {
    let url = settings.database_url.as_deref().ok_or_else(|| {
        Failure::usage(
            "no database: set LOA_DATABASE_URL (or --database-url, or database_url in loa.toml) \
             to sqlite:PATH or postgres://…",
        )
    })?;
    parse(url)
}

fn store(settings: &Settings, audit_key: AuditKey) -> Result<Store, Failure> {
    let read_url = settings.database_read_url.as_deref();
    Ok(Store::open(StoreOptions {
        url: database_url(settings)?,
        read_url: read_url.map(parse).transpose()?,
        connections: settings.connections,
        audit_key,
    }))
}

/// Sees to it that every migration has run, before anything is served, and gives the names of those
/// that it has run itself.
///
/// # Errors
/// As [`migrate`]; and when one has not run and this process is not to run it.
pub(crate) fn migrate_at_start(settings: &Settings, store: &Store) -> Result<Vec<String>, Failure> {
    if settings.migrate == MigrateAtStart::Run {
        return migrate(store);
    }
    let pending = store.migrations().pending()?;
    match pending.first() {
        None => Ok(Vec::new()),
        Some(first) => Err(Failure::failed(format!(
            "{} migrations have not run yet, the first is {first}: run `loa migrate up` as the \
             role that owns the tables (LOA_MIGRATE=check: this process only looks)",
            pending.len()
        ))),
    }
}

/// Runs the migrations that have not run yet, and gives their names.
///
/// # Errors
/// When one fails or the database cannot be written. A server that cannot write would neither let
/// anybody in nor publish in time, so it does not start: whoever starts it reads why.
pub(crate) fn migrate(store: &Store) -> Result<Vec<String>, Failure> {
    store.migrations().run().map_err(|error| {
        use loa_store::Error::{Away, Disk, Full, ReadOnly};
        match (store.url(), &error) {
            (DatabaseUrl::Sqlite(path), Away(_) | ReadOnly | Disk | Full) => {
                Failure::failed(format!(
                    "{}: {error}; the file and its folder have to be there and to be writable for \
                     the user that runs loa, with room on the disk",
                    path.display()
                ))
            }
            _ => error.into(),
        }
    })
}

/// Reads a database URL.
pub(crate) fn parse(url: &str) -> Result<DatabaseUrl, Failure> {
    url.parse()
        .map_err(|error: loa_store::InvalidUrl| Failure::usage(error.to_string()))
}

/// The secrets of the settings.
pub(crate) fn secrets(settings: &Settings) -> Result<Secrets, Failure> {
    let advice = "make one with: head -c 32 /dev/urandom | base64";
    let secret = settings.secret.as_deref().ok_or_else(|| {
        Failure::usage(format!(
            "no secret: set LOA_SECRET (or secret in loa.toml); {advice}"
        ))
    })?;
    Secrets::new(secret, None).map_err(|error| {
        Failure::usage(format!(
            "LOA_SECRET: {error}; {advice}; if the database is written with it already, keep it in \
             LOA_SECRET_PREVIOUS"
        ))
    })?;
    let previous = || settings.secret_previous.0.iter().map(String::as_str);
    Secrets::rotating(secret, previous(), None)
        .map_err(|error| Failure::usage(format!("LOA_SECRET_PREVIOUS: {error}")))?;
    Secrets::rotating(secret, previous(), settings.secret_next.as_deref())
        .map_err(|error| Failure::usage(format!("LOA_SECRET_NEXT: {error}; {advice}")))
}

/// What others on the machine may read, and should not.
pub(crate) fn exposed(settings: &Settings) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = settings.exposed.iter().cloned().collect();
    if let Some(folder) = &settings.jwt_keys {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let keys = files.map(|file| file.path()).filter(|path| is_pem(path));
        let all = std::iter::once(folder.clone()).chain(keys);
        found.extend(all.filter(|path| gives_rights(path, 0o077)));
    }
    found
}

/// Where the heads of the audit trail are kept; none for in the log only.
pub(crate) fn anchors_file(settings: &Settings) -> Option<PathBuf> {
    match (&settings.audit_anchors, database_url(settings).ok()?) {
        (Some(Anchors::Off), _) | (None, DatabaseUrl::Postgres(_)) => None,
        (Some(Anchors::File(path)), _) => Some(path.clone()),
        (None, DatabaseUrl::Sqlite(path)) => {
            let mut name = path.into_os_string();
            name.push(".anchors");
            Some(name.into())
        }
    }
}

fn token_keys(settings: &Settings) -> Result<TokenKeys, Failure> {
    let folder = settings.jwt_keys.as_deref().ok_or_else(|| {
        Failure::usage(
            "no signing keys: set LOA_JWT_KEYS (or --jwt-keys, or jwt_keys in loa.toml) to a \
             folder, then run: loa keys new",
        )
    })?;
    TokenKeys::from_pems(read_pems(folder)?).map_err(|error| {
        Failure::usage(format!(
            "{}: {error}; make one with: loa keys new",
            folder.display()
        ))
    })
}

/// The `*.pem` files of a folder as (name without ending, text).
pub(crate) fn read_pems(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let wrong = |path: &Path, error: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {error}", path.display()))
    };
    let mut pems = Vec::new();
    for file in std::fs::read_dir(folder).map_err(|error| wrong(folder, &error))? {
        let path = file.map_err(|error| wrong(folder, &error))?.path();
        if !is_pem(&path) {
            continue;
        }
        let Some(name) = path.file_stem().and_then(std::ffi::OsStr::to_str) else {
            return Err(wrong(&path, &"the name is not UTF-8 text"));
        };
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, &error))?;
        pems.push((name.to_owned(), text));
    }
    Ok(pems)
}

fn is_pem(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "pem")
}
