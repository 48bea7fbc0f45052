//! What tries to sign in are counted by, and counting them.
//!
//! By the account together with the network it is tried from, by the network, and by the account over all
//! networks that it has not signed in from. A known device (one that brings a device token) has a counter
//! of its own and no other, and so has an open session. Whether the account exists makes no difference.
//!
//! A try is counted before the password is looked at, in a transaction that also asks whether there is one
//! left; a good one is given back when its session is opened. So of many tries at a time no more pass than
//! are allowed, on all nodes together. See docs/adr/0025.

use std::net::{IpAddr, Ipv6Addr};

use chrono::TimeDelta;
use loa_domain::ids::SessionId;
use loa_domain::people::email_key;
use loa_domain::time::Moment;
use loa_store::sign_in_counters::{self, Counter};
use loa_store::{Conn, Tx, Written};

use super::counter::{self, Left, LoginLimits};
use super::{Identity, LoginFrom};
use crate::Error;
use crate::error::if_taken;
use crate::secrets::token_hash;

/// So many times the tries of one account from one network are allowed to a network.
const NETWORK: u32 = 10;
/// So many times these are allowed to an account over all networks it has not signed in from.
const STRANGERS: u32 = 4;
/// For how long a network is known after an account has signed in from it.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// How many failures are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginBudget {
    /// How many an account has from one network.
    pub quota: u32,
    /// For how long they are added up, in seconds.
    pub window: u32,
    /// How many are left, of the counter that has fewest.
    pub left: u32,
    /// Seconds until there are more.
    pub reset: u32,
}

/// What a try is counted by.
pub(super) struct Attempt {
    account: String,
    /// The account at this network, noted as known when signing in succeeds.
    pair: Option<String>,
    /// Always in the same order, in which they are locked.
    counters: Vec<Counted>,
    lock: TimeDelta,
    tries: u32,
}

struct Counted {
    key: String,
    limit: u32,
    /// Whether the counter is the account's, and goes when it is unlocked.
    of_account: bool,
}

/// Tries that are counted as failures, until they are given back.
pub(super) struct Taken(Vec<(String, u32, Counter)>);

impl Attempt {
    /// A try without a session; `device` is the id of a known one.
    pub(super) fn new(
        conn: &mut Conn,
        limits: LoginLimits,
        email: &str,
        address: &str,
        device: Option<&str>,
        now: Moment,
    ) -> Result<Self, Error> {
        let email = email_key(email);
        let network = network(address);
        let pair = key(&["pair", &email, &network]);
        let mut attempt = Self::none(limits, &email);
        if let Some(device) = device {
            attempt.count(key(&["device", device]), 1, true);
        } else {
            attempt.count(key(&["network", &network]), NETWORK, false);
            if address != super::prove::HERE
                && !sign_in_counters::is_known(conn, &pair, now.before(KNOWN))?
            {
                attempt.count(key(&["account", &email]), STRANGERS, true);
            }
            attempt.count(pair.clone(), 1, true);
        }
        attempt.pair = Some(pair);
        Ok(attempt)
    }

    /// A try in an open session of the account.
    pub(super) fn in_session(limits: LoginLimits, email: &str, session: SessionId) -> Self {
        let mut attempt = Self::none(limits, &email_key(email));
        attempt.count(key(&["session", &session.to_string()]), 1, true);
        attempt
    }

    fn none(limits: LoginLimits, email: &str) -> Self {
        Self {
            account: account_key(email),
            pair: None,
            counters: Vec::new(),
            lock: limits.lock,
            tries: limits.tries,
        }
    }

    fn count(&mut self, key: String, times: u32, of_account: bool) {
        self.counters.push(Counted {
            key,
            limit: self.tries.saturating_mul(times),
            of_account,
        });
    }

    /// Refuses when there were too many failures.
    pub(super) fn check(&self, conn: &mut Conn, now: Moment) -> Result<(), Error> {
        refuse_if_none(self.left(conn, now)?)
    }

    fn left(&self, conn: &mut Conn, now: Moment) -> Result<Left, Error> {
        let mut least = None;
        for counted in &self.counters {
            let counter = sign_in_counters::get(conn, &counted.key)?;
            least = Some(fewer(
                least,
                counter::left(counter, counted.limit, self.lock, now),
            ));
        }
        Ok(least.unwrap_or(Left {
            failures: self.tries,
            seconds: 0,
        }))
    }

