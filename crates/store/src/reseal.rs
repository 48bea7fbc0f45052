//! Closing a generation of the secret: every record that it sealed is sealed again under today's
//! secret, so that the old one may go.
//!
//! A record that does not fit its seal is not made good: sealing ends there. The hashes of the records
//! stay, and so do chains and anchors.

use std::collections::BTreeMap;

use diesel::prelude::*;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::time::Moment;
use serde_json::json;

use crate::audit::{Row, Seal, page};
use crate::audit_key::AuditKey;
use crate::error::Error;
use crate::generations::{self, Held};
use crate::row::exactly_one;
use crate::schema::{audit, audit_heads};
use crate::store::Store;
use crate::tx::{Tx, Written};
use crate::verify::{BrokenChain, Fault, next};

/// Records sealed in one transaction: others write in between.
const PAGE: i64 = 500;

/// What was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Fingerprints of the generations.
    pub closed: Vec<String>,
    /// How many records were sealed again.
    pub records: u64,
}

/// How far a chain was seen: the number of its last record, and how many were sealed on the way.
type Seen = Result<(i64, u64), BrokenChain>;

impl Store {
    /// Seals again what other secrets sealed, then closes every generation but those that the process
    /// writes with and will write with. Broken off it can be begun again. `see` hears how many records
    /// were looked at.
    ///
    /// # Errors
    /// Of the database. The inner one names the record that fits no key; no generation is closed then.
    pub fn system_seal(
        &self,
        held: Held<'_>,
        now: Moment,
        mut see: impl FnMut(u64),
    ) -> Result<Result<Sealed, BrokenChain>, Error> {
        let mut seen: BTreeMap<String, i64> = BTreeMap::new();
        let (mut looked, mut records, mut last) = (0, 0, String::new());
        while let Some(chain) = self.read(|conn| next(conn, &last))? {
            let mut number = 0;
            loop {
                let done = self.write(now, |tx| {
                    reseal(tx, held, &chain, number).map(Written::quiet)
                })?;
                let (to, sealed) = match done {
                    Ok(done) => done,
                    Err(broken) => return Ok(Err(broken)),
                };
                if to == number {
                    break;
                }
                looked += u64::try_from(to - number).unwrap_or_default();
                records += sealed;
                number = to;
                see(looked);
            }
            seen.insert(chain.clone(), number);
            last = chain;
        }
        self.write(now, |tx| close(tx, held, &seen, records, now))
    }
}

/// The last step: nobody writes meanwhile, and nobody writes with the old secret afterwards.
fn close(
    tx: &mut Tx<'_>,
    held: Held<'_>,
    seen: &BTreeMap<String, i64>,
    mut records: u64,
    now: Moment,
) -> Result<Written<Result<Sealed, BrokenChain>>, Error> {
    let chains: Vec<String> = audit_heads::table
        .order(audit_heads::chain)
        .select(audit_heads::chain)
        .load(tx.any())?;
    for chain in chains {
        // Locks the head, as every writer does, in the same order.
        diesel::update(audit_heads::table.find(&chain))
            .set(audit_heads::generation.eq(held.own.generation()))
            .execute(tx.any())?;
        let mut number = seen.get(&chain).copied().unwrap_or_default();
        loop {
            match reseal(tx, held, &chain, number)? {
                Ok((to, _)) if to == number => break,
                Ok((to, sealed)) => {
                    number = to;
                    records += sealed;
                }
                Err(broken) => return Ok(Written::quiet(Err(broken))),
            }
        }
    }
    let stay: Vec<&AuditKey> = [Some(held.own), held.next].into_iter().flatten().collect();
    let closed = generations::close(tx, &stay, now)?;
    if closed.is_empty() && records == 0 {
        return Ok(Written::quiet(Ok(Sealed { closed, records })));
    }
    let record = NewAudit {
        chain: Chain::Platform,
        actor: None,
        action: "audit.seal",
        subject: "audit",
        subject_id: held.own.generation().to_owned(),
        detail: json!({"closed": closed, "records": records}),
    };
    Ok(Written::audited(Ok(Sealed { closed, records }), record))
}

/// Looks at the records of a chain after a number and seals again those that today's secret has not
/// sealed. Gives how far it came, which is `after` at the end of the chain.
fn reseal(tx: &mut Tx<'_>, held: Held<'_>, chain: &str, after: i64) -> Result<Seen, Error> {
    let before = page(tx, chain, after - 1, 1)?.pop();
    let before = before.filter(|row| row.number == after);
    let mut previous = before.map(|row| row.hash).unwrap_or_default();
    let (mut number, mut sealed) = (after, 0);
    for row in page(tx, chain, after, PAGE)? {
        let fault = match row.check(held.all, &previous) {
            _ if row.number != number + 1 => Some(Fault::Missing),
            Seal::Whole => None,
            Seal::Broken => Some(Fault::Changed),
            Seal::Unknown(name) => Some(Fault::Unknown(name)),
        };
        if let Some(fault) = fault {
            return Ok(Err(BrokenChain::new(chain, number + 1, fault)));
        }
        if !is_own(&row, held.own, &previous) {
            put(tx, &row, held.own, &previous)?;
            sealed += 1;
        }
        number = row.number;
        previous = row.hash;
    }
    Ok(Ok((number, sealed)))
}

/// Whether today's secret alone can tell that the record is whole.
fn is_own(row: &Row, own: &AuditKey, previous: &str) -> bool {
    row.check(std::slice::from_ref(own), previous) == Seal::Whole
}

fn put(tx: &mut Tx<'_>, row: &Row, own: &AuditKey, previous: &str) -> Result<(), Error> {
    // Somebody may have expunged its words meanwhile.
    let rows = diesel::update(
        audit::table
            .find((&row.chain, row.number))
            .filter(audit::detail.eq(&row.detail)),
    )
    .set((
        audit::reseal.eq(row.resealed(own, previous)),
        audit::reseal_generation.eq(own.generation()),
    ))
    .execute(tx.any())?;
    exactly_one(rows).map_err(|_| Error::Collision)
}
