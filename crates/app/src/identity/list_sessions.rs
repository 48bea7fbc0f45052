//! One's own sessions.

use loa_domain::actor::Actor;
use loa_domain::ids::SessionId;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::time::Moment;
use loa_store::sessions;

use super::Identity;
use crate::Error;

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Identity.
    pub id: SessionId,
    /// Whether the request came in it.
    pub current: bool,
    /// Address it was opened from.
    pub address: String,
    /// What the client called itself then.
    pub user_agent: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last refreshed.
    pub last_used_at: Moment,
    /// When it ends at the latest.
    pub expires_at: Moment,
}

impl Identity {
    /// The actor's live sessions, newest first.
    ///
    /// # Errors
    /// Of the database.
    pub fn list_sessions(&self, actor: &Actor, ask: &PageAsk) -> Result<Page<SessionView>, Error> {
        let now = self.context.now();
        let page = self
            .context
            .store
            .read(|conn| sessions::list(conn, actor.user, ask, now))?;
        page.try_map(|session| {
            Ok(SessionView {
                id: session.id,
                current: actor.session == Some(session.id),
                address: session.address,
                user_agent: session.user_agent,
                created_at: session.created_at,
                last_used_at: session.last_used_at,
                expires_at: session.expires_at,
            })
        })
    }
}
