//! Places for work that takes the processor and no database: reading long bodies, cleaning HTML,
//! comparing texts. One at a time in the process, so that it never takes more than one core from
//! readers, and in the order of asking; one of each person, so that nobody fills the queue.
//!
//! Waiting is done here, where it takes no thread: threads that may wait are what readers need too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::rt::time::timeout;
use loa_domain::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::too_many;
use crate::problem::{Code, Problem};

/// How much of such work is done at once.
const AT_ONCE: usize = 1;

/// Longest wait for one's own turn, and then for everybody's.
const PATIENCE: Duration = Duration::from_secs(10);

/// Seconds until somebody who has too much under way may try again.
const WAIT: u32 = 5;

/// Places for work.
pub(crate) struct Places {
    shared: Arc<Semaphore>,
    own: Mutex<HashMap<UserId, Arc<Semaphore>>>,
    patience: Duration,
}

/// A place, free again when dropped; the work takes it along.
pub(crate) struct Place {
    _own: OwnedSemaphorePermit,
    _shared: OwnedSemaphorePermit,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            shared: Arc::new(Semaphore::new(AT_ONCE)),
            own: Mutex::default(),
            patience: PATIENCE,
        }
    }
}

impl Places {
    /// Waits for a place for somebody's work.
    ///
    /// # Errors
    /// Too many requests, when earlier ones of the same person take too long; unavailable, when
    /// those of others do.
    pub(crate) async fn take(&self, who: UserId) -> Result<Place, Problem> {
        let own = timeout(self.patience, self.own(who).acquire_owned());
        let own = own.await.map_err(|_| too_many("work", WAIT))?;
        let shared = timeout(self.patience, Arc::clone(&self.shared).acquire_owned());
        let shared = shared.await.map_err(|_| Problem::new(Code::Unavailable))?;
        // Nobody closes them.
        match (own, shared) {
            (Ok(own), Ok(shared)) => Ok(Place {
                _own: own,
                _shared: shared,
            }),
            _ => Err(Problem::new(Code::Internal)),
        }
    }

    fn own(&self, who: UserId) -> Arc<Semaphore> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits or works holds theirs too.
        own.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        let made = own
            .entry(who)
            .or_insert_with(|| Arc::new(Semaphore::new(1)));
        Arc::clone(made)
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

    #[actix_web::test]
    async fn one_works_and_the_others_wait_in_vain_or_in_turn() {
        let places = Places {
            patience: Duration::from_millis(20),
            ..Places::default()
        };
        let (one, other) = (somebody(), somebody());
        let place = places.take(one).await.unwrap();
        let again = places.take(one).await.err().unwrap();
        assert_eq!(again.code(), Code::TooManyRequests);
        let others = places.take(other).await.err().unwrap();
        assert_eq!(others.code(), Code::Unavailable);
        drop(place);
        drop(places.take(other).await.unwrap());
        drop(places.take(one).await.unwrap());
        assert_eq!(places.own.lock().unwrap().len(), 1);
    }
}
