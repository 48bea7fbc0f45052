//! Leases: one node at a time does what would be done twice otherwise.
//!
//! A lease saves work, it does not keep data right: whoever works under one still changes a row only
//! if it is as it was read. So it does no harm when two nodes each think for a moment that they have
//! it. Not for deciding what there is to do: a node asks for a lease when it has seen work.
//!
//! No node compares its clock with another's or with the database's. A node that wants a lease which
//! another has watches its version: the holder raises it again and again, and when it has stood still
//! as long as a lease lasts, by the watcher's own clock, the holder is gone.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use loa_store::{Error as StoreFailure, Written, leases};

use crate::{App, Error};

/// A version and when this node first saw it.
#[derive(Debug, Clone, Copy)]
struct Seen {
    version: i64,
    since: Instant,
}

/// A claim to one lease. It is given back when this is dropped.
pub struct Lease {
    app: App,
    name: &'static str,
    node: String,
    lasts: Duration,
    held: Option<Seen>,
    watched: Option<Seen>,
}

impl App {
    /// A claim of a node to the lease of this name, which lasts so long without being renewed.
    /// Nothing is written until it is asked for.
    pub fn lease(&self, name: &'static str, node: &str, lasts: Duration) -> Lease {
        Lease {
            app: self.clone(),
            name,
            node: node.to_owned(),
            lasts,
            held: None,
            watched: None,
        }
    }
}

impl Lease {
    /// Takes the lease, or renews it when a third of it is over. Gives whether this node has it: if
    /// not, another one is at this work.
    ///
    /// # Errors
    /// Of the database.
    pub fn hold(&mut self) -> Result<bool, Error> {
        self.hold_at(Instant::now())
    }

    fn hold_at(&mut self, now: Instant) -> Result<bool, Error> {
        let before = match self.held {
            Some(held) if age(held, now) < self.lasts / 3 => return Ok(true),
            Some(held) => held.version,
            None => match self.free(now)? {
                Some(version) => version,
                None => return Ok(false),
            },
        };
        self.held = self.put(before, true)?.map(|version| Seen {
            version,
            since: now,
        });
        Ok(self.held.is_some())
    }

    /// Gives the lease back, if this node has it.
    ///
    /// # Errors
    /// Of the database; the lease then ends by itself.
    pub fn release(&mut self) -> Result<(), Error> {
        if let Some(held) = self.held.take() {
            self.put(held.version, false)?;
        }
        Ok(())
    }

    /// The version at which the lease can be taken; none while another node has it.
    fn free(&mut self, now: Instant) -> Result<Option<i64>, Error> {
        let found = self
            .app
            .store()
            .read(|conn| leases::system_get(conn, self.name))?;
        let Some(lease) = found else {
            return Ok(Some(0));
        };
        let Some(holder) = lease.holder.filter(|holder| *holder != self.node) else {
            return Ok(Some(lease.version));
        };
        match self.watched {
            Some(seen) if seen.version == lease.version => {
                if age(seen, now) < self.lasts {
                    return Ok(None);
                }
                tracing::warn!(
                    name = self.name,
                    holder,
                    "takes over the lease of a node that is gone"
                );
                Ok(Some(lease.version))
            }
            _ => {
                self.watched = Some(Seen {
                    version: lease.version,
                    since: now,
                });
                Ok(None)
            }
        }
    }

    /// Writes the next version; none when another node was faster.
    fn put(&self, before: i64, hold: bool) -> Result<Option<i64>, Error> {
        let now = self.app.now();
        let lasts = if hold { self.lasts } else { Duration::ZERO };
        let next = leases::Lease {
            holder: hold.then(|| self.node.clone()),
            expires_at: now.after(TimeDelta::from_std(lasts).unwrap_or_default()),
            version: before + 1,
        };
        let written = self.app.store().write(now, |tx| {
            leases::system_put(tx, self.name, &next).map(Written::quiet)
        });
        match written {
            Ok(()) => Ok(Some(next.version)),
            Err(StoreFailure::Stale | StoreFailure::Taken) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Err(error) = self.release() {
            tracing::warn!(name = self.name, %error, "a lease is left to end by itself");
        }
    }
}

fn age(seen: Seen, now: Instant) -> Duration {
    now.saturating_duration_since(seen.since)
}
