//! What handlers share. Only extractors reach it, so that data comes with rights or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ipnet::IpNet;
use loa_app::App;
use loa_domain::time::Moment;

use crate::delivery::Cache;
use crate::limits::{Bodies, Places, WriteQuota, Writes};
use crate::middleware::UnknownProxies;

/// Settings of the API.
#[derive(Debug, Clone)]
pub struct ApiOptions {
    /// Bytes of answers kept ready; zero turns the cache off.
    pub cache_bytes: u64,
    /// Origins that may call the signed-in part from a browser.
    pub allowed_origins: Vec<String>,
    /// Networks of proxies whose `X-Forwarded-For` is believed. Addresses of IPv4 that are written
    /// as IPv6 have to be given as IPv4.
    pub trusted_proxies: Vec<IpNet>,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    /// Longest a client may take to send a body, however steadily it does.
    pub body_timeout: Duration,
    /// What one person may write in a while.
    pub writes: WriteQuota,
    /// Whether to tell browsers to come back by HTTPS only.
    pub hsts: bool,
    /// Whom to tell of a weakness; none is told of where there is nobody.
    pub security: Option<SecurityContact>,
}

/// Whom to tell of a weakness (RFC 9116).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact {
    /// Where to write to, the best first: `mailto:`, `https://` or `tel:`.
    pub contacts: Vec<String>,
    /// From when on nobody should rely on it; it is not shown any more then.
    pub expires: Moment,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 64 << 20,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            body_limit: 2 << 20,
            body_timeout: Duration::from_mins(1),
            writes: WriteQuota::default(),
            hsts: false,
            security: None,
        }
    }
}

/// What handlers share; one for all workers.
pub struct Shared {
    pub(crate) app: App,
    pub(crate) options: ApiOptions,
    /// Public answers kept ready.
    pub(crate) cache: Cache,
    /// Memory for bodies under way.
    pub(crate) bodies: Arc<Bodies>,
    /// Places for work that takes the processor.
    pub(crate) places: Places,
    /// What people and sites have written lately.
    pub(crate) writes: Writes,
    draining: AtomicBool,
    /// Proxies that the log was told of, because nobody trusts them.
    pub(crate) unknown_proxies: UnknownProxies,
}

impl Shared {
    /// Puts the parts together.
    pub fn new(app: App, options: ApiOptions) -> Self {
        let cache = Cache::of_bytes(options.cache_bytes);
        Self {
            bodies: Arc::new(Bodies::of_limit(options.body_limit)),
            places: Places::default(),
            writes: Writes::of(options.writes),
            app,
            options,
            cache,
            unknown_proxies: UnknownProxies::default(),
            draining: AtomicBool::new(false),
        }
    }

    /// From now on `/healthz` says that this node is about to stop, so that a proxy sends it nothing
    /// more, and connections end with their answer. Everything is still answered.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether this node is about to stop.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}
