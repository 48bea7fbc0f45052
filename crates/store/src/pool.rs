//! Pools: connections kept for use, each to one server.
//!
//! Not for which of them a query goes to: that is `store`.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

use crate::call::{self, At};
use crate::conn::{Conn, Purpose};
use crate::error::Error;
use crate::link::Link;
use crate::url::DatabaseUrl;

/// Longest wait for a connection.
const WAIT: Duration = Duration::from_secs(2);
/// How often the wait looks whether it is in vain.
const LOOK: Duration = Duration::from_millis(50);

/// Connections in use and at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// Name of the pool.
    pub pool: &'static str,
    /// Open connections.
    pub open: u32,
    /// Of these, at rest.
    pub idle: u32,
}

/// Connections to one server.
#[derive(Clone)]
pub(crate) struct Source {
    pool: Pool<Manager>,
    link: Arc<Link>,
}

impl Source {
    /// A pool of at most `size`. Connections are made when first needed.
    pub(crate) fn new(url: &DatabaseUrl, link: &Arc<Link>, purpose: Purpose, size: u32) -> Self {
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            // Costs nothing as long as the server has not failed: see `Manager::is_valid`.
            .test_on_check_out(true)
            .connection_timeout(WAIT)
            .error_handler(Box::new(LogConnectError))
            .build_unchecked(Manager {
                url: url.clone(),
                link: Arc::clone(link),
                purpose,
            });
        Self {
            pool,
            link: Arc::clone(link),
        }
    }

    /// A connection, as soon as there is one.
    ///
    /// # Errors
    /// `Away` as soon as the server is known to be; `Busy` when all are in use for too long.
    pub(crate) fn checkout(&self) -> Result<Checkout, Error> {
        let at = call::at(&self.link);
        let started = Instant::now();
        loop {
            if self.link.is_silent() {
                return Err(Error::Away("it does not answer".to_owned()));
            }
            // r2d2 would wait all the time even if every attempt to connect fails at once.
            let refused = || self.pool.state().connections == 0 && self.link.is_refused();
            let wait = if refused() { Duration::ZERO } else { LOOK };
            match self.pool.get_timeout(wait) {
                Ok(conn) => return Ok(Checkout { conn, _at: at }),
                Err(error) if refused() => return Err(Error::Away(error.to_string())),
                Err(error) if started.elapsed() >= WAIT => {
                    // With connections open all are busy, without any it is away.
                    return Err(if self.pool.state().connections > 0 {
                        Error::Busy
                    } else {
                        Error::Away(error.to_string())
                    });
                }
                Err(_) => {}
            }
        }
    }

    /// How much it is used.
    pub(crate) fn usage(&self, pool: &'static str) -> PoolUse {
        let state = self.pool.state();
        PoolUse {
            pool,
            open: state.connections,
            idle: state.idle_connections,
        }
    }
}

/// A connection that goes back into its pool.
pub(crate) struct Checkout {
    conn: PooledConnection<Manager>,
    // After the connection: giving it back is no longer waiting.
    _at: At,
}

impl Checkout {
    /// Takes note of what went wrong on it.
    pub(crate) fn note(&mut self, error: &Error) {
        if error.breaks_connection() {
            self.conn.broken = true;
            self.conn.link().failed();
        }
    }
}

impl Deref for Checkout {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Checkout {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

#[derive(Debug)]
struct LogConnectError;

impl diesel::r2d2::HandleError<Error> for LogConnectError {
    fn handle_error(&self, error: Error) {
        tracing::warn!(%error, "no connection to the database");
    }
}

#[derive(Debug)]
struct Manager {
    url: DatabaseUrl,
    link: Arc<Link>,
    purpose: Purpose,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        Conn::open(&self.url, &self.link, self.purpose)
    }

    /// Asked whenever a connection is taken: only those from before the last failure are tried.
    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        conn.try_if_suspect()
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.broken || std::thread::panicking()
    }
}
