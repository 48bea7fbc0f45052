//! Changing one's own password.

use loa_domain::actor::Actor;
use loa_domain::field::{FieldCode, FieldError};
use loa_store::{Written, password_links, sessions, users};

use super::attempts::Attempt;
use super::login::hold_unchanged;
use super::{Identity, LoginFrom, about_user, password_rules, session_of};
use crate::Error;

impl Identity {
    /// Sets a new password and ends all other sessions. A wrong current password counts as a
    /// failed sign-in.
    ///
    /// # Errors
    /// `Invalid` at `/current_password` or `/new_password`; `TooManyRequests`.
    pub fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        from: &LoginFrom,
    ) -> Result<(), Error> {
        let now = self.context.now();
        let session = session_of(actor)?;
        let account = self
            .context
            .store
            .read(|conn| users::account(conn, actor.user))?
            .ok_or(Error::TokenInvalid)?;
        password_rules::check(new, &account.user, "/new_password")?;
        let attempt = Attempt::new(&account.user.email, &from.address);
        let checked = self.verify(&attempt, Some(account), current, now);
        self.trace_check(actor.user, from, &checked);
        let Some(account) = checked? else {
            return Err(Error::field(FieldError::new(
                "/current_password",
                FieldCode::Invalid,
                "not the current password",
            )));
        };
        let hash = self.context.passwords.place()?.hash(new)?;
        self.context.write_as(actor, now, |tx, actor| {
            let user = hold_unchanged(tx, &account)?;
            users::set_password(tx, user.id, user.version, &hash, now)?;
            sessions::end_all(tx, actor.user, Some(session), now)?;
            password_links::void_all(tx, actor.user, now)?;
            let record = about_user(Some(actor.user), "password.change", actor.user);
            Ok(Written::audited((), record))
        })
    }
}
