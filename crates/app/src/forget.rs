//! Forgetting what nobody can ask for again: answers kept for repeated requests, counted failures
//! to sign in, sessions and links that are long over, notices that were seen long ago.
//!
//! Not for anything of an entry's history or the audit trail: those are kept, or thinned by
//! `retention`.

use chrono::TimeDelta;
use loa_domain::time::Moment;
use loa_store::{
    Tx, Written, idempotency, logins, notices, password_links, previews, sessions,
    sign_in_counters, sign_ins,
};

use crate::{App, Error};

/// Rows of one transaction.
const CHUNK: i64 = 200;
/// Hours that most things are kept after they are of no use.
const HOURS: i64 = crate::idempotency::KEPT_HOURS;
/// Hours that links are kept after they are over, so that it can be seen who made them.
const LINK_HOURS: i64 = 30 * 24;

/// Hours that networks are kept after an account has last signed in from them; see `identity`.
const NETWORK_HOURS: i64 = 90 * 24;

type Forget = fn(&mut Tx<'_>, Moment, i64) -> Result<usize, loa_store::Error>;

/// What is forgotten, after how many hours.
const KINDS: [(&str, i64, Forget); 8] = [
    ("kept_answers", HOURS, idempotency::system_forget),
    ("login_failures", HOURS, logins::system_forget),
    ("sign_in_counters", 0, sign_in_counters::system_forget),
    (
        "sign_in_networks",
        NETWORK_HOURS,
        sign_in_counters::system_forget_networks,
    ),
    ("sessions", HOURS, sessions::system_forget),
    ("password_links", LINK_HOURS, password_links::system_forget),
    ("preview_links", LINK_HOURS, previews::system_forget),
    ("notices", LINK_HOURS, notices::system_forget),
];

impl App {
    /// Forgets one chunk of the sign-in history that is older than `age`. Gives how many rows are gone, and
    /// whether there may be more.
    ///
    /// # Errors
    /// Of the database.
    pub fn forget_sign_ins(&self, age: TimeDelta) -> Result<(usize, bool), Error> {
        let now = self.now();
        let count = self.store().write(now, |tx| {
            let count = sign_ins::system_forget(tx, now.before(age), CHUNK)?;
            Ok::<_, Error>(Written::quiet(count))
        })?;
        Ok((
            count,
            i64::try_from(count).is_ok_and(|count| count >= CHUNK),
        ))
    }

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
