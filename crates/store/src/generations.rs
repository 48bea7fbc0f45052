//! Generations of the secret: which keys the audit trail was and is written with.
//!
//! They keep a command or a node with a secret of its own from breaking the chains. That nobody changed
//! a record is not proved by this table but by the keys themselves. Not for deriving keys.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::time::Moment;
use serde_json::json;

use crate::audit::{PLATFORM, Seal, counted, page};
use crate::audit_key::AuditKey;
use crate::conn::Conn;
use crate::error::{Error, Refusal};
use crate::schema::{audit, audit_generations, audit_heads};
use crate::store::Store;
use crate::tx::{Tx, Written};

/// A secret that the trail was or is written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// From 1.
    pub number: i64,
    /// Fingerprint of its key.
    pub fingerprint: String,
    /// When it was first seen.
    pub began_at: Moment,
    /// When it was closed: nothing is written with it since.
    pub closed_at: Option<Moment>,
}

/// All of them, oldest first.
///
/// # Errors
/// Of the database.
pub fn system_list(conn: &mut Conn) -> Result<Vec<Generation>, Error> {
    let rows: Vec<(i64, String, NaiveDateTime, Option<NaiveDateTime>)> = audit_generations::table
        .order(audit_generations::number)
        .load(conn.any())?;
    Ok(rows
        .into_iter()
        .map(|(number, fingerprint, began_at, closed_at)| Generation {
            number,
            fingerprint,
            began_at: Moment::from_naive(began_at),
            closed_at: closed_at.map(Moment::from_naive),
        })
        .collect())
}

/// The keys of a process.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The one it writes with.
    pub own: &'a AuditKey,
    /// One that others write with soon.
    pub next: Option<&'a AuditKey>,
    /// All that it knows, those two too.
    pub all: &'a [AuditKey],
}

impl Store {
    /// Refuses unless what this process writes with is a secret of this database, or follows one: then
    /// it holds that one too. A database that knows none yet takes this one, if it fits what is there.
    /// Chains that nothing counts yet are counted. Gives how many generations are new.
    ///
    /// # Errors
    /// `Secret` when it is refused; of the database.
    pub fn system_admit(&self, held: Held<'_>, now: Moment) -> Result<usize, Error> {
        if self.read(|conn| is_settled(conn, held))? {
            return Ok(0);
        }
        self.write(now, |tx| {
            let before = system_list(tx)?;
            let new = newcomers(tx, held, &before)?;
            let mut records = count_chains(tx)?;
            let is_first = before.is_empty();
            for (key, number) in new.iter().zip(before.len() + 1..) {
                let number = i64::try_from(number).unwrap_or(i64::MAX);
                insert(tx, key, number, now)?;
                if !is_first {
                    records.push(begun(key, number));
                }
            }
            Ok(Written {
                value: new.len(),
                changes: Vec::new(),
                audit: records,
            })
        })
    }
}

/// Whether there is nothing to write, as almost always.
fn is_settled(conn: &mut Conn, held: Held<'_>) -> Result<bool, Error> {
    let all = system_list(conn)?;
    let is_open = |key: &AuditKey| {
        all.iter()
            .any(|one| one.fingerprint == key.generation() && one.closed_at.is_none())
    };
    let uncounted: Option<String> = audit_heads::table
        .filter(audit_heads::counted.eq(false))
        .select(audit_heads::chain)
        .first(conn.any())
        .optional()?;
    Ok(is_open(held.own) && held.next.is_none_or(is_open) && uncounted.is_none())
}

/// Keys to be taken in, oldest first.
fn newcomers<'a>(
    tx: &mut Tx<'_>,
    held: Held<'a>,
    before: &[Generation],
) -> Result<Vec<&'a AuditKey>, Error> {
    let known = |key: &AuditKey| {
        before
            .iter()
            .find(|one| one.fingerprint == key.generation())
    };
    let refused = |why: fn(String) -> Refusal, key: &AuditKey| {
        Err(Error::Secret(why(key.generation().to_owned())))
    };
    for key in [Some(held.own), held.next].into_iter().flatten() {
        if known(key).is_some_and(|own| own.closed_at.is_some()) {
            return refused(Refusal::Closed, key);
        }
    }
    let mut new: Vec<&AuditKey> = Vec::new();
    if before.is_empty() {
        let Some(found) = found_in_chains(tx, held.all)? else {
            return refused(Refusal::Misfit, held.own);
        };
        new.extend(found.into_iter().filter(|key| *key != held.own));
    } else if known(held.own).is_none() {
        let open = |one: &&Generation| one.closed_at.is_none();
        let follows = before.iter().filter(open).any(|one| {
            held.all
                .iter()
                .any(|key| key.generation() == one.fingerprint)
        });
        if !follows {
            return refused(Refusal::Unknown, held.own);
        }
    }
    for key in [Some(held.own), held.next].into_iter().flatten() {
        if known(key).is_none() && !new.contains(&key) {
            new.push(key);
        }
    }
    Ok(new)
}

