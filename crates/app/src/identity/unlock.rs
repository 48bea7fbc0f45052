//! Letting an account sign in again at once, on the command line.

use loa_domain::people::User;
use loa_store::{Written, sign_in_counters, users};
use serde_json::json;

use super::{Identity, about_user, attempts};
use crate::Error;

impl Identity {
    /// Forgets the failed sign-ins of the account with this address: from all networks, on its devices and
    /// in its sessions. What networks are counted by stays. Gives how many counters there were.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn system_unlock(&self, email: &str) -> Result<(User, usize), Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let account = users::account_by_email(tx, email)?.ok_or(Error::NotFound)?;
            let count = sign_in_counters::clear(tx, &attempts::account_key(&account.user.email))?;
            let mut record = about_user(None, "user.unlock", account.user.id);
            record.detail = json!({"counters": count});
            Ok(Written::audited((account.user, count), record))
        })
    }
}
