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

/// A piece of work that may be given up.
#[derive(Debug, Default)]
pub struct Call(Mutex<Option<Arc<Link>>>);

impl Call {
    /// Does the work on this thread.
    pub fn during<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        CALL.set(Some(Arc::clone(self)));
        let _end = End;
        work()
    }

    /// Whether the work waits for a server that is silent.
    pub fn is_stuck(&self) -> bool {
        self.at().as_ref().is_some_and(|link| link.is_silent())
    }

    fn at(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
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
    let before = call
        .as_ref()
        .and_then(|call| call.at().replace(Arc::clone(link)));
    At { call, before }
}

/// Being at a server.
pub(crate) struct At {
    call: Option<Arc<Call>>,
    before: Option<Arc<Link>>,
}

impl Drop for At {
    fn drop(&mut self) {
        if let Some(call) = &self.call {
            *call.at() = self.before.take();
        }
    }
}
