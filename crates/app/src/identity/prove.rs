//! Proving who one is on the command line, for what takes persons and not only the machine's operator.
//!
//! Not for a session: nothing is given out that could be used again.

use loa_domain::actor::Actor;
use loa_store::{Written, memberships};

use super::{Identity, LoginFrom};
use crate::Error;

/// What failures on the command line are counted under, in the place of an address.
pub(super) const HERE: &str = "command line";

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
        let proved = self.traced(email, &from, || self.check_password(email, password, &from));
        // A command ends before any background work.
        self.context.write_sign_ins()?;
        proved
    }

    fn check_password(
        &self,
        email: &str,
        password: &str,
        here: &LoginFrom,
    ) -> Result<Actor, Error> {
        let now = self.context.now();
        let (claimed, attempt) = self.context.store.read(|conn| {
            let (claimed, attempt) = self.attempt(conn, email, None, here, now)?;
            attempt.check(conn, now)?;
            Ok::<_, Error>((claimed, attempt))
        })?;
        let proved = self
            .verify(&attempt, claimed.account, password, now)?
            .ok_or(Error::CredentialsInvalid)?;
        let user = proved.account.user.id;
        self.context.system_write(now, |tx| {
            attempt.succeed(tx, &proved.taken, now)?;
            let actor = memberships::system_actor(tx, user, now.day())?;
            Ok(Written::quiet(actor.ok_or(Error::CredentialsInvalid)?))
        })
    }
}
