//! Forgetting what nobody can ask for again: answers kept for repeated requests, counted failures
//! to sign in, sessions and links that are long over, notices that were seen long ago.
//!
//! Not for anything of an entry's history or the audit trail: those are kept, or thinned by
//! `retention`.

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, idempotency, logins, notices, password_links, previews, sessions};

use crate::{App, Error};

/// Rows of one transaction.
const CHUNK: i64 = 200;
/// Hours that most things are kept after they are of no use.
const HOURS: i64 = crate::idempotency::KEPT_HOURS;
/// Hours that links are kept after they are over, so that it can be seen who made them.
const LINK_HOURS: i64 = 30 * 24;

type Forget = fn(&mut Tx<'_>, Moment, i64) -> Result<usize, loa_store::Error>;

/// What is forgotten, after how many hours.
const KINDS: [(&str, i64, Forget); 6] = [
    ("kept_answers", HOURS, idempotency::system_forget),
    ("login_failures", HOURS, logins::system_forget),
    ("sessions", HOURS, sessions::system_forget),
    ("password_links", LINK_HOURS, password_links::system_forget),
    ("preview_links", LINK_HOURS, previews::system_forget),
    ("notices", LINK_HOURS, notices::system_forget),
];

impl App {
    /// Forgets one chunk of each kind that is old enough, each in a transaction of its own. Gives
    /// whether there may be more.
    ///
    /// # Errors
    /// Of the database.
    pub fn forget(&self) -> Result<bool, Error> {
        self.forget_and_tell(|_, _| ())
    }

    /// The same; `tell` hears how many rows of each kind are gone.
    ///
    /// # Errors
    /// Of the database.
    pub fn forget_and_tell(
        &self,
        mut tell: impl FnMut(&'static str, usize),
    ) -> Result<bool, Error> {
        let now = self.now();
        let mut more = false;
        for (kind, hours, forget) in KINDS {
            let before = now.before(TimeDelta::hours(hours));
            let count = self.store().write(now, |tx| {
                Ok::<_, Error>(Written::quiet(forget(tx, before, CHUNK)?))
            })?;
            tell(kind, count);
            more |= i64::try_from(count).is_ok_and(|count| count >= CHUNK);
        }
        Ok(more)
    }
}
