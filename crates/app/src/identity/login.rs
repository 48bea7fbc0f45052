//! Signing in with email and password.

use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;
use loa_store::sessions::Session;
use loa_store::users::Account;
use loa_store::{Conn, Tx, Written, sessions, users};
use uuid::Uuid;

use super::attempts::{Attempt, Taken};
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

/// Whom a try to sign in is about, as far as they exist.
pub(super) struct Claimed {
    pub(super) account: Option<Account>,
    device: Option<Uuid>,
}

/// An account whose password was given, with the try that this has taken.
pub(super) struct Proved {
    pub(super) account: Account,
    pub(super) taken: Taken,
}

impl Identity {
    /// Opens a session. Unknown, suspended and password-less accounts get the answer of a wrong
    /// password, after the same time. `device` is the token of an earlier sign-in; one that is no good
    /// is as none.
    ///
    /// # Errors
    /// `CredentialsInvalid`; `TooManyRequests` after too many failures.
    pub fn login(
        &self,
        email: &str,
        password: &str,
        device: Option<&str>,
        from: &LoginFrom,
    ) -> Result<Tokens, Error> {
        self.traced(email, from, || {
            self.open_session(email, password, device, from)
        })
    }

    fn open_session(
        &self,
        email: &str,
        password: &str,
        device: Option<&str>,
        from: &LoginFrom,
    ) -> Result<Tokens, Error> {
        let now = self.context.now();
        let (claimed, attempt) = self.context.store.read(|conn| {
            let (claimed, attempt) = self.attempt(conn, email, device, from, now)?;
            attempt.check(conn, now)?;
            Ok::<_, Error>((claimed, attempt))
        })?;
        let Some(proved) = self.verify(&attempt, claimed.account, password, now)? else {
            return Err(Error::CredentialsInvalid);
        };
        let mut tokens = self.context.system_write(now, |tx| {
            attempt.succeed(tx, &proved.taken, now)?;
            self.open(tx, &proved.account, from, now)
        })?;
        tokens.device_token = Some(self.device_token(claimed.device, &proved.account, now));
        Ok(tokens)
    }

    /// Whom a try is about and what it is counted by.
    pub(super) fn attempt(
        &self,
        conn: &mut Conn,
        email: &str,
        device: Option<&str>,
        from: &LoginFrom,
        now: Moment,
    ) -> Result<(Claimed, Attempt), Error> {
        let account = users::account_by_email(conn, email)?
            .filter(|account| account.user.status == UserStatus::Active);
        let device = self.known_device(device, account.as_ref(), now);
        let id = device.map(|device| device.to_string());
        let limits = self.context.login_limits;
        let attempt = Attempt::new(conn, limits, email, &from.address, id.as_deref(), now)?;
        Ok((Claimed { account, device }, attempt))
    }

    /// The account, if the password is its own. The try is counted once there is a place for hashing and
    /// before the password is looked at, so that of many at a time no more pass than are allowed.
    pub(super) fn verify(
        &self,
        attempt: &Attempt,
        account: Option<Account>,
        password: &str,
        now: Moment,
    ) -> Result<Option<Proved>, Error> {
        let place = self.context.passwords.place()?;
        let taken = self.take_try(attempt, now)?;
        // What is too long for a password is not hashed as one, but something is.
        let hash = account
            .as_ref()
            .and_then(|account| account.password_hash.as_deref());
        let (password, hash) = if password.len() > password_rules::MAX * 4 {
            ("", None)
        } else {
            (password, hash)
        };
        let fits = place.verify(password, hash)?;
        Ok(account
            .filter(|_| fits)
            .map(|account| Proved { account, taken }))
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
