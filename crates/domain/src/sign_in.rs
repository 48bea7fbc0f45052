//! What came of signing in, as the sign-in history keeps it.
//!
//! Not for sessions, and not for what was typed: of an account that does not exist nothing is kept.

use crate::ids::{SignInId, UserId};
use crate::time::Moment;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What came of it.
    SignInOutcome {
        /// The password was right.
        Succeeded = "succeeded",
        /// Email and password did not belong together.
        Failed = "failed",
        /// Refused without a look at the password, after too many failures.
        Refused = "refused",
    }
}

/// Tries of one account from one network with one outcome, within one minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Identity.
    pub id: SignInId,
    /// Whose account; none where no account has the address that was typed.
    pub user: Option<UserId>,
    /// What came of it.
    pub outcome: SignInOutcome,
    /// Network address of the first; none where many are summed up.
    pub address: Option<String>,
    /// What the client of the first called itself, shortened.
    pub user_agent: String,
    /// How many.
    pub count: u32,
    /// When the first was.
    pub at: Moment,
    /// When the last was.
    pub last_at: Moment,
}

/// Which of them to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInFilter {
    /// Of this person.
    pub user: Option<UserId>,
    /// With one of these outcomes; any when empty.
    pub outcomes: Vec<SignInOutcome>,
    /// Begun at or after this.
    pub from: Option<Moment>,
    /// Begun at or before this.
    pub to: Option<Moment>,
}
