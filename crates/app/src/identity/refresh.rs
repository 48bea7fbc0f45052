//! The next pair of tokens for a session.

use loa_domain::time::Moment;
use loa_store::{Tx, Written, sessions};

use super::{Identity, Tokens, about_session};
use crate::Error;
use crate::secrets::token_hash;

impl Identity {
    /// Takes a refresh token and gives the next pair. A token that was used before has been stolen
    /// from one side or the other: its session ends.
    ///
    /// # Errors
    /// `TokenInvalid`.
    pub fn refresh(&self, token: &str) -> Result<Tokens, Error> {
        let now = self.context.now();
        let hash = token_hash(token);
        self.context
            .system_write(now, |tx| self.rotate(tx, &hash, now))?
            .ok_or(Error::TokenInvalid)
    }

    /// None when the token came back: that has to be committed.
    fn rotate(
        &self,
        tx: &mut Tx<'_>,
        hash: &str,
        now: Moment,
    ) -> Result<Written<Option<Tokens>>, Error> {
        let session = sessions::by_token(tx, hash, now)?.ok_or(Error::TokenInvalid)?;
        if !sessions::take_token(tx, hash, now)? {
            sessions::end(tx, session.user, session.id, now)?;
            let record = about_session(None, "session.reuse", session.user, session.id);
            return Ok(Written::audited(None, record));
        }
        if !sessions::touch(tx, session.id, now)? {
            return Err(Error::TokenInvalid);
        }
        let tokens = self.issue(tx, session.user, session.id, now)?;
        Ok(Written::quiet(Some(tokens)))
    }
}
