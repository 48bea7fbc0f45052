//! The next pair of tokens for a session.

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_store::sessions::{self, Session};
use loa_store::{Tx, Written};

use super::{Identity, Tokens, about_session};
use crate::Error;
use crate::secrets::token_hash;

/// For how long a used token gives its successor again: two tabs, or an answer that was lost.
const AGAIN: TimeDelta = TimeDelta::seconds(30);

/// What became of a token.
enum Refreshed {
    /// It was good.
    Next(Tokens),
    /// It was used a moment ago, and its successor not at all.
    Again(Tokens),
    /// It was used before: its session has ended. That has to be committed.
    Reused,
}

impl Identity {
    /// Takes a refresh token and gives the next pair. For a short time the last used token gives the
    /// same successor again, as long as that is unused; any other token that was used before has been
    /// stolen from one side or the other: its session ends.
    ///
    /// # Errors
    /// `TokenInvalid`.
    pub fn refresh(&self, token: &str, address: &str) -> Result<Tokens, Error> {
        let now = self.context.now();
        let hash = token_hash(token);
        // What is no token costs no write.
        let session = self
            .context
            .store
            .read(|conn| sessions::by_token(conn, &hash, now))?
            .ok_or(Error::TokenInvalid)?;
        let refreshed = self
            .context
            .system_write(now, |tx| self.rotate(tx, token, &hash, now))?;
        match refreshed {
            Refreshed::Next(tokens) => Ok(tokens),
            Refreshed::Again(tokens) => {
                tracing::info!(
                    target: "security",
                    action = "session.refresh_again",
                    outcome = "success",
                    user = session.user.to_string(),
                    address,
                    subject = "session",
                    subject_id = session.id.to_string(),
                    "the last refresh token was used again"
                );
                Ok(tokens)
            }
            // The audit record tells the security log.
            Refreshed::Reused => Err(Error::TokenInvalid),
        }
    }

    fn rotate(
        &self,
        tx: &mut Tx<'_>,
        token: &str,
        hash: &str,
        now: Moment,
    ) -> Result<Written<Refreshed>, Error> {
        let session = sessions::by_token(tx, hash, now)?.ok_or(Error::TokenInvalid)?;
        if sessions::take_token(tx, hash, now)? {
            hold(tx, &session, now)?;
            let next = self.context.secrets.refresh_successor(&of(&session, token));
            sessions::insert_token(tx, session.id, &token_hash(&next), now)?;
            let tokens = self.tokens(session.user, session.id, next, now)?;
            return Ok(Written::quiet(Refreshed::Next(tokens)));
        }
        if let Some(next) = self.unused_successor(tx, &session, token, now)? {
            hold(tx, &session, now)?;
            let tokens = self.tokens(session.user, session.id, next, now)?;
            return Ok(Written::quiet(Refreshed::Again(tokens)));
        }
        sessions::end(tx, session.user, session.id, now)?;
        let record = about_session(None, "session.reuse", session.user, session.id);
        Ok(Written::audited(Refreshed::Reused, record))
    }

    /// The successor of a token that was used a moment ago, if it was not used itself. It is derived
    /// again with each secret that may have made it, and recognised by its hash.
    fn unused_successor(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        token: &str,
        now: Moment,
    ) -> Result<Option<String>, Error> {
        let used_at = sessions::token_used_at(tx, &token_hash(token))?;
        if used_at.is_none_or(|at| at.after(AGAIN) <= now) {
            return Ok(None);
        }
        for next in self.context.secrets.refresh_successors(&of(session, token)) {
            if sessions::is_unused_token(tx, session.id, &token_hash(&next))? {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }
}

/// What a successor is derived from. The token stands for its generation of the session, and whoever
/// knows the secret and the database alone does not know it.
fn of(session: &Session, token: &str) -> String {
    format!("{}\0{token}", session.id)
}

fn hold(tx: &mut Tx<'_>, session: &Session, now: Moment) -> Result<(), Error> {
    if sessions::touch(tx, session.id, now)? {
        Ok(())
    } else {
        Err(Error::TokenInvalid)
    }
}
