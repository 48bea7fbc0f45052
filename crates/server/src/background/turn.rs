//! Whose turn it is: whether this node may do what one node does at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use loa_app::{App, Error, Lease};

/// The work of the process that goes by turns, and whether it is to end.
#[derive(Clone)]
pub(super) struct Turns {
    node: String,
    stopping: Arc<AtomicBool>,
}

impl Turns {
    pub(super) fn new(node: String) -> Self {
        Self {
            node,
            stopping: Arc::default(),
        }
    }

    /// From now on no turn goes on.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Turns of some work, under the lease of this name, which lasts so long when its node dies.
    pub(super) fn of(&self, app: &App, name: &'static str, lasts: Duration) -> Turn {
        Turn {
            lease: app.lease(name, &self.node, lasts),
            stopping: Arc::clone(&self.stopping),
        }
    }
}

/// Turns of one kind of work.
pub(super) struct Turn {
    lease: Lease,
    stopping: Arc<AtomicBool>,
}

impl Turn {
    /// Whether this node may go on: no other one has the turn, and nobody wants the process to end.
    /// Asked often, it writes seldom.
    pub(super) fn may(&mut self) -> Result<bool, Error> {
        Ok(!self.stopping.load(Ordering::Relaxed) && self.lease.hold()?)
    }

    /// Ends the turn, if this node had it, whatever came of the work.
    pub(super) fn end<T>(&mut self, work: Result<T, Error>) -> Result<T, Error> {
        let released = self.lease.release();
        let done = work?;
        released?;
        Ok(done)
    }

    /// Does the work if this node may, and keeps the turn while there may be more to do.
    pub(super) fn drain(
        &mut self,
        work: impl FnOnce() -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        match self.may().and_then(|may| Ok(may && work()?)) {
            Ok(true) => Ok(true),
            done => self.end(done),
        }
    }
}