    fn budget(&self, conn: &mut Conn, now: Moment) -> Result<LoginBudget, Error> {
        let left = self.left(conn, now)?;
        Ok(LoginBudget {
            quota: self.tries,
            window: counter::seconds(self.lock),
            left: left.failures,
            reset: left.seconds,
        })
    }

    /// Counts a try as failed, or refuses it.
    fn take(&self, tx: &mut Tx<'_>, now: Moment) -> Result<Taken, Error> {
        let mut least = None;
        let mut taken = Vec::new();
        for counted in &self.counters {
            let before = sign_in_counters::hold(tx, &counted.key)?;
            least = Some(fewer(
                least,
                counter::left(before, counted.limit, self.lock, now),
            ));
            let after = counter::add(before, counted.limit, self.lock, now);
            if before.is_some() {
                sign_in_counters::update(tx, &counted.key, &after)?;
            } else {
                let account = counted.of_account.then_some(self.account.as_str());
                sign_in_counters::insert(tx, &counted.key, account, &after).map_err(again)?;
            }
            taken.push((counted.key.clone(), counted.limit, after));
        }
        // Refusing rolls back what was counted above: being refused is no failure.
        least.map_or(Ok(()), refuse_if_none)?;
        Ok(Taken(taken))
    }

    /// Notes a success: the try was no failure, and the network is known from now on.
    pub(super) fn succeed(&self, tx: &mut Tx<'_>, taken: &Taken, now: Moment) -> Result<(), Error> {
        for (key, limit, counted) in &taken.0 {
            let given = sign_in_counters::hold(tx, key)?
                .and_then(|counter| counter::give_back(counter, counted, *limit));
            if let Some(given) = given {
                sign_in_counters::update(tx, key, &given)?;
            }
        }
        if let Some(pair) = &self.pair {
            sign_in_counters::note_network(tx, pair, now).map_err(again)?;
        }
        Ok(())
    }
}

/// The one with fewer failures left; of two with as many, the one that takes longer.
fn fewer(least: Option<Left>, left: Left) -> Left {
    let order = |left: &Left| (left.failures, std::cmp::Reverse(left.seconds));
    match least {
        Some(least) if order(&least) <= order(&left) => least,
        _ => left,
    }
}

fn refuse_if_none(left: Left) -> Result<(), Error> {
    if left.failures == 0 {
        return Err(Error::TooManyRequests {
            retry_after: left.seconds.max(1),
        });
    }
    Ok(())
}

/// Somebody else has just added the row: the transaction is tried again and finds it.
fn again(error: loa_store::Error) -> Error {
    if_taken(error, || loa_store::Error::Collision.into())
}

/// What all counters of an account are found by.
pub(super) fn account_key(email: &str) -> String {
    key(&["counters", &email_key(email)])
}

fn key(parts: &[&str]) -> String {
    token_hash(&parts.join("\0"))
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
    /// How many failures are left to whoever tries to sign in so.
    ///
    /// # Errors
    /// Of the database.
    pub fn login_budget(
        &self,
        email: &str,
        device: Option<&str>,
        from: &LoginFrom,
    ) -> Result<LoginBudget, Error> {
        let now = self.context.now();
        self.context.store.read(|conn| {
            let (_, attempt) = self.attempt(conn, email, device, from, now)?;
            attempt.budget(conn, now)
        })
    }

    /// Counts a try as failed, or refuses it. In a transaction of its own: it stays counted, whatever
    /// becomes of the request.
    pub(super) fn take_try(&self, attempt: &Attempt, now: Moment) -> Result<Taken, Error> {
        self.context
            .system_write(now, |tx| Ok(Written::quiet(attempt.take(tx, now)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Left, fewer, network};

    #[test]
    fn neighbours_in_a_64_are_one() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }

    #[test]
    fn the_counter_with_least_left_is_told() {
        let left = |failures, seconds| Left { failures, seconds };
        let of = |all: &[Left]| {
            all.iter()
                .fold(None, |least, left| Some(fewer(least, *left)))
        };
        assert_eq!(of(&[left(3, 9), left(1, 5), left(2, 7)]), Some(left(1, 5)));
        assert_eq!(
            of(&[left(0, 9), left(0, 50), left(0, 7)]),
            Some(left(0, 50))
        );
    }
}
