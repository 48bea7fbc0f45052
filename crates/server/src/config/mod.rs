//! Settings: flags, then `LOA_*` of the environment, then `loa.toml`, then defaults.
//!
//! What comes out is complete and typed; no other module looks at any of the four again.

mod environment;
mod file;
mod layer;
mod mask;
mod network;
mod resolve;
mod security_log;
mod types;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use loa_domain::time::Moment;
use serde::Serialize;

pub(crate) use environment::{Operator, unknown_variables};
pub(crate) use file::gives_rights;
pub(crate) use layer::Layer;
pub(crate) use network::Network;
pub(crate) use security_log::SecurityTarget;
pub(crate) use types::{
    Anchors, LogFormat, MetricsListen, MigrateAtStart, PreviousSecrets, RetentionAge,
};

use crate::failure::Failure;

/// Settings with every default filled in. Serialised they are a `loa.toml` with secrets masked.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) metrics_listen: MetricsListen,
    #[serde(serialize_with = "mask::optional_url")]
    pub(crate) database_url: Option<String>,
    #[serde(serialize_with = "mask::optional_url")]
    pub(crate) database_read_url: Option<String>,
    pub(crate) migrate: MigrateAtStart,
    #[serde(serialize_with = "mask::optional_secret")]
    pub(crate) secret: Option<String>,
    #[serde(serialize_with = "mask::previous_secrets")]
    pub(crate) secret_previous: PreviousSecrets,
    #[serde(serialize_with = "mask::optional_secret")]
    pub(crate) secret_next: Option<String>,
    pub(crate) jwt_keys: Option<PathBuf>,
    pub(crate) connections: u32,
    pub(crate) workers: usize,
    pub(crate) cache_bytes: u64,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) body_limit: usize,
    pub(crate) writes_per_minute: u32,
    pub(crate) write_bytes_per_hour: u64,
    pub(crate) hsts: bool,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: String,
    pub(crate) security_log: SecurityTarget,
    pub(crate) security_log_bytes: u64,
    pub(crate) shutdown_seconds: u64,
    pub(crate) drain_seconds: u64,
    pub(crate) security_contact: Vec<String>,
    pub(crate) security_expires: Option<Moment>,
    pub(crate) retention_revisions: RetentionAge,
    /// None for PostgreSQL, unless somebody says where.
    pub(crate) audit_anchors: Option<Anchors>,
    /// A settings file that others on the machine can read although it holds a secret.
    #[serde(skip)]
    pub(crate) exposed: Option<PathBuf>,
    pub(crate) sign_in_history: RetentionAge,
    pub(crate) login_tries: u32,
    pub(crate) login_lock_minutes: u32,
}

impl Settings {
    /// Reads all four sources; `flags` holds what the command line and the environment say, and
    /// `defaults` those that a command has of its own.
    ///
    /// # Errors
    /// Names the setting or the file that is wrong.
    pub(crate) fn load(
        config: Option<&Path>,
        flags: Layer,
        defaults: Layer,
    ) -> Result<Self, Failure> {
        let (file, exposed) = file::read(config)?;
        let flags = environment::with_secrets(flags)?;
        let settings = resolve::resolve(flags.or(file).or(defaults))?;
        Ok(Self {
            exposed,
            ..settings
        })
    }

    /// The settings as a `loa.toml`, secrets masked.
    ///
    /// # Errors
    /// When a value has no TOML form, which none of these lacks.
    pub(crate) fn to_toml(&self) -> Result<String, Failure> {
        toml::to_string(self).map_err(|error| Failure::failed(error.to_string()))
    }
}
