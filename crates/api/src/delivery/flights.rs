//! Reads under way for the cache: whoever asks for what is being read waits for that answer, so that
//! a thousand readers of one new article read it once.
//!
//! Not for deciding whether that answer will do: it may have been read before a change that the one
//! who waited must see.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::prepared::Prepared;
use crate::problem::Problem;

/// What came of a read.
#[derive(Clone)]
pub(super) enum Landed {
    /// An answer.
    Answer(Arc<Prepared>),
    /// The database is away; asking it again would take as long.
    Away(Problem),
}

type Outcome = Option<Landed>;

/// Reads under way, by address; a clone is the same.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<String, watch::Receiver<Outcome>>>>);

/// Whose turn it is.
pub(super) enum Turn {
    /// Nobody reads it: the caller does.
    Own(Flight),
    /// Somebody does already.
    Other(watch::Receiver<Outcome>),
}

/// The one who reads. Others are let go when this is dropped, whatever came of it.
pub(super) struct Flight {
    flights: Flights,
    address: String,
    sender: watch::Sender<Outcome>,
}

impl Flights {
    /// Joins the read of an address, or begins one.
    pub(super) fn join(&self, address: &str) -> Turn {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.entry(address.to_owned()) {
            Entry::Occupied(other) => Turn::Other(other.get().clone()),
            Entry::Vacant(place) => {
                let (sender, receiver) = watch::channel(None);
                place.insert(receiver);
                Turn::Own(Flight {
                    flights: self.clone(),
                    address: address.to_owned(),
                    sender,
                })
            }
        }
    }
}

impl Flight {
    /// Tells those who wait.
    pub(super) fn land(self, landed: Landed) {
        self.sender.send_replace(Some(landed));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut all = self
            .flights
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.address);
    }
}

/// What another's read gave; none when that is nothing to go by.
pub(super) async fn wait(mut other: watch::Receiver<Outcome>) -> Option<Landed> {
    let landed = other.wait_for(Option::is_some).await.ok()?;
    landed.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[actix_web::test]
    async fn one_reads_and_the_others_wait_for_it() {
        let flights = Flights::default();
        let Turn::Own(own) = flights.join("/a") else {
            panic!("the first reads");
        };
        assert!(matches!(flights.join("/b"), Turn::Own(_)));
        let Turn::Other(other) = flights.join("/a") else {
            panic!("the second waits");
        };
        own.land(Landed::Away(Problem::new(Code::Unavailable)));
        assert!(matches!(wait(other).await, Some(Landed::Away(_))));
        assert!(matches!(flights.join("/a"), Turn::Own(_)));
    }

    #[actix_web::test]
    async fn a_read_that_is_given_up_holds_up_nobody() {
        let flights = Flights::default();
        let own = flights.join("/a");
        let Turn::Other(other) = flights.join("/a") else {
            panic!("the second waits");
        };
        drop(own);
        assert!(wait(other).await.is_none());
    }
}
