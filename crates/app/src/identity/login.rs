//! Signing in with email and password.

use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;
use loa_store::sessions::Session;
use loa_store::users::Account;
use loa_store::{Tx, Written, sessions, users};

use super::attempts::Attempt;
use super::{Identity, SESSION, Tokens, about_session, password_rules};
use crate::error::again_if_stale;
use crate::{Error, ids};

/// Where somebody signs in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginFrom {
    /// Address of the client.
    pub address: String,
    /// What the client calls itself.
    pub user_agent: String,
}

/// Characters kept of a client's name for itself.
const USER_AGENT: usize = 200;

impl Identity {
    /// Opens a session. Unknown, suspended and password-less accounts get the answer of a wrong
    /// password, after the same time.
    ///
    /// # Errors
    /// `CredentialsInvalid`; `TooManyRequests` after too many failures of the account or address.
    pub fn login(&self, email: &str, password: &str, from: &LoginFrom) -> Result<Tokens, Error> {
        self.traced(email, from, || self.open_session(email, password, from))
    }

    fn open_session(&self, email: &str, password: &str, from: &LoginFrom) -> Result<Tokens, Error> {
        let now = self.context.now();
        let attempt = Attempt::new(email, &from.address);
        let account = self.context.store.read(|conn| {
            attempt.check(conn, now)?;
            users::account_by_email(conn, email).map_err(Error::from)
        })?;
        let account = account.filter(|account| account.user.status == UserStatus::Active);
        match self.verify(&attempt, account, password, now)? {
            Some(account) => self
                .context
                .system_write(now, |tx| self.open(tx, &account, from, now)),
            None => Err(Error::CredentialsInvalid),
        }
    }

    /// The account, if the password is its own; a failure is counted otherwise. The count is asked
    /// again once there is a place for hashing, so that many tries at a time do not all pass.
    pub(super) fn verify(
        &self,
        attempt: &Attempt,
        account: Option<Account>,
        password: &str,
        now: Moment,
    ) -> Result<Option<Account>, Error> {
        let place = self.context.passwords.place()?;
        self.context.store.read(|conn| attempt.check(conn, now))?;
        // What is too long for a password is not hashed as one, but something is.
        let hash = account
            .as_ref()
            .and_then(|account| account.password_hash.as_deref());
        let (password, hash) = if password.len() > password_rules::MAX * 4 {
            ("", None)
        } else {
            (password, hash)
        };
        if place.verify(password, hash)? {
            return Ok(account);
        }
        self.note_failure(attempt, now)?;
        Ok(None)
    }

    fn open(
        &self,
        tx: &mut Tx<'_>,
        checked: &Account,
        from: &LoginFrom,
        now: Moment,
    ) -> Result<Written<Tokens>, Error> {
        let user = hold_unchanged(tx, checked)?;
        let session = Session {
            id: ids::fresh(now),
            user: user.id,
            address: from.address.clone(),
            user_agent: from.user_agent.chars().take(USER_AGENT).collect(),
            created_at: now,
            last_used_at: now,
            expires_at: now.after(SESSION),
        };
        sessions::insert(tx, &session)?;
        let tokens = self.issue(tx, user.id, session.id, now)?;
        let record = about_session(Some(user.id), "session.open", user.id, session.id);
        Ok(Written::audited(tokens, record))
    }
}

/// Locks the account, so that no session is opened beside a change of password or a suspension
/// that ends them all.
pub(super) fn hold_unchanged(tx: &mut Tx<'_>, checked: &Account) -> Result<User, Error> {
    let current = users::account(tx, checked.user.id)?
        .filter(|current| current.user.status == UserStatus::Active)
        .filter(|current| current.password_hash == checked.password_hash)
        .ok_or(Error::CredentialsInvalid)?;
    users::hold(tx, current.user.id, current.user.version).map_err(again_if_stale)?;
    Ok(current.user)
}
