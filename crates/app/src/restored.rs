//! What happens to a database that was put back from a backup, before it is served.
//!
//! It knows nothing of what was done after the backup: who was signed out or suspended then, which
//! links were used or revoked. So it opens no door. Everything else stays: kept answers fit the data
//! they came with, and what is due is published late rather than never.

use loa_domain::audit::{Chain, NewAudit};
use loa_domain::time::Moment;
use loa_store::{
    Store, Written, access_requests, editions, password_links, previews, published, sessions,
};
use serde_json::json;

use crate::Error;

/// Most that are counted of what is due.
const MANY: i64 = 1000;

/// What was closed, and what will happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterRestore {
    /// Sessions ended.
    pub sessions: usize,
    /// Unused password links made void.
    pub password_links: usize,
    /// Preview links revoked.
    pub preview_links: usize,
    /// Entries, at most a thousand, that will be published when the server starts.
    pub due: usize,
    /// Entries, at most a thousand, whose time will be over when the server starts.
    pub over: usize,
}

/// Ends all sessions and links of a restored database, and notes in the platform's audit chain that
/// it was restored from a backup made at `made_at`.
///
/// # Errors
/// Of the database.
pub fn system_after_restore(
    store: &Store,
    now: Moment,
    made_at: Moment,
) -> Result<AfterRestore, Error> {
    store.write(now, |tx| {
        // Somebody may have said no since.
        access_requests::system_cancel_all(tx, now)?;
        let after = AfterRestore {
            sessions: sessions::system_end_all(tx, now)?,
            password_links: password_links::system_void_all(tx, now)?,
            preview_links: previews::system_revoke_all(tx, now)?,
            due: editions::system_due(tx, now, None, MANY)?.len(),
            over: published::system_expired(tx, now, None, MANY)?.len(),
        };
        let record = NewAudit {
            chain: Chain::Platform,
            actor: None,
            action: "database.restore",
            subject: "database",
            subject_id: made_at.to_string(),
            detail: json!({
                "sessions": after.sessions,
                "password_links": after.password_links,
                "preview_links": after.preview_links,
            }),
        };
        Ok(Written::audited(after, record))
    })
}
