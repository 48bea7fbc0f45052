//! Work on a thread that may wait for a server, watched from outside.
//!
//! A thread inside the database's library cannot be called back while a server says nothing; whoever
//! waits for the thread can stop waiting. Not for deciding how long: that is `link`.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::link::Link;

thread_local! {
    static CALL: RefCell<Option<Arc<Call>>> = const { RefCell::new(None) };
}

/// A piece of work that may be given up. Holds the servers it has connections to, the one it is
/// busy with last.
#[derive(Debug, Default)]
pub struct Call(Mutex<Vec<Arc<Link>>>);

impl Call {
    /// Does the work on this thread.
    pub fn during<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        CALL.set(Some(Arc::clone(self)));
        let _end = End;
        work()
    }

    /// Whether the work waits for a server that is silent.
    pub fn is_stuck(&self) -> bool {
        self.at().last().is_some_and(|link| link.is_silent())
    }

    fn at(&self) -> MutexGuard<'_, Vec<Arc<Link>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Threads are used again, also after a panic.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        CALL.set(None);
    }
}

/// Says that this thread is at a server, until what it gives is dropped.
pub(crate) fn at(link: &Arc<Link>) -> At {
    let call = CALL.with_borrow(Clone::clone);
    if let Some(call) = &call {
        call.at().push(Arc::clone(link));
    }
    At {
        call,
        link: Arc::clone(link),
    }
}

/// Being at a server.
pub(crate) struct At {
    call: Option<Arc<Call>>,
    link: Arc<Link>,
}

impl Drop for At {
    fn drop(&mut self) {
        let Some(call) = &self.call else { return };
        let mut at = call.at();
        // Whoever changes from one server to another leaves the first one last.
        if let Some(place) = at.iter().rposition(|link| Arc::ptr_eq(link, &self.link)) {
            at.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_where_it_went_last_in_whatever_order_it_leaves() {
        let call = Arc::new(Call::default());
        let [one, other] = [Arc::new(Link::default()), Arc::new(Link::default())];
        let is_at = |link: &Arc<Link>| call.at().last().is_some_and(|at| Arc::ptr_eq(at, link));
        call.during(|| {
            let first = at(&one);
            assert!(is_at(&one));
            let second = at(&other);
            assert!(is_at(&other));
            drop(first);
            assert!(is_at(&other));
            drop(second);
            assert!(call.at().is_empty());
        });
        drop(at(&one));
        assert!(call.at().is_empty(), "no call is watched here");
    }
}
