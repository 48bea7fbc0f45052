//! Changing one's own password.

use loa_domain::actor::Actor;
use loa_domain::field::{FieldCode, FieldError};
use loa_store::{Written, password_links, sessions, users};

use super::attempts::Attempt;
use super::login::hold_unchanged;
use super::own_words::OwnWords;
use super::{Identity, about_user, password_rules, session_of};
use crate::Error;

impl Identity {
    /// Sets a new password and ends all other sessions. A wrong current password counts as a failed
    /// sign-in of this session: whoever has stolen it does not lock the person out elsewhere.
    ///
    /// # Errors
    /// `Invalid` at `/current_password`, `WeakPassword` at `/new_password`; `TooManyRequests`.
    pub fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<(), Error> {
        let now = self.context.now();
        let session = session_of(actor)?;
        let limits = self.context.login_limits;
        let (account, own, attempt) = self.context.store.read(|conn| {
            let account = users::account(conn, actor.user)?.ok_or(Error::TokenInvalid)?;
            let own = OwnWords::of(conn, &account.user)?;
            let attempt = Attempt::in_session(limits, &account.user.email, session);
            attempt.check(conn, now)?;
            Ok::<_, Error>((account, own, attempt))
        })?;
        password_rules::check(new, &own, "/new_password")?;
        let checked = self.verify(&attempt, Some(account), current, now);
        self.trace_check(actor, &checked);
        let Some(proved) = checked? else {
            return Err(Error::field(FieldError::new(
                "/current_password",
                FieldCode::Invalid,
                "not the current password",
            )));
        };
        let hash = self.context.passwords.place()?.hash(new)?;
        self.context.write_as(actor, now, |tx, actor| {
            attempt.succeed(tx, &proved.taken, now)?;
            let user = hold_unchanged(tx, &proved.account)?;
            users::set_password(tx, user.id, user.version, &hash, now)?;
            sessions::end_all(tx, actor.user, Some(session), now)?;
            password_links::void_all(tx, actor.user, now)?;
            let record = about_user(Some(actor.user), "password.change", actor.user);
            Ok(Written::audited((), record))
        })
    }
}