/// What a key that the store writes with has to be, whoever forgot to ask before: called for each chain
/// that another one wrote last.
pub(crate) fn admit(conn: &mut Conn, key: &AuditKey, now: Moment) -> Result<(), Error> {
    let all = system_list(conn)?;
    let own = all.iter().find(|one| one.fingerprint == key.generation());
    let refused = |why: fn(String) -> Refusal| Err(Error::Secret(why(key.generation().to_owned())));
    match own {
        Some(own) if own.closed_at.is_none() => Ok(()),
        Some(_) => refused(Refusal::Closed),
        None if !all.is_empty() => refused(Refusal::Unknown),
        None if found_in_chains(conn, std::slice::from_ref(key))?.is_none() => {
            refused(Refusal::Misfit)
        }
        None => insert(conn, key, 1, now),
    }
}

fn insert(conn: &mut Conn, key: &AuditKey, number: i64, now: Moment) -> Result<(), Error> {
    diesel::insert_into(audit_generations::table)
        .values((
            audit_generations::number.eq(number),
            audit_generations::fingerprint.eq(key.generation()),
            audit_generations::began_at.eq(now.naive()),
        ))
        .execute(conn.any())
        .map(drop)
        .map_err(|error| match Error::from(error) {
            // Another node was faster.
            Error::Taken => Error::Collision,
            other => other,
        })
}

/// Closes all but these. Gives the fingerprints of those that were open.
pub(crate) fn close(
    tx: &mut Tx<'_>,
    stay: &[&AuditKey],
    now: Moment,
) -> Result<Vec<String>, Error> {
    let stays = |one: &Generation| stay.iter().any(|key| key.generation() == one.fingerprint);
    let mut closed = Vec::new();
    for one in system_list(tx)? {
        if one.closed_at.is_none() && !stays(&one) {
            diesel::update(audit_generations::table.find(one.number))
                .set(audit_generations::closed_at.eq(now.naive()))
                .execute(tx.any())?;
            closed.push(one.fingerprint);
        }
    }
    Ok(closed)
}

/// Those of the keys that sealed the last record of a chain; none when one of these records fits no
/// key.
fn found_in_chains<'k>(
    conn: &mut Conn,
    keys: &'k [AuditKey],
) -> Result<Option<Vec<&'k AuditKey>>, Error> {
    let mut found: Vec<&AuditKey> = Vec::new();
    let chains: Vec<String> = audit_heads::table
        .order(audit_heads::chain)
        .select(audit_heads::chain)
        .load(conn.any())?;
    for chain in chains {
        let last: Option<i64> = audit::table
            .filter(audit::chain.eq(&chain))
            .select(diesel::dsl::max(audit::number))
            .first(conn.any())?;
        let Some(last) = last else { continue };
        let mut rows = page(conn, &chain, last - 2, 2)?.into_iter().rev();
        let Some(row) = rows.next() else { continue };
        let previous = rows.next().map(|row| row.hash).unwrap_or_default();
        let fits =
            |key: &&AuditKey| row.check(std::slice::from_ref(*key), &previous) == Seal::Whole;
        let Some(key) = keys.iter().find(fits) else {
            return Ok(None);
        };
        if !found.contains(&key) {
            found.push(key);
        }
    }
    Ok(Some(found))
}

/// Has the platform's chain remember where each chain stands that it does not count yet.
fn count_chains(tx: &mut Tx<'_>) -> Result<Vec<NewAudit>, Error> {
    let uncounted: Vec<(String, i64, String)> = audit_heads::table
        .filter(audit_heads::counted.eq(false))
        .order(audit_heads::chain)
        .select((audit_heads::chain, audit_heads::n, audit_heads::hash))
        .load(tx.any())?;
    let mut records = Vec::new();
    for (chain, number, hash) in uncounted {
        let changed = diesel::update(
            audit_heads::table
                .find(&chain)
                .filter(audit_heads::counted.eq(false)),
        )
        .set(audit_heads::counted.eq(true))
        .execute(tx.any())?;
        if changed == 1 && chain != PLATFORM {
            records.push(counted(&chain, number, &hash));
        }
    }
    Ok(records)
}

fn begun(key: &AuditKey, number: i64) -> NewAudit {
    NewAudit {
        chain: Chain::Platform,
        actor: None,
        action: "audit.generation",
        subject: "audit",
        subject_id: key.generation().to_owned(),
        detail: json!({"number": number}),
    }
}
