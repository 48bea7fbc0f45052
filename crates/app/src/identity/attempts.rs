//! Counting failed sign-ins, by account and by address, in windows of 15 minutes.
//!
//! Counted whether the account exists or not, and never forgiven by a success: somebody who knows
//! one password must not get new tries at another's.

use std::net::{IpAddr, Ipv6Addr};

use chrono::TimeDelta;
use loa_domain::people::email_key;
use loa_domain::time::Moment;
use loa_store::{Conn, Written, logins};

use super::Identity;
use crate::secrets::token_hash;
use crate::{Error, ids};

const WINDOW: TimeDelta = TimeDelta::minutes(15);
const PER_ACCOUNT: usize = 10;
const PER_ADDRESS: usize = 50;

/// How many failures are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginBudget {
    /// How many an account has in a window.
    pub quota: u32,
    /// Length of the window in seconds.
    pub window: u32,
    /// How many are left, of the account or of the address, whichever has fewer.
    pub left: u32,
    /// Seconds until there is one more.
    pub reset: u32,
}

/// What a try is counted by, as stored.
pub(super) struct Attempt {
    account: String,
    address: String,
}

impl Attempt {
    pub(super) fn new(email: &str, address: &str) -> Self {
        Self {
            account: token_hash(&email_key(email)),
            address: token_hash(&network(address)),
        }
    }

    /// Refuses when there were too many failures.
    pub(super) fn check(&self, conn: &mut Conn, now: Moment) -> Result<(), Error> {
        let budget = self.budget(conn, now)?;
        if budget.left == 0 {
            return Err(Error::TooManyRequests {
                retry_after: budget.reset.max(1),
            });
        }
        Ok(())
    }

    fn budget(&self, conn: &mut Conn, now: Moment) -> Result<LoginBudget, Error> {
        let account = left(
            conn,
            logins::Subject::Account(&self.account),
            PER_ACCOUNT,
            now,
        )?;
        let address = left(
            conn,
            logins::Subject::Address(&self.address),
            PER_ADDRESS,
            now,
        )?;
        // Of two that are used up, the one that takes longer counts.
        let (left, reset) = if account.0 == address.0 {
            (account.0, account.1.max(address.1))
        } else {
            account.min(address)
        };
        Ok(LoginBudget {
            quota: u32::try_from(PER_ACCOUNT).unwrap_or(0),
            window: seconds(WINDOW),
            left,
            reset,
        })
    }
}

/// How many failures a subject has left, and the seconds until there is one more.
fn left(
    conn: &mut Conn,
    subject: logins::Subject<'_>,
    limit: usize,
    now: Moment,
) -> Result<(u32, u32), Error> {
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let times = logins::since(conn, subject, now.before(WINDOW), rows)?;
    let left = u32::try_from(limit.saturating_sub(times.len())).unwrap_or(0);
    let reset = times.last().map_or(0, |oldest| {
        seconds(oldest.after(WINDOW).utc() - now.utc()).saturating_add(1)
    });
    Ok((left, reset.min(seconds(WINDOW))))
}

fn seconds(delta: TimeDelta) -> u32 {
    u32::try_from(delta.num_seconds().max(0)).unwrap_or(u32::MAX)
}

/// What addresses are told apart by: one IPv4 address, or the /64 that a subscriber has of IPv6.
pub fn network(address: &str) -> String {
    match address
        .parse::<IpAddr>()
        .map(|address| address.to_canonical())
    {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

impl Identity {
    /// How many failures an account and an address have left.
    ///
    /// # Errors
    /// Of the database.
    pub fn login_budget(&self, email: &str, address: &str) -> Result<LoginBudget, Error> {
        let now = self.context.now();
        let attempt = Attempt::new(email, address);
        self.context.store.read(|conn| attempt.budget(conn, now))
    }

    /// Counts a failure, in a transaction of its own: that of the refused work is rolled back.
    pub(super) fn note_failure(&self, attempt: &Attempt, now: Moment) -> Result<(), Error> {
        self.context.system_write(now, |tx| {
            let account = logins::Subject::Account(&attempt.account);
            let address = logins::Subject::Address(&attempt.address);
            logins::insert(tx, ids::fresh(now), account, now)?;
            logins::insert(tx, ids::fresh(now), address, now)?;
            Ok::<_, Error>(Written::quiet(()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_in_a_64_are_one() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }
}
