//! One source's settings, all optional: the command line with the environment, or the file.
//!
//! The secrets are no flags: a process's arguments can be read by everyone on the machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use loa_domain::time::Moment;
use serde::Deserialize;

use super::network::Network;
use super::security_log::SecurityTarget;
use super::types::{
    Anchors, LogFormat, MetricsListen, MigrateAtStart, PreviousSecrets, RetentionAge,
};

/// One source's settings.
#[derive(Debug, Clone, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
#[command(next_help_heading = "Settings (also in loa.toml)")]
pub(crate) struct Layer {
    /// Address to serve at [default: 127.0.0.1:8080]
    #[arg(long, env = "LOA_LISTEN", global = true, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Address to serve /metrics at, or off [default: 127.0.0.1:9464]
    #[arg(
        long,
        env = "LOA_METRICS_LISTEN",
        global = true,
        value_name = "ADDRESS"
    )]
    pub(crate) metrics_listen: Option<MetricsListen>,
    /// sqlite:PATH or postgres://… [default: none; demo: inside its data folder]
    #[arg(long, env = "LOA_DATABASE_URL", global = true, value_name = "URL")]
    #[arg(hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// A replica that public reads go to [default: none]
    #[arg(long, env = "LOA_DATABASE_READ_URL", global = true, value_name = "URL")]
    #[arg(hide_env_values = true)]
    pub(crate) database_read_url: Option<String>,
    /// What serve does about migrations that have not run: run them, or check and not start
    /// [default: run]
    #[arg(
        long,
        env = "LOA_MIGRATE",
        global = true,
        value_enum,
        id = "migrate_at_start"
    )]
    pub(crate) migrate: Option<MigrateAtStart>,
    #[arg(skip)]
    pub(crate) secret: Option<String>,
    #[arg(skip)]
    pub(crate) secret_previous: Option<PreviousSecrets>,
    #[arg(skip)]
    pub(crate) secret_next: Option<String>,
    /// Folder of Ed25519 keys, *.pem; the last by name signs [default: none; demo: its data folder]
    #[arg(long, env = "LOA_JWT_KEYS", global = true, value_name = "FOLDER")]
    pub(crate) jwt_keys: Option<PathBuf>,
    /// Database connections for reading, and on PostgreSQL as many for writing [default: 8]
    #[arg(long, env = "LOA_CONNECTIONS", global = true, value_name = "N")]
    pub(crate) connections: Option<u32>,
    /// Threads that serve requests [default: as many as there are cores]
    #[arg(long, env = "LOA_WORKERS", global = true, value_name = "N")]
    pub(crate) workers: Option<usize>,
    /// Memory for ready answers, in bytes; 0 for none [default: 67108864]
    #[arg(long, env = "LOA_CACHE_BYTES", global = true, value_name = "BYTES")]
    pub(crate) cache_bytes: Option<u64>,
    /// Origins that may use the signed-in part from a browser, with commas between [default: none]
    #[arg(
        long,
        env = "LOA_ALLOWED_ORIGINS",
        global = true,
        value_name = "ORIGINS"
    )]
    #[arg(value_delimiter = ',')]
    pub(crate) allowed_origins: Option<Vec<String>>,
    /// Proxies whose X-Forwarded-For is believed, as addresses or networks (10.1.0.0/24), with commas
    /// between [default: none]
    #[arg(
        long,
        env = "LOA_TRUSTED_PROXIES",
        global = true,
        value_name = "NETWORKS"
    )]
    #[arg(value_delimiter = ',')]
    pub(crate) trusted_proxies: Option<Vec<Network>>,
    /// Largest request body, in bytes [default: 2097152]
    #[arg(long, env = "LOA_BODY_LIMIT", global = true, value_name = "BYTES")]
    pub(crate) body_limit: Option<usize>,
    /// Writes of one person in a minute; a site may have five times as many [default: 1200]
    #[arg(
        long,
        env = "LOA_WRITES_PER_MINUTE",
        global = true,
        value_name = "NUMBER"
    )]
    pub(crate) writes_per_minute: Option<u32>,
    /// Bytes of one person's writes and their answers in an hour; a site may have five times as many
    /// [default: 536870912]
    #[arg(
        long,
        env = "LOA_WRITE_BYTES_PER_HOUR",
        global = true,
        value_name = "BYTES"
    )]
    pub(crate) write_bytes_per_hour: Option<u64>,
    /// Tell browsers to come back by HTTPS only [default: false]
    #[arg(long, env = "LOA_HSTS", global = true, value_name = "BOOL")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) hsts: Option<bool>,
    /// How log lines look [default: json; demo: pretty]
    #[arg(long, env = "LOA_LOG_FORMAT", global = true, value_enum)]
    pub(crate) log_format: Option<LogFormat>,
    /// What is logged: a level, or targets such as `warn,loa_app=debug` [default: info; demo: warn]
    #[arg(long, env = "LOA_LOG_LEVEL", global = true, value_name = "FILTER")]
    pub(crate) log_level: Option<String>,
    /// Where the security log goes: a file, stdout, or off [default: security.log beside an SQLite
    /// database, stdout with PostgreSQL]
    #[arg(long, env = "LOA_SECURITY_LOG", global = true, value_name = "PATH")]
    pub(crate) security_log: Option<SecurityTarget>,
    /// Room for that file and the older ones beside it, in bytes [default: 1073741824]
    #[arg(
        long,
        env = "LOA_SECURITY_LOG_BYTES",
        global = true,
        value_name = "BYTES"
    )]
    pub(crate) security_log_bytes: Option<u64>,
    /// How long requests in flight may take to end when the server stops [default: 30]
    #[arg(
        long,
        env = "LOA_SHUTDOWN_SECONDS",
        global = true,
        value_name = "SECONDS"
    )]
    pub(crate) shutdown_seconds: Option<u64>,
    /// How long to serve on after the signal to stop, while /healthz says so [default: 0]
    #[arg(long, env = "LOA_DRAIN_SECONDS", global = true, value_name = "SECONDS")]
    pub(crate) drain_seconds: Option<u64>,
    /// Whom to tell of a weakness, for /.well-known/security.txt: mailto:, https:// or tel:, with
    /// commas between [default: none, and no such page]
    #[arg(long, env = "LOA_SECURITY_CONTACT", global = true, value_name = "URLS")]
    #[arg(value_delimiter = ',')]
    pub(crate) security_contact: Option<Vec<String>>,
    /// Until when that is right, as 2027-06-30T00:00:00Z; needed with a contact
    #[arg(long, env = "LOA_SECURITY_EXPIRES", global = true, value_name = "TIME")]
    pub(crate) security_expires: Option<Moment>,
    /// How long superseded revisions are kept, in days (90d) or years (2y), or off for ever [default: 2y]
    #[arg(
        long,
        env = "LOA_RETENTION_REVISIONS",
        global = true,
        value_name = "AGE"
    )]
    pub(crate) retention_revisions: Option<RetentionAge>,
    /// File that the heads of the audit trail are added to every hour, or off [default: beside the
    /// SQLite file, its name with .anchors; off for PostgreSQL]
    #[arg(long, env = "LOA_AUDIT_ANCHORS", global = true, value_name = "FILE")]
    pub(crate) audit_anchors: Option<Anchors>,
    /// How long the sign-in history is kept, at least 365d, or off for ever [default: 1y]
    #[arg(long, env = "LOA_SIGN_IN_HISTORY", global = true, value_name = "AGE")]
    pub(crate) sign_in_history: Option<RetentionAge>,
    /// Failed sign-ins of an account from one network before it is locked there [default: 5]
    #[arg(long, env = "LOA_LOGIN_TRIES", global = true, value_name = "N")]
    pub(crate) login_tries: Option<u32>,
    /// How long failed sign-ins are added up and the first lock lasts; later ones last longer [default: 15]
    #[arg(
        long,
        env = "LOA_LOGIN_LOCK_MINUTES",
        global = true,
        value_name = "MINUTES"
    )]
    pub(crate) login_lock_minutes: Option<u32>,
}

