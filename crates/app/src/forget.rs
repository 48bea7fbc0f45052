//! Forgetting what nobody can ask for again: answers kept for repeated requests, counted failures
//! to sign in, and sessions that are long over.
//!
//! Not for anything of an entry's history or the audit trail: those are kept.

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, idempotency, logins, sessions};

use crate::{App, Error};

/// Rows of one transaction.
const CHUNK: i64 = 200;

type Forget = fn(&mut Tx<'_>, Moment, i64) -> Result<usize, loa_store::Error>;

impl App {
    /// Forgets one chunk of each kind that is older than a day. Gives whether there may be more.
    ///
    /// # Errors
    /// Of the database.
    pub fn forget(&self) -> Result<bool, Error> {
        let now = self.now();
        let before = now.before(TimeDelta::hours(crate::idempotency::KEPT_HOURS));
        let kinds: [Forget; 3] = [
            idempotency::system_forget,
            logins::system_forget,
            sessions::system_forget,
        ];
        let mut more = false;
        for forget in kinds {
            let count = self.store().write(now, |tx| {
                Ok::<_, Error>(Written::quiet(forget(tx, before, CHUNK)?))
            })?;
            more |= i64::try_from(count).is_ok_and(|count| count >= CHUNK);
        }
        Ok(more)
    }
}
