//! Recomputing the audit trail: all that is in either of its tables, record by record.
//!
//! A record is as it was if its seal fits; a chain is whole if its records follow each other up to its
//! head; the trail is whole if every chain that the platform's chain counts is there. Not for what an
//! attacker takes away from the end of a chain together with its head: `anchors` is.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use crate::audit::{COUNTED, PLATFORM, Row, Seal, page};
use crate::audit_key::AuditKey;
use crate::conn::Conn;
use crate::error::Error;
use crate::schema::{audit, audit_heads};

/// Records read at a time.
const PAGE: i64 = 500;

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The record is missing, though others follow or something remembers it.
    Missing,
    /// The record is not as its seal says; or its secret is none of those given, where it does not
    /// name it.
    Changed,
    /// The record is sealed with this generation, whose secret is not given, and no other has sealed
    /// it again.
    Unknown(String),
    /// The head says that the chain ends elsewhere.
    Head,
    /// There are records, and no head.
    NoHead,
    /// The platform's chain does not count it.
    Uncounted,
    /// Another record is remembered here.
    Other,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Fault::Missing => "it is missing",
            Fault::Changed => "it was changed, or LOA_SECRET is not the one it was sealed with",
            Fault::Unknown(name) => {
                return write!(
                    f,
                    "it is sealed with secret {name}, which is none of LOA_SECRET and \
                     LOA_SECRET_PREVIOUS"
                );
            }
            Fault::Head => "the head of the chain says that it ends elsewhere",
            Fault::NoHead => "the head of the chain is missing",
            Fault::Uncounted => "the platform's chain no longer says that this one begins",
            Fault::Other => "it is not the one that was there, though what is left fits together",
        })
    }
}

/// A broken place in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenChain {
    /// Key of the chain.
    pub chain: String,
    /// Number of the first record that does not fit.
    pub number: i64,
    /// What is wrong with it.
    pub fault: Fault,
}

impl BrokenChain {
    pub(crate) fn new(chain: &str, number: i64, fault: Fault) -> Self {
        Self {
            chain: chain.to_owned(),
            number,
            fault,
        }
    }
}

impl std::fmt::Display for BrokenChain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            chain,
            number,
            fault,
        } = self;
        write!(f, "chain {chain} is broken at record {number}: {fault}")
    }
}

/// Recomputes everything as [`system_verify_all`] does, and gives how many records fit, or the first
/// place that does not.
///
/// # Errors
/// Of the database.
pub fn system_verify(
    conn: &mut Conn,
    keys: &[AuditKey],
) -> Result<Result<u64, BrokenChain>, Error> {
    let mut first = None;
    let count = system_verify_all(conn, keys, |broken| {
        first.get_or_insert(broken);
    })?;
    Ok(first.map_or(Ok(count), Err))
}

/// Recomputes every chain and tells of the first place of each that does not fit, and of every record
/// that the platform's chain remembers and that is not there. Gives how many records there are. The
/// connection has to see one moment, or what others write meanwhile looks like tampering.
///
/// # Errors
/// Of the database.
pub fn system_verify_all(
    conn: &mut Conn,
    keys: &[AuditKey],
    mut tell: impl FnMut(BrokenChain),
) -> Result<u64, Error> {
    let mut counted = BTreeSet::new();
    let mut walk = Walk::of(PLATFORM, keys);
    walk.run(conn, |conn, row| {
        if row.action == COUNTED {
            counted.insert(row.subject_id.clone());
            return remembered(conn, row);
        }
        Ok(None)
    })?;
    let (mut count, has_platform) = (walk.count, walk.count > 0 || walk.broken.is_some());
    walk.broken.into_iter().for_each(&mut tell);
    walk.missed.into_iter().for_each(&mut tell);
    let mut last = String::new();
    while let Some(chain) = next(conn, &last)? {
        last.clone_from(&chain);
        if chain == PLATFORM {
            continue;
        }
        if !has_platform {
            // Nothing is ever done at a site before somebody made it.
            tell(BrokenChain::new(PLATFORM, 1, Fault::Missing));
            return Ok(count);
        }
        let mut walk = Walk::of(&chain, keys);
        let mut begun_here = false;
        walk.run(conn, |_, row| {
            begun_here |= row.number == 1 && row.generation.is_some();
            Ok(None)
        })?;
        count += walk.count;
        if begun_here && walk.broken.is_none() && !counted.contains(&chain) {
            walk.broken = Some(BrokenChain::new(&chain, 1, Fault::Uncounted));
        }
        walk.broken.into_iter().for_each(&mut tell);
    }
    Ok(count)
}

