//! How far the change log had come when this node last heard.
//!
//! Caches compare their stamps with it. Not the log itself, and never ahead of it.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use loa_domain::ids::SiteId;

/// Last known sequence numbers: of the whole log and of each site.
#[derive(Debug, Default)]
pub struct Watermark(RwLock<Marks>);

#[derive(Debug, Default)]
struct Marks {
    all: i64,
    followed: i64,
    expunged: i64,
    sites: HashMap<SiteId, i64>,
    withdrawn: HashMap<SiteId, i64>,
}

impl Watermark {
    /// The last sequence of the whole log.
    pub fn all(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).all
    }

    /// The last sequence of a site; zero when nothing was heard of it.
    pub fn site(&self, site: SiteId) -> i64 {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .sites
            .get(&site)
            .copied()
            .unwrap_or(0)
    }

    /// How far the log has been followed without a gap. `all` may be ahead of it: this node knows
    /// of its own changes at once, of other nodes' before them only when it reads the log.
    pub fn followed(&self) -> i64 {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .followed
    }

    /// The last number at which something was expunged, anywhere. What was read before it is not
    /// given to anybody, not even while the database is away.
    pub fn expunged(&self) -> i64 {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .expunged
    }

    /// The last number at which something of a site was withdrawn. What was read of the site before it
    /// may hold that, and is not given to anybody, not even while the database is away.
    pub fn withdrawn(&self, site: SiteId) -> i64 {
        let marks = self.0.read().unwrap_or_else(PoisonError::into_inner);
        marks.withdrawn.get(&site).copied().unwrap_or(0)
    }

    /// Takes note of a withdrawal.
    pub(crate) fn withdraw(&self, site: SiteId, seq: i64) {
        let mut marks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.withdrawn.entry(site).or_default();
        *mark = (*mark).max(seq);
    }

    /// Takes note of an expunction.
    pub(crate) fn expunge(&self, seq: i64) {
        let mut marks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        marks.expunged = marks.expunged.max(seq);
    }

    /// Takes note that everything up to `seq` has been heard of.
    pub(crate) fn follow(&self, seq: i64) {
        let mut marks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        marks.followed = marks.followed.max(seq);
    }

    /// Takes note of a change. Going back is impossible.
    pub fn advance(&self, site: Option<SiteId>, seq: i64) {
        let mut marks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        marks.all = marks.all.max(seq);
        if let Some(site) = site {
            let mark = marks.sites.entry(site).or_default();
            *mark = (*mark).max(seq);
        }
    }
}
