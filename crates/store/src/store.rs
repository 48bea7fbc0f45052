//! The store itself: which server and which pool a query goes to.
//!
//! `SQLite` has one writer and several readers. On PostgreSQL everything goes to the primary but
//! what is public, which goes to a replica where there is one and where it has all that this node
//! knows of. Not for writing: that is `tx`.

use std::sync::Arc;

use crate::audit_key::AuditKey;
use crate::changes;
use crate::conn::{Conn, Purpose};
use crate::error::{Error, StoreError};
use crate::follow::Follower;
use crate::link::Link;
use crate::pool::{Checkout, PoolUse, Source};
use crate::url::DatabaseUrl;
use crate::watermark::Watermark;

/// What servers are called in metrics and in the log.
const PRIMARY: &str = "primary";
const REPLICA: &str = "replica";

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Where reads and writes go.
    pub url: DatabaseUrl,
    /// Where delivery reads go instead: a replica.
    pub read_url: Option<DatabaseUrl>,
    /// Connections for reading (and, on PostgreSQL, as many for writing).
    pub connections: u32,
    /// Key of the audit chains.
    pub audit_key: AuditKey,
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Source,
    reader: Source,
    replica: Option<Replica>,
    url: DatabaseUrl,
    link: Arc<Link>,
    pub(crate) audit_key: AuditKey,
    watermark: Arc<Watermark>,
}

#[derive(Clone)]
struct Replica {
    url: DatabaseUrl,
    link: Arc<Link>,
    source: Source,
}

impl Store {
    /// Opens the pools. Connections are made when first needed, so this succeeds while the
    /// database is away.
    pub fn open(options: StoreOptions) -> Self {
        let connections = options.connections.max(1);
        let writers = if matches!(options.url, DatabaseUrl::Sqlite(_)) {
            1
        } else {
            connections
        };
        let link = Arc::new(Link::default());
        Self {
            writer: Source::new(&options.url, &link, Purpose::Write, writers),
            reader: Source::new(&options.url, &link, Purpose::Read, connections),
            replica: options.read_url.map(|url| {
                let link = Arc::new(Link::default());
                let source = Source::new(&url, &link, Purpose::Read, connections);
                Replica { url, link, source }
            }),
            url: options.url,
            link,
            audit_key: options.audit_key,
            watermark: Arc::new(Watermark::default()),
        }
    }

    /// Reads from the primary.
    ///
    /// # Errors
    /// Whatever `read` fails with, and `Busy` or `Away` when there is no connection in time.
    pub fn read<T, E: StoreError>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        on(self.reader.checkout()?, read)
    }

    /// Reads what is public, from the replica where there is one: unless it is away, or behind what
    /// this node knows of, and the primary is there.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_delivery<T, E: StoreError>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        on(self.for_delivery()?, read)
    }

    fn for_delivery(&self) -> Result<Checkout, Error> {
        let Some(replica) = &self.replica else {
            return self.reader.checkout();
        };
        match reach(&replica.source) {
            Ok((conn, last)) if last >= self.watermark.all() => Ok(conn),
            Ok((behind, last)) => Ok(match reach(&self.reader) {
                Ok((conn, further)) if further > last => conn,
                _ => behind,
            }),
            // As much again would be asked of the primary.
            Err(Error::Busy) => Err(Error::Busy),
            Err(error) => {
                tracing::debug!(%error, "the replica is away");
                self.reader.checkout()
            }
        }
    }

    /// Those who hear of changes on each server, the primary first.
    pub fn followers(&self) -> Vec<Follower> {
        let primary = Follower::new(PRIMARY, &self.url, &self.link, &self.watermark);
        let replica = self
            .replica
            .as_ref()
            .map(|it| Follower::new(REPLICA, &it.url, &it.link, &self.watermark));
        std::iter::once(primary).chain(replica).collect()
    }

    /// Whether changes may have been missed: the last attempt to hear of them failed at every
    /// server.
    pub fn is_deaf(&self) -> bool {
        self.link.is_deaf() && self.replica.as_ref().is_none_or(|it| it.link.is_deaf())
    }

    /// The servers that take what they are sent and do not answer, by name.
    pub fn silent_servers(&self) -> impl Iterator<Item = &'static str> {
        let replica = self.replica.as_ref().map(|it| (REPLICA, &it.link));
        std::iter::once((PRIMARY, &self.link))
            .chain(replica)
            .filter(|(_, link)| link.is_silent())
            .map(|(name, _)| name)
    }

    /// Where the change log stands, as far as this node knows.
    pub fn watermark(&self) -> &Watermark {
        &self.watermark
    }

    /// Which database.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    pub(crate) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// How much the pools are used.
    pub fn pool_use(&self) -> [PoolUse; 3] {
        let delivery = self.replica.as_ref().map(|it| &it.source);
        [
            self.writer.usage("writer"),
            self.reader.usage("reader"),
            delivery.unwrap_or(&self.reader).usage("delivery"),
        ]
    }
}

/// A connection that works, with the last number of the log there. One that turns out to be dead
/// is not the end: those left are tried before they are given.
fn reach(source: &Source) -> Result<(Checkout, i64), Error> {
    let once = || {
        let mut conn = source.checkout()?;
        let last = changes::last(&mut conn).inspect_err(|error| conn.note(error))?;
        Ok((conn, last))
    };
    match once() {
        Err(Error::Away(_)) => once(),
        other => other,
    }
}

fn on<T, E: StoreError>(
    mut conn: Checkout,
    read: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let result = read(&mut conn);
    if let Err(error) = &result
        && let Some(error) = error.store()
    {
        conn.note(error);
    }
    result
}
