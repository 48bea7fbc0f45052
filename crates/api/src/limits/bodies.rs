//! Memory for the bodies of requests under way: so much for the process, so much for each person.
//!
//! It is taken as bytes come in, not as they are announced: whoever announces much and sends nothing
//! takes nothing away from others. The first bytes of a body are free, so that short ones, and
//! signing in with them, never wait for long ones. Not for the size of one body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use loa_domain::ids::UserId;

use super::too_many;
use crate::problem::{Code, Problem};

/// Full bodies the process has room for, and how many of them one person may have under way.
const FULL: usize = 16;
const FULL_OF_ONE: usize = 2;

/// Bytes of each body that are not counted.
const FREE: usize = 4 << 10;

/// Seconds until it is worth trying again: the bodies under way have come by then, or most of them.
const WAIT: u32 = 5;

/// Memory for bodies.
pub(crate) struct Bodies {
    most: usize,
    most_of_one: usize,
    taken: Mutex<Ledger>,
}

/// Who has taken how much; nobody stands for all who are not signed in.
#[derive(Default)]
struct Ledger {
    all: usize,
    of: HashMap<Option<UserId>, usize>,
}

/// Memory taken for a body, free again when dropped.
pub(crate) struct Taken {
    bodies: Arc<Bodies>,
    who: Option<UserId>,
    free: usize,
    bytes: usize,
}

impl Bodies {
    /// Room for bodies of at most `limit` bytes.
    pub(crate) fn of_limit(limit: usize) -> Self {
        Self {
            most: limit.saturating_mul(FULL),
            most_of_one: limit.saturating_mul(FULL_OF_ONE),
            taken: Mutex::default(),
        }
    }

    /// Nothing yet, for a body of somebody's.
    pub(crate) fn open(self: &Arc<Self>, who: Option<UserId>) -> Taken {
        Taken {
            bodies: Arc::clone(self),
            who,
            free: FREE,
            bytes: 0,
        }
    }
}

impl Taken {
    /// Takes room for that many bytes more.
    ///
    /// # Errors
    /// Too many requests, when the person has too much under way; unavailable, when all have.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Problem> {
        let free = self.free.min(bytes);
        let bytes = bytes - free;
        if bytes == 0 {
            self.free -= free;
            return Ok(());
        }
        let mut ledger = self
            .bodies
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let all = ledger.all + bytes;
        let own = ledger.of.get(&self.who).copied().unwrap_or_default() + bytes;
        if own > self.bodies.most_of_one {
            return Err(too_many("bodies", WAIT));
        }
        if all > self.bodies.most {
            return Err(Problem::new(Code::Unavailable));
        }
        ledger.all = all;
        ledger.of.insert(self.who, own);
        self.free -= free;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut ledger = self
            .bodies
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ledger.all = ledger.all.saturating_sub(self.bytes);
        let own = ledger.of.get(&self.who).copied().unwrap_or_default();
        match own.saturating_sub(self.bytes) {
            0 => ledger.of.remove(&self.who),
            left => ledger.of.insert(self.who, left),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn somebody() -> UserId {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let next = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
        UserId::from_uuid(uuid::Uuid::from_u128(next))
    }

    #[test]
    fn memory_is_shared_out_and_comes_back() {
        let bodies = Arc::new(Bodies::of_limit(100 << 10));
        let one = Some(somebody());
        let mut first = bodies.open(one);
        first.take(200 << 10).unwrap();
        let mut second = bodies.open(one);
        second.take(FREE).unwrap();
        second.take(4 << 10).unwrap();
        // Two full bodies and no more.
        let refused = second.take(1).unwrap_err();
        assert_eq!(refused.code(), Code::TooManyRequests);
        let mut held: Vec<Taken> = (0..7)
            .map(|_| {
                let mut taken = bodies.open(Some(somebody()));
                taken.take(200 << 10).unwrap();
                taken
            })
            .collect();
        let mut late = bodies.open(Some(somebody()));
        assert_eq!(late.take(200 << 10).unwrap_err().code(), Code::Unavailable);
        assert!(late.take(100).is_ok(), "what is short does not wait");
        held.clear();
        late.take(200 << 10).unwrap();
        drop((first, second, late));
        let ledger = bodies.taken.lock().unwrap();
        assert_eq!((ledger.all, ledger.of.len()), (0, 0));
    }
}
