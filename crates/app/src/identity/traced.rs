//! What came of a check of a password goes into the security log and the sign-in history.
//!
//! Not for refusing: whoever checks does that. What was typed in the place of an address is kept nowhere when it
//! belongs to no account: people type passwords there. The log has a keyed hash of it, the history nothing.

use loa_domain::actor::Actor;
use loa_domain::ids::UserId;
use loa_domain::people::email_key;
use loa_domain::sign_in::SignInOutcome;
use loa_store::users;

use super::{Identity, LoginFrom};
use crate::Error;

impl Identity {
    /// Signs somebody in by `check`, and keeps what came of it.
    pub(super) fn traced<T>(
        &self,
        email: &str,
        from: &LoginFrom,
        check: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let result = check();
        if let Some(outcome) = outcome(&result) {
            let found = self
                .context
                .store
                .read(|conn| users::account_by_email(conn, email));
            let user = match found {
                Ok(account) => account.map(|account| account.user.id),
                Err(error) => {
                    tracing::warn!(%error, "whose sign-in this was is not known");
                    None
                }
            };
            let typed = self.context.secrets.typed_hash(&email_key(email));
            self.keep(user, &typed, outcome, from);
        }
        result
    }

    /// Keeps what came of asking a person who is signed in for their password again; that it was right says
    /// what they do with it.
    pub(super) fn trace_check<T>(&self, actor: &Actor, checked: &Result<Option<T>, Error>) {
        let outcome = match checked {
            Ok(Some(_)) => None,
            Ok(None) => Some(SignInOutcome::Failed),
            Err(error) => of_error(error),
        };
        if let Some(outcome) = outcome {
            let from = LoginFrom {
                address: actor.address.clone().unwrap_or_default(),
                user_agent: String::new(),
            };
            self.keep(Some(actor.user), "", outcome, &from);
        }
    }

    fn keep(&self, user: Option<UserId>, typed: &str, outcome: SignInOutcome, from: &LoginFrom) {
        let result = match outcome {
            SignInOutcome::Succeeded => "success",
            SignInOutcome::Failed | SignInOutcome::Refused => "failure",
        };
        tracing::info!(
            target: "security",
            action = "sign_in",
            outcome = result,
            reason = outcome.as_str(),
            user = user.map(|user| user.to_string()),
            typed = user.is_none().then_some(typed),
            address = from.address,
            "a password was asked for"
        );
        let now = self.context.now();
        self.context.sign_ins.note(user, outcome, from, now);
    }
}

/// None when nobody was refused or let in: the fault was ours.
fn outcome<T>(result: &Result<T, Error>) -> Option<SignInOutcome> {
    match result {
        Ok(_) => Some(SignInOutcome::Succeeded),
        Err(error) => of_error(error),
    }
}

fn of_error(error: &Error) -> Option<SignInOutcome> {
    match error {
        Error::CredentialsInvalid => Some(SignInOutcome::Failed),
        Error::TooManyRequests { .. } => Some(SignInOutcome::Refused),
        _ => None,
    }
}
