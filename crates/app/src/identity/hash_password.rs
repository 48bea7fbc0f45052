//! The hash of a password that no request sets, for accounts that are put in with one.

use loa_domain::people::User;

use super::own_words::OwnWords;
use super::{Identity, password_rules};
use crate::Error;

impl Identity {
    /// The hash of a password for an account, at the usual cost and under the usual rules. Whoever
    /// calls this stores it: there is no link and no session to check.
    ///
    /// # Errors
    /// `WeakPassword`; busy when no place for hashing comes free.
    pub fn system_hash_password(&self, user: &User, password: &str) -> Result<String, Error> {
        password_rules::check(password, &OwnWords::of_person(user), "/password")?;
        self.system_hash_known_password(password)
    }

    /// The same without the rules, for a password that everybody knows: that of the demo.
    ///
    /// # Errors
    /// Busy when no place for hashing comes free.
    pub fn system_hash_known_password(&self, password: &str) -> Result<String, Error> {
        self.context.passwords.place()?.hash(password)
    }
}
