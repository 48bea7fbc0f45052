//! The sign-in history on its way into the database: what happened is noted in memory and written every few
//! seconds.
//!
//! Not written with the request: a flood of refused tries would keep the database busy, and the time of the
//! answer would tell which accounts exist. Tries of one account from one network with one outcome are one row a
//! minute. How many rows there may be is limited, for accounts that exist and for others apart; what is beyond
//! is summed up in one row a minute and outcome.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use loa_domain::allowance::Allowance;
use loa_domain::ids::UserId;
use loa_domain::sign_in::{SignIn, SignInOutcome};
use loa_domain::time::Moment;
use loa_store::{Written, sign_ins};

use crate::identity::{LoginFrom, network};
use crate::{App, Context, Error, ids};

/// Rows of existing accounts: so many at once, so many more a minute.
const KNOWN: (u32, u32) = (500, 20);
/// The same for addresses that belong to no account, which anyone can make up.
const UNKNOWN: (u32, u32) = (100, 5);
/// Rows of one transaction.
const CHUNK: usize = 100;
/// Characters kept of a client's name for itself.
const USER_AGENT: usize = 200;

/// What tries are told apart by: the minute, the account, what came of it, and the network.
type Key = (i64, Option<UserId>, SignInOutcome, Option<String>);

struct Line {
    row: SignIn,
    written: u32,
}

struct Noted {
    known: Allowance,
    unknown: Allowance,
    lines: BTreeMap<Key, Line>,
}

/// What has not been written yet.
pub(crate) struct SignInBook(Mutex<Noted>);

impl Default for SignInBook {
    fn default() -> Self {
        Self(Mutex::new(Noted {
            known: Allowance::new(KNOWN.0, KNOWN.1),
            unknown: Allowance::new(UNKNOWN.0, UNKNOWN.1),
            lines: BTreeMap::new(),
        }))
    }
}

impl SignInBook {
    /// Notes one try.
    pub(crate) fn note(
        &self,
        user: Option<UserId>,
        outcome: SignInOutcome,
        from: &LoginFrom,
        now: Moment,
    ) {
        let minute = minute_of(now);
        let mut lines = self.lines();
        let own = (minute, user, outcome, Some(network(&from.address)));
        let key = if lines.lines.contains_key(&own) || lines.may_add(user.is_some(), minute) {
            own
        } else {
            (minute, None, outcome, None)
        };
        let (user, summed_up) = (key.1, key.3.is_none());
        let line = lines.lines.entry(key).or_insert_with(|| Line {
            row: SignIn {
                id: ids::fresh(now),
                user,
                outcome,
                address: (!summed_up).then(|| from.address.clone()),
                user_agent: from.user_agent.chars().take(USER_AGENT).collect(),
                count: 0,
                at: now,
                last_at: now,
            },
            written: 0,
        });
        if summed_up {
            line.row.user_agent.clear();
        }
        line.row.count = line.row.count.saturating_add(1);
        line.row.last_at = now;
    }

    fn lines(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unwritten(&self) -> Vec<SignIn> {
        let lines = self.lines();
        let rows = lines.lines.values();
        rows.filter(|line| line.row.count > line.written)
            .take(CHUNK)
            .map(|line| line.row.clone())
            .collect()
    }

    /// Notes what was written, and lets go of minutes that are over.
    fn written(&self, rows: &[SignIn], now: Moment) {
        let minute = minute_of(now);
        self.lines().lines.retain(|key, line| {
            if let Some(row) = rows.iter().find(|row| row.id == line.row.id) {
                line.written = row.count;
            }
            key.0 >= minute || line.row.count > line.written
        });
    }
}

impl Noted {
    fn may_add(&mut self, known: bool, minute: i64) -> bool {
        if known {
            self.known.take(minute)
        } else {
            self.unknown.take(minute)
        }
    }
}

fn minute_of(now: Moment) -> i64 {
    now.micros().div_euclid(60_000_000)
}

impl Context {
    /// Writes what was noted.
    ///
    /// # Errors
    /// Of the database; the next call tries again.
    pub(crate) fn write_sign_ins(&self) -> Result<usize, Error> {
        let mut count = 0;
        loop {
            let rows = self.sign_ins.unwritten();
            let now = self.now();
            if rows.is_empty() {
                self.sign_ins.written(&rows, now);
                return Ok(count);
            }
            self.system_write(now, |tx| {
                for row in &rows {
                    sign_ins::put(tx, row)?;
                }
                Ok(Written::quiet(()))
            })?;
            count += rows.len();
            self.sign_ins.written(&rows, now);
        }
    }
}

impl App {
    /// Writes what was noted of signing in since the last time; gives how many rows.
    ///
    /// # Errors
    /// Of the database; the next call tries again.
    pub fn write_sign_ins(&self) -> Result<usize, Error> {
        self.context.write_sign_ins()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> LoginFrom {
        LoginFrom {
            address: address.to_owned(),
            user_agent: "x".repeat(1000),
        }
    }

    fn at(minute: i64) -> Moment {
        Moment::from_micros(1_800_000_000_000_000 + minute * 60_000_000).unwrap()
    }

    #[test]
    fn repeats_of_a_minute_are_one_row() {
        let book = SignInBook::default();
        let user: UserId = ids::fresh(at(0));
        for n in 0..1000 {
            let network = format!("2001:db8::{n:x}");
            book.note(Some(user), SignInOutcome::Failed, &from(&network), at(0));
        }
        book.note(
            Some(user),
            SignInOutcome::Failed,
            &from("2001:db8::1"),
            at(1),
        );
        book.note(
            Some(user),
            SignInOutcome::Refused,
            &from("2001:db8::1"),
            at(1),
        );
        let rows = book.unwritten();
        assert_eq!(
            rows.iter().map(|row| row.count).collect::<Vec<_>>(),
            [1000, 1, 1]
        );
        assert_eq!(rows[0].address.as_deref(), Some("2001:db8::0"));
        assert_eq!(rows[0].user_agent.len(), USER_AGENT);
        book.written(&rows, at(1));
        assert!(book.unwritten().is_empty());
        assert_eq!(
            book.lines().lines.len(),
            2,
            "the minute that is over is let go"
        );
    }

    #[test]
    fn a_flood_of_networks_is_summed_up_and_does_not_hide_accounts() {
        let book = SignInBook::default();
        for n in 0..100_000_u32 {
            let address = std::net::Ipv4Addr::from(n).to_string();
            book.note(None, SignInOutcome::Failed, &from(&address), at(0));
        }
        let user: UserId = ids::fresh(at(0));
        book.note(Some(user), SignInOutcome::Failed, &from("192.0.2.1"), at(0));
        let lines = book.lines();
        let most = usize::try_from(UNKNOWN.0).unwrap();
        assert_eq!(lines.lines.len(), most + 2);
        let all: u32 = lines.lines.values().map(|line| line.row.count).sum();
        assert_eq!(all, 100_001, "each is counted");
        let summed = lines.lines.values().find(|line| line.row.address.is_none());
        assert_eq!(summed.unwrap().row.user_agent, "");
        assert!(lines.lines.values().any(|line| line.row.user == Some(user)));
    }
}
