//! What handlers share. Only extractors reach it, so that data comes with rights or not at all.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use loa_app::App;

use crate::delivery::Cache;
use crate::limits::{Bodies, Places, WriteQuota, Writes};

/// Settings of the API.
#[derive(Debug, Clone)]
pub struct ApiOptions {
    /// Bytes of answers kept ready; zero turns the cache off.
    pub cache_bytes: u64,
    /// Origins that may call the signed-in part from a browser.
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    /// Longest a client may take to send a body, however steadily it does.
    pub body_timeout: Duration,
    /// What one person may write in a while.
    pub writes: WriteQuota,
    /// Whether to tell browsers to come back by HTTPS only.
    pub hsts: bool,
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
        }
    }
}
