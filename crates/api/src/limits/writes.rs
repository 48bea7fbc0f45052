//! How much a person and a site may write in a while: requests and bytes.
//!
//! Both fill up again steadily, up to what is allowed at once. A site is charged for what was done there
//! only, so that nobody who may not write there can use up its share. Not for reading.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use loa_domain::ids::UserId;
use loa_domain::time::Moment;

use super::too_many;
use crate::problem::Problem;

/// A site may write as much as so many people.
const PEOPLE_OF_SITE: u64 = 5;

/// So many entries are remembered before those that are full again are forgotten.
const REMEMBERED: usize = 1_000;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// What one person may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteQuota {
    /// Requests a minute.
    pub per_minute: u32,
    /// Bytes an hour, sent and answered: an answer holds what was stored.
    pub bytes_per_hour: u64,
}

impl Default for WriteQuota {
    fn default() -> Self {
        Self {
            per_minute: 1_200,
            bytes_per_hour: 512 << 20,
        }
    }
}

impl WriteQuota {
    fn times(self, factor: u64) -> [Allowance; 2] {
        [
            Allowance {
                most: u64::from(self.per_minute).saturating_mul(factor),
                seconds: MINUTE,
            },
            Allowance {
                most: self.bytes_per_hour.saturating_mul(factor),
                seconds: HOUR,
            },
        ]
    }
}

/// So much in so many seconds.
#[derive(Clone, Copy)]
struct Allowance {
    most: u64,
    seconds: u64,
}

/// What was used of an allowance, as of a time; it may be more than the allowance for a while, since
/// answers are charged when they are there.
#[derive(Clone, Copy)]
struct Used {
    amount: u64,
    at: Moment,
}

impl Used {
    /// What is still used at a later time.
    fn as_of(self, now: Moment, allowance: Allowance) -> u64 {
        let elapsed = now.micros().saturating_sub(self.at.micros());
        let elapsed = u128::try_from(elapsed).unwrap_or_default();
        let back =
            u128::from(allowance.most) * elapsed / (u128::from(allowance.seconds) * 1_000_000);
        self.amount
            .saturating_sub(u64::try_from(back).unwrap_or(u64::MAX))
    }
}

/// What each of many has used: requests and bytes.
struct Usage<K> {
    allowances: [Allowance; 2],
    of: HashMap<K, [Used; 2]>,
}

impl<K: Eq + Hash> Usage<K> {
    fn new(allowances: [Allowance; 2]) -> Self {
        Self {
            allowances,
            of: HashMap::new(),
        }
    }

    /// Seconds to wait until there is something left; none when there is now.
    fn wait(&self, key: &K, now: Moment) -> Option<u32> {
        let used = self.of.get(key)?;
        let waits = used
            .iter()
            .zip(self.allowances)
            .filter_map(|(used, allowance)| {
                let left = used.as_of(now, allowance);
                let over = left.checked_sub(allowance.most)?;
                let seconds = (u128::from(over) + 1) * u128::from(allowance.seconds);
                let seconds = seconds.div_ceil(u128::from(allowance.most.max(1)));
                Some(u32::try_from(seconds).unwrap_or(u32::MAX).max(1))
            });
        waits.max()
    }

    fn charge(&mut self, key: K, amounts: [u64; 2], now: Moment) {
        let allowances = self.allowances;
        if self.of.len() >= REMEMBERED {
            self.of.retain(|_, used| {
                let mut pairs = used.iter().zip(allowances);
                pairs.any(|(used, allowance)| used.as_of(now, allowance) > 0)
            });
        }
        let nothing = Used { amount: 0, at: now };
        let used = self.of.entry(key).or_insert([nothing; 2]);
        for ((used, allowance), amount) in used.iter_mut().zip(allowances).zip(amounts) {
            *used = Used {
                amount: used.as_of(now, allowance).saturating_add(amount),
                at: now,
            };
        }
    }
}

/// What people and sites have written lately.
pub(crate) struct Writes {
    people: Mutex<Usage<UserId>>,
    sites: Mutex<Usage<String>>,
}

impl Writes {
    /// Nothing yet.
    pub(crate) fn of(quota: WriteQuota) -> Self {
        Self {
            people: Mutex::new(Usage::new(quota.times(1))),
            sites: Mutex::new(Usage::new(quota.times(PEOPLE_OF_SITE))),
        }
    }

    /// Lets a write begin, and counts it for the person.
    ///
    /// # Errors
    /// Too many requests, when the person or the site has nothing left.
    pub(crate) fn begin(
        &self,
        who: UserId,
        site: Option<&str>,
        now: Moment,
    ) -> Result<(), Problem> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seconds) = people.wait(&who, now) {
            return Err(too_many("writes", seconds));
        }
        people.charge(who, [1, 0], now);
        drop(people);
        let Some(site) = site else {
            return Ok(());
        };
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        match sites.wait(&site.to_owned(), now) {
            Some(seconds) => Err(too_many("site-writes", seconds)),
            None => Ok(()),
        }
    }

    /// Charges the bytes of a write that has ended, to the site too if it was done there.
    pub(crate) fn end(&self, who: UserId, site: Option<&str>, bytes: u64, now: Moment) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people.charge(who, [0, bytes], now);
        drop(people);
        if let Some(site) = site {
            let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
            sites.charge(site.to_owned(), [1, bytes], now);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(1_750_000_000_000_000 + seconds * 1_000_000).unwrap()
    }

    fn small() -> Writes {
        Writes::of(WriteQuota {
            per_minute: 60,
            bytes_per_hour: 3_600,
        })
    }

    fn somebody() -> UserId {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let next = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
        UserId::from_uuid(uuid::Uuid::from_u128(next))
    }

    #[test]
    fn requests_run_out_and_come_back_steadily() {
        let (writes, one) = (small(), somebody());
        for _ in 0..60 {
            writes.begin(one, None, at(0)).unwrap();
        }
        assert!(writes.begin(one, None, at(0)).is_err());
        assert!(writes.begin(somebody(), None, at(0)).is_ok());
        for _ in 0..5 {
            writes.begin(one, None, at(5)).unwrap();
        }
        assert!(writes.begin(one, None, at(5)).is_err());
    }

    #[test]
    fn bytes_are_charged_to_whoever_wrote_and_to_where_it_was_done() {
        let (writes, one) = (small(), somebody());
        writes.end(one, None, 3_600, at(0));
        assert!(writes.begin(one, None, at(0)).is_err());
        assert!(writes.begin(one, None, at(2)).is_ok());
        // Five people can fill a site, and a sixth is kept out.
        for _ in 0..5 {
            writes.end(somebody(), Some("hai-tien"), 3_600, at(0));
        }
        assert!(writes.begin(somebody(), Some("hai-tien"), at(0)).is_err());
        assert!(writes.begin(somebody(), Some("giao-thuy"), at(0)).is_ok());
        assert!(writes.begin(somebody(), Some("hai-tien"), at(2)).is_ok());
    }

    #[test]
    fn who_is_full_again_is_forgotten() {
        let writes = small();
        for _ in 0..REMEMBERED {
            writes.begin(somebody(), None, at(0)).unwrap();
        }
        writes.begin(somebody(), None, at(60)).unwrap();
        assert_eq!(writes.people.lock().unwrap().of.len(), 1);
    }
}
