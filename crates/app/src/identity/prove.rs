//! Proving who one is on the command line, for what takes persons and not only the machine's operator.
//!
//! Not for a session: nothing is given out that could be used again.

use loa_domain::actor::Actor;
use loa_domain::people::UserStatus;
use loa_store::{memberships, users};

use super::attempts::Attempt;
use super::{Identity, LoginFrom};
use crate::Error;

/// What failures on the command line are counted under, in the place of an address.
const HERE: &str = "command line";

impl Identity {
    /// Whose email and password these are, with what they may do now. Failures count as those of
    /// signing in do.
    ///
    /// # Errors
    /// `CredentialsInvalid`; `TooManyRequests` after too many failures.
    pub fn prove(&self, email: &str, password: &str) -> Result<Actor, Error> {
        let from = LoginFrom {
            address: HERE.to_owned(),
            user_agent: String::new(),
        };
        let proved = self.traced(email, &from, || self.check_password(email, password));
        // A command ends before any background work.
        self.context.write_sign_ins()?;
        proved
    }

    fn check_password(&self, email: &str, password: &str) -> Result<Actor, Error> {
        let now = self.context.now();
        let attempt = Attempt::new(email, HERE);
        let account = self.context.store.read(|conn| {
            attempt.check(conn, now)?;
            users::account_by_email(conn, email).map_err(Error::from)
        })?;
        let account = account.filter(|account| account.user.status == UserStatus::Active);
        let account = self
            .verify(&attempt, account, password, now)?
            .ok_or(Error::CredentialsInvalid)?;
        self.context
            .store
            .read(|conn| memberships::system_actor(conn, account.user.id, now.day()))?
            .ok_or(Error::CredentialsInvalid)
    }
}