/// One chain from its first record to its last.
struct Walk<'a> {
    chain: &'a str,
    keys: &'a [AuditKey],
    number: i64,
    hash: String,
    count: u64,
    broken: Option<BrokenChain>,
    missed: Vec<BrokenChain>,
}

impl<'a> Walk<'a> {
    fn of(chain: &'a str, keys: &'a [AuditKey]) -> Self {
        Self {
            chain,
            keys,
            number: 0,
            hash: String::new(),
            count: 0,
            broken: None,
            missed: Vec::new(),
        }
    }

    /// Goes on behind a place that does not fit: what follows may remember other chains.
    fn run(
        &mut self,
        conn: &mut Conn,
        mut see: impl FnMut(&mut Conn, &Row) -> Result<Option<BrokenChain>, Error>,
    ) -> Result<(), Error> {
        loop {
            let rows = page(conn, self.chain, self.number, PAGE)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                self.step(&row);
                let missed = see(conn, &row)?;
                // Enough to see what was done; a million lines help nobody.
                if self.missed.len() < 1000 {
                    self.missed.extend(missed);
                }
            }
        }
        self.end(conn)
    }

    fn step(&mut self, row: &Row) {
        let fault = if row.number == self.number + 1 {
            match row.check(self.keys, &self.hash) {
                Seal::Whole => None,
                Seal::Broken => Some(Fault::Changed),
                Seal::Unknown(name) => Some(Fault::Unknown(name)),
            }
        } else {
            Some(Fault::Missing)
        };
        if let Some(fault) = fault {
            self.broken_at(self.number + 1, fault);
        }
        self.number = row.number;
        self.hash.clone_from(&row.hash);
        self.count += 1;
    }

    fn end(&mut self, conn: &mut Conn) -> Result<(), Error> {
        let head: Option<(i64, String)> = audit_heads::table
            .find(self.chain)
            .select((audit_heads::n, audit_heads::hash))
            .first(conn.any())
            .optional()?;
        let fault = match head {
            None if self.count == 0 => return Ok(()),
            None => Fault::NoHead,
            Some((n, hash)) if n == self.number && hash == self.hash => return Ok(()),
            Some((n, _)) if n > self.number => Fault::Missing,
            Some(_) => Fault::Head,
        };
        self.broken_at(self.number + 1, fault);
        Ok(())
    }

    fn broken_at(&mut self, number: i64, fault: Fault) {
        let chain = self.chain;
        self.broken
            .get_or_insert_with(|| BrokenChain::new(chain, number, fault));
    }
}

/// Whether the record that a record of the platform's chain remembers is there.
fn remembered(conn: &mut Conn, row: &Row) -> Result<Option<BrokenChain>, Error> {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let member = |name: &str| detail.get(name);
    let number = member("number").and_then(Value::as_i64).unwrap_or(1);
    let hash = member("hash").and_then(Value::as_str).unwrap_or_default();
    differs(conn, &row.subject_id, number, hash)
}

/// What is wrong where a chain should have a record with this number and hash: its place, or that of
/// the first record that is missing before it.
pub(crate) fn differs(
    conn: &mut Conn,
    chain: &str,
    number: i64,
    hash: &str,
) -> Result<Option<BrokenChain>, Error> {
    let newest: Option<(i64, String)> = audit::table
        .filter(audit::chain.eq(chain).and(audit::number.le(number)))
        .order(audit::number.desc())
        .select((audit::number, audit::hash))
        .first(conn.any())
        .optional()?;
    Ok(match newest {
        Some((at, own)) if at == number && own == hash => None,
        Some((at, _)) if at == number => Some(BrokenChain::new(chain, at, Fault::Other)),
        Some((at, _)) => Some(BrokenChain::new(chain, at + 1, Fault::Missing)),
        None => Some(BrokenChain::new(chain, 1, Fault::Missing)),
    })
}

/// The chain after this one, by key: with a head, with records or with both.
pub(crate) fn next(conn: &mut Conn, after: &str) -> Result<Option<String>, Error> {
    let head: Option<String> = audit_heads::table
        .filter(audit_heads::chain.gt(after))
        .order(audit_heads::chain)
        .select(audit_heads::chain)
        .first(conn.any())
        .optional()?;
    let record: Option<String> = audit::table
        .filter(audit::chain.gt(after))
        .order((audit::chain, audit::number))
        .select(audit::chain)
        .first(conn.any())
        .optional()?;
    Ok([head, record].into_iter().flatten().min())
}
