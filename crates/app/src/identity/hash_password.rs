//! The hash of a password that no request sets, for accounts that are put in with one.

use loa_domain::people::User;

use super::{Identity, password_rules};
use crate::Error;

impl Identity {
    /// The hash of a password for an account, at the usual cost and under the usual rules. Whoever
    /// calls this stores it: there is no link and no session to check.
    ///
    /// # Errors
    /// `Invalid` at `/password`; busy when no place for hashing comes free.
    pub fn system_hash_password(&self, user: &User, password: &str) -> Result<String, Error> {
        password_rules::check(password, user, "/password")?;
        self.context.passwords.place()?.hash(password)
    }
}