impl Layer {
    /// This source's settings, and where it is silent the other's.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            metrics_listen: self.metrics_listen.or(other.metrics_listen),
            database_url: self.database_url.or(other.database_url),
            database_read_url: self.database_read_url.or(other.database_read_url),
            migrate: self.migrate.or(other.migrate),
            secret: self.secret.or(other.secret),
            secret_previous: self.secret_previous.or(other.secret_previous),
            secret_next: self.secret_next.or(other.secret_next),
            jwt_keys: self.jwt_keys.or(other.jwt_keys),
            connections: self.connections.or(other.connections),
            workers: self.workers.or(other.workers),
            cache_bytes: self.cache_bytes.or(other.cache_bytes),
            allowed_origins: self.allowed_origins.or(other.allowed_origins),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            body_limit: self.body_limit.or(other.body_limit),
            writes_per_minute: self.writes_per_minute.or(other.writes_per_minute),
            write_bytes_per_hour: self.write_bytes_per_hour.or(other.write_bytes_per_hour),
            hsts: self.hsts.or(other.hsts),
            log_format: self.log_format.or(other.log_format),
            log_level: self.log_level.or(other.log_level),
            security_log: self.security_log.or(other.security_log),
            security_log_bytes: self.security_log_bytes.or(other.security_log_bytes),
            shutdown_seconds: self.shutdown_seconds.or(other.shutdown_seconds),
            drain_seconds: self.drain_seconds.or(other.drain_seconds),
            security_contact: self.security_contact.or(other.security_contact),
            security_expires: self.security_expires.or(other.security_expires),
            retention_revisions: self.retention_revisions.or(other.retention_revisions),
            audit_anchors: self.audit_anchors.or(other.audit_anchors),
            sign_in_history: self.sign_in_history.or(other.sign_in_history),
            login_tries: self.login_tries.or(other.login_tries),
            login_lock_minutes: self.login_lock_minutes.or(other.login_lock_minutes),
        }
    }
}
