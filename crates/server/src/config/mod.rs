//! Settings: flags, then `LOA_*` of the environment, then `loa.toml`, then defaults.
//!
//! What comes out is complete and typed; no other module looks at any of the four again.

mod environment;
mod file;
mod layer;
mod mask;
mod network;
mod resolve;
mod types;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use loa_domain::time::Moment;
use serde::Serialize;

pub(crate) use environment::unknown_variables;
pub(crate) use layer::Layer;
pub(crate) use network::Network;
pub(crate) use types::{LogFormat, MetricsListen, MigrateAtStart, RetentionAge};

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
    #[serde(serialize_with = "mask::optional_secret")]
    pub(crate) secret_previous: Option<String>,
    pub(crate) jwt_keys: Option<PathBuf>,
    pub(crate) connections: u32,
    pub(crate) workers: usize,
    pub(crate) cache_bytes: u64,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) body_limit: usize,
    pub(crate) hsts: bool,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: String,
    pub(crate) shutdown_seconds: u64,
    pub(crate) drain_seconds: u64,
    pub(crate) security_contact: Vec<String>,
    pub(crate) security_expires: Option<Moment>,
    pub(crate) retention_revisions: RetentionAge,
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
        let file = file::read(config)?;
        let flags = environment::with_secrets(flags)?;
        resolve::resolve(flags.or(file).or(defaults))
    }

    /// The settings as a `loa.toml`, secrets masked.
    ///
    /// # Errors
    /// When a value has no TOML form, which none of these lacks.
    pub(crate) fn to_toml(&self) -> Result<String, Failure> {
        toml::to_string(self).map_err(|error| Failure::failed(error.to_string()))
    }
}
