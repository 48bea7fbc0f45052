//! The audit trail: who did what, in chains that show tampering.
//!
//! Not for the hashing, which the store does with its key, and not for the history of an entry,
//! which is its transitions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{SiteId, UserId};
use crate::time::Moment;

/// Which chain a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// What concerns no site.
    Platform,
    /// One site's own.
    Site(SiteId),
}

impl Chain {
    /// The key of the chain in the database.
    pub fn key(self) -> String {
        match self {
            Chain::Platform => "platform".to_owned(),
            Chain::Site(site) => site.to_string(),
        }
    }

    /// The site's chain, or the platform's.
    pub fn of(site: Option<SiteId>) -> Self {
        site.map_or(Chain::Platform, Chain::Site)
    }
}

/// Where a chain stands: number and hash of its last record. Kept elsewhere it is an anchor, by which
/// records that were cut off later are missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// Key of the chain.
    pub chain: String,
    /// Number of the last record.
    pub number: i64,
    /// Its hash.
    pub hash: String,
}

/// A record as a use case reports it. Never holds secrets or texts of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAudit {
    /// Which chain.
    pub chain: Chain,
    /// Who; none for the system.
    pub actor: Option<UserId>,
    /// What, as `entry.publish` or `user.suspend`.
    pub action: &'static str,
    /// What kind of thing it was done to.
    pub subject: &'static str,
    /// Its id.
    pub subject_id: String,
    /// Ids, states and reasons; no texts of entries, no secrets.
    pub detail: Value,
}

/// A record as read back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Key of the chain.
    pub chain: String,
    /// Position in the chain, from 1.
    pub number: i64,
    /// Who; none for the system.
    pub actor: Option<UserId>,
    /// What.
    pub action: String,
    /// What kind of thing it was done to.
    pub subject: String,
    /// Its id.
    pub subject_id: String,
    /// The rest.
    pub detail: Value,
    /// When.
    pub at: Moment,
    /// Hash of this record and the one before it.
    pub hash: String,
}
