//! Thinning revisions that were superseded long ago.
//!
//! Not for deciding which may go: the store knows what refers to them. Not for expunging.

use chrono::TimeDelta;
use loa_store::Written;
use loa_store::retention::{self, Ages, Place};

use crate::{App, Error};

/// Revisions looked at in one go, and the most that one transaction deletes.
const CHUNK: i64 = 200;

/// How far a sweep over all revisions has come.
#[derive(Debug, Default)]
pub struct Sweep {
    after: Option<Place>,
}

/// What one step of a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Revisions that are gone.
    pub removed: usize,
    /// Whether there is more to look at; the next step begins anew otherwise.
    pub more: bool,
}

impl App {
    /// Looks at the next two hundred revisions that are older than `age`, and deletes those that have
    /// been superseded for so long and that nothing refers to.
    ///
    /// # Errors
    /// Of the database; the next step looks at the same ones again.
    pub fn thin_revisions(&self, age: TimeDelta, sweep: &mut Sweep) -> Result<Swept, Error> {
        let now = self.now();
        let ages = Ages {
            before: now.before(age),
            now,
        };
        let look = self.store().read(|conn| {
            retention::system_look(conn, ages, sweep.after.as_ref(), CHUNK).map_err(Error::from)
        })?;
        let mut removed = 0;
        if !look.removable.is_empty() {
            removed = self.store().write(now, |tx| {
                let count = retention::system_thin(tx, &look.removable, ages)?;
                Ok::<_, Error>(Written::quiet(count))
            })?;
        }
        sweep.after = look.next;
        Ok(Swept {
            removed,
            more: sweep.after.is_some(),
        })
    }
}
