//! Writing: the one way to change anything.
//!
//! Use cases return what they changed and what goes into the audit trail; both are appended here,
//! last and always in the same order, so that the log follows commit order without gaps and
//! nothing deadlocks.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use loa_domain::audit::NewAudit;
use loa_domain::change::{ChangeKind, NewChange};
use loa_domain::ids::SiteId;
use loa_domain::time::Moment;

use crate::conn::{AnyConn, Conn};
use crate::error::{Error, StoreError};
use crate::pool::{Checkout, Source};
use crate::store::Store;
use crate::{acts, audit, changes};

/// How often a transaction is tried when it collides with another.
const TRIES: u32 = 4;

/// An open transaction. Functions that write take one; there is no other way to get it.
pub struct Tx<'c> {
    conn: &'c mut Conn,
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// What a use case did.
#[derive(Debug)]
pub struct Written<T> {
    /// Its answer.
    pub value: T,
    /// What readers have to be told.
    pub changes: Vec<NewChange>,
    /// Who did what.
    pub audit: Vec<NewAudit>,
}

impl<T> Written<T> {
    /// Nothing for readers, nothing for the trail.
    pub fn quiet(value: T) -> Self {
        Self {
            value,
            changes: Vec::new(),
            audit: Vec::new(),
        }
    }

    /// Nothing for readers.
    pub fn audited(value: T, record: NewAudit) -> Self {
        Self {
            value,
            changes: Vec::new(),
            audit: vec![record],
        }
    }

    /// The same with another answer.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Written<U> {
        Written {
            value: change(self.value),
            changes: self.changes,
            audit: self.audit,
        }
    }
}

impl Store {
    /// Runs `work` in a transaction and commits what it returns. On PostgreSQL `work` runs again,
    /// at most three times, when transactions collide: it may touch nothing but the transaction.
    ///
    /// # Errors
    /// Whatever `work` fails with; nothing is written then. Errors of the database as such.
    pub fn write<T, E: StoreError>(
        &self,
        now: Moment,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<Written<T>, E>,
    ) -> Result<T, E> {
        let mut tries = 1;
        loop {
            let result = self.attempt(now, &mut work);
            match &result {
                Err(error) if tries < TRIES && matches!(error.store(), Some(Error::Collision)) => {
                    tries += 1;
                }
                _ => return result,
            }
        }
    }

    fn attempt<T, E: StoreError>(
        &self,
        now: Moment,
        work: &mut impl FnMut(&mut Tx<'_>) -> Result<Written<T>, E>,
    ) -> Result<T, E> {
        let mut conn = begun(&self.writer)?;
        let result: Result<_, E> = (|| {
            let written = work(&mut Tx { conn: &mut conn })?;
            let taken = taken_back(&written.changes);
            let told = acts::of(&written.audit);
            let heads = changes::append(&mut conn, &written.changes, now)?;
            audit::append(&mut conn, &self.audit_key, written.audit, now)?;
            commit(&mut conn)?;
            Ok((written.value, heads, taken, told))
        })();
        match result {
            Ok((value, heads, taken, told)) => {
                told.iter().for_each(acts::Act::tell);
                // What is taken back is noted first: in between, an answer from before would be one
                // that is merely out of date.
                for (site, expunged) in taken {
                    let Some(last) = heads.get(&Some(site)) else {
                        continue;
                    };
                    self.watermark().withdraw(site, *last);
                    if expunged {
                        self.watermark().expunge(*last);
                    }
                }
                self.announce(&heads);
                Ok(value)
            }
            Err(error) => {
                if let Some(error) = error.store() {
                    conn.note(error);
                }
                if rollback(&mut conn).is_err() {
                    conn.broken = true;
                }
                Err(error)
            }
        }
    }

    /// Tells this node's caches at once; other nodes follow the log.
    fn announce(&self, heads: &BTreeMap<Option<SiteId>, i64>) {
        for (site, seq) in heads {
            self.watermark().advance(*site, *seq);
        }
    }
}

/// Sites of which something is taken from readers, and whether for good.
fn taken_back(changes: &[NewChange]) -> BTreeMap<SiteId, bool> {
    let mut taken = BTreeMap::new();
    for change in changes {
        if let (Some(site), true) = (change.site, change.kind.takes_back()) {
            *taken.entry(site).or_default() |= change.kind == ChangeKind::Expunged;
        }
    }
    taken
}

/// A connection with a transaction begun. One that turns out to be dead has done nothing yet, and
/// those left are tried before they are given.
fn begun(source: &Source) -> Result<Checkout, Error> {
    let once = || {
        let mut conn = source.checkout()?;
        begin(&mut conn).inspect_err(|error| conn.note(error))?;
        Ok(conn)
    };
    match once() {
        Err(Error::Away(_)) => once(),
        other => other,
    }
}

pub(crate) fn begin(conn: &mut Conn) -> Result<(), Error> {
    Ok(match conn.any() {
        AnyConn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        AnyConn::Pg(c) => AnsiTransactionManager::begin_transaction(c),
    }?)
}

/// Begins to read everything as it is at one moment. It ends with the connection.
pub(crate) fn begin_snapshot(conn: &mut Conn) -> Result<(), Error> {
    let begun = match conn.any() {
        AnyConn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        AnyConn::Pg(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        ),
    };
    Ok(begun?)
}

pub(crate) fn commit(conn: &mut Conn) -> Result<(), Error> {
    Ok(match conn.any() {
        AnyConn::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        AnyConn::Pg(c) => AnsiTransactionManager::commit_transaction(c),
    }?)
}

pub(crate) fn rollback(conn: &mut Conn) -> Result<(), Error> {
    let result = match conn.any() {
        AnyConn::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
        AnyConn::Pg(c) => AnsiTransactionManager::rollback_transaction(c),
    };
    match result {
        // A commit that failed has rolled back already.
        Ok(()) | Err(diesel::result::Error::NotInTransaction) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
