//! The audit trail: one chain for each site and one for the platform, each record hashed with the
//! one before it under a secret key, so that a changed or missing row shows.

use std::collections::BTreeMap;

use diesel::prelude::*;
use loa_domain::audit::{AuditRecord, Chain, NewAudit};
use loa_domain::canonical;
use loa_domain::ids::ExpunctionId;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::time::Moment;
use serde_json::{Value, json};

use crate::audit_key::AuditKey;
use crate::conn::Conn;
use crate::error::Error;
use crate::generations;
use crate::keyset::{Order, count_to_limit, range};
use crate::row::{At, exactly_one};
use crate::schema::{audit, audit_heads};
use crate::tx::Tx;

pub use crate::verify::{BrokenChain, Fault, system_verify, system_verify_all};

/// What a record of the platform's chain is called that counts another chain: at its first record, or,
/// for a chain of an earlier release, at the first start of this one.
pub(crate) const COUNTED: &str = "audit.chain";
/// Key of the platform's chain. Sites have ids for keys, which all come before it.
pub(crate) const PLATFORM: &str = "platform";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
pub(crate) struct Row {
    pub(crate) chain: String,
    pub(crate) number: i64,
    actor_id: Option<String>,
    pub(crate) action: String,
    subject: String,
    pub(crate) subject_id: String,
    pub(crate) detail: String,
    at: chrono::NaiveDateTime,
    pub(crate) hash: String,
    pub(crate) expunged_seal: Option<String>,
    pub(crate) generation: Option<String>,
    pub(crate) reseal: Option<String>,
    pub(crate) reseal_generation: Option<String>,
}

/// What the keys at hand say of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seal {
    /// It is as it was written, or as it was left.
    Whole,
    /// It is not, or a key is missing that no name is known of.
    Broken,
    /// Only the key of this generation can tell.
    Unknown(String),
}

impl Row {
    fn read(self) -> Result<AuditRecord, Error> {
        let id = format!("{} {}", self.chain, self.number);
        let at = At {
            table: "audit",
            id: &id,
        };
        Ok(AuditRecord {
            actor: at.parse_some("actor_id", self.actor_id.as_deref())?,
            detail: at.json("detail", &self.detail)?,
            at: Moment::from_naive(self.at),
            chain: self.chain,
            number: self.number,
            action: self.action,
            subject: self.subject,
            subject_id: self.subject_id,
            hash: self.hash,
        })
    }

    fn seal(&self, key: &AuditKey, previous: &str) -> String {
        key.seal(&self.sealed(previous))
    }

    /// Seals what is left of an expunged record together with the hash it had, on which the next
    /// record of the chain rests.
    pub(crate) fn expunged(&self, key: &AuditKey, previous: &str) -> String {
        key.seal(&self.sealed_with(previous, &[("expunged", json!(self.hash))]))
    }

    /// Seals a record, whoever sealed it first, with its hash.
    pub(crate) fn resealed(&self, key: &AuditKey, previous: &str) -> String {
        let was_expunged = json!(self.expunged_seal.is_some());
        let more = [
            ("resealed", json!(self.hash)),
            ("was_expunged", was_expunged),
        ];
        key.seal(&self.sealed_with(previous, &more))
    }

    /// Whether it is as it was written, or as it was left.
    pub(crate) fn check(&self, keys: &[AuditKey], previous: &str) -> Seal {
        let by = |name: &Option<String>| {
            let name = name.as_deref()?;
            keys.iter().find(|key| key.generation() == name)
        };
        let whole = |is: bool| if is { Seal::Whole } else { Seal::Broken };
        if let Some(key) = by(&self.reseal_generation) {
            return whole(self.reseal.as_deref() == Some(&self.resealed(key, previous)));
        }
        if let Some(seal) = &self.expunged_seal {
            // By the secret of the day it was expunged, which the record does not name.
            if keys.iter().any(|key| self.expunged(key, previous) == *seal) {
                return Seal::Whole;
            }
        } else if let Some(key) = by(&self.generation) {
            return whole(self.seal(key, previous) == self.hash);
        } else if self.generation.is_none()
            && keys.iter().any(|key| self.seal(key, previous) == self.hash)
        {
            return Seal::Whole;
        }
        match (&self.reseal_generation, &self.generation) {
            (Some(name), _) => Seal::Unknown(name.clone()),
            (None, Some(name)) if by(&self.generation).is_none() => Seal::Unknown(name.clone()),
            (None, _) => Seal::Broken,
        }
    }

    fn sealed(&self, previous: &str) -> Value {
        let mut sealed = json!({
            "previous": previous, "chain": self.chain, "number": self.number, "actor": self.actor_id,
            "action": self.action, "subject": self.subject, "subject_id": self.subject_id,
            "detail": self.detail, "at": Moment::from_naive(self.at),
        });
        // Records of earlier releases have none.
        if let (Some(members), Some(own)) = (sealed.as_object_mut(), &self.generation) {
            members.insert("generation".to_owned(), json!(own));
        }
        sealed
    }

    fn sealed_with(&self, previous: &str, more: &[(&str, Value)]) -> Value {
        let mut sealed = self.sealed(previous);
        if let Some(members) = sealed.as_object_mut() {
            for (name, value) in more {
                members.insert((*name).to_owned(), value.clone());
            }
        }
        sealed
    }
}

/// Appends records, chain by chain in the order of their keys: every transaction locks the heads
/// in that order. A chain that begins is counted in the platform's, which is the last.
pub(crate) fn append(
    conn: &mut Conn,
    key: &AuditKey,
    new: Vec<NewAudit>,
    now: Moment,
) -> Result<(), Error> {
    let mut chains: BTreeMap<String, Vec<NewAudit>> = BTreeMap::new();
    for record in new {
        chains.entry(record.chain.key()).or_default().push(record);
    }
    while let Some((chain, records)) = chains.pop_first() {
        let head = lock_head(conn, &chain, records.len())?;
        if head.generation.as_deref() != Some(key.generation()) {
            generations::admit(conn, key, now)?;
        }
        let begins = head.generation.is_none() && head.number == 0;
        let (mut number, mut hash) = (head.number, head.hash);
        for record in records {
            number += 1;
            hash = insert(conn, key, (&chain, number), record, &hash, now)?;
            if begins && number == 1 && chain != PLATFORM {
                let platform = chains.entry(PLATFORM.to_owned()).or_default();
                platform.push(counted(&chain, number, &hash));
            }
        }
        let rows = diesel::update(audit_heads::table.find(&chain))
            .set((
                audit_heads::hash.eq(&hash),
                audit_heads::generation.eq(key.generation()),
            ))
            .execute(conn.any())?;
        exactly_one(rows)?;
    }
    Ok(())
}

/// Writes a record after the one with the hash `previous`; gives its own.
fn insert(
    conn: &mut Conn,
    key: &AuditKey,
    (chain, number): (&str, i64),
    record: NewAudit,
    previous: &str,
    now: Moment,
) -> Result<String, Error> {
    let mut row = Row {
        chain: chain.to_owned(),
        number,
        actor_id: record.actor.map(|actor| actor.to_string()),
        action: record.action.to_owned(),
        subject: record.subject.to_owned(),
        subject_id: record.subject_id,
        detail: canonical::to_string(&record.detail),
        at: now.naive(),
        hash: String::new(),
        expunged_seal: None,
        generation: Some(key.generation().to_owned()),
        reseal: None,
        reseal_generation: None,
    };
    row.hash = row.seal(key, previous);
    let hash = row.hash.clone();
    diesel::insert_into(audit::table)
        .values(row)
        .execute(conn.any())?;
    Ok(hash)
}

/// That a chain has, or begins with, this record: a chain that is deleted later is missed.
pub(crate) fn counted(chain: &str, number: i64, hash: &str) -> NewAudit {
    NewAudit {
        chain: Chain::Platform,
        actor: None,
        action: COUNTED,
        subject: "audit_chain",
        subject_id: chain.to_owned(),
        detail: json!({"number": number, "hash": hash}),
    }
}

/// A head as it was before it was raised.
struct Before {
    number: i64,
    hash: String,
    generation: Option<String>,
}

/// Raises the head by `count` and locks it; gives what it said of the last record before.
fn lock_head(conn: &mut Conn, chain: &str, count: usize) -> Result<Before, Error> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let raised = diesel::update(audit_heads::table.find(chain))
        .set(audit_heads::n.eq(audit_heads::n + count))
        .execute(conn.any())?;
    if raised == 0 {
        // Two first records of one chain at a time: the later one collides and is tried again.
        diesel::insert_into(audit_heads::table)
            .values((
                audit_heads::chain.eq(chain),
                audit_heads::n.eq(count),
                audit_heads::hash.eq(""),
                audit_heads::counted.eq(true),
            ))
            .execute(conn.any())
            .map_err(|error| match Error::from(error) {
                Error::Taken => Error::Collision,
                other => other,
            })?;
    }
    let (n, hash, generation): (i64, String, Option<String>) = audit_heads::table
        .find(chain)
        .select((audit_heads::n, audit_heads::hash, audit_heads::generation))
        .first(conn.any())?;
    Ok(Before {
        number: n - count,
        hash,
        generation,
    })
}

/// Records of a chain after a number, in their order.
pub(crate) fn page(
    conn: &mut Conn,
    chain: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>, Error> {
    Ok(audit::table
        .filter(audit::chain.eq(chain).and(audit::number.gt(after)))
        .order(audit::number)
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?)
}

/// A page of a chain, newest first; its keys are the numbers.
///
/// # Errors
/// Of the database.
pub fn page_of(conn: &mut Conn, chain: Chain, ask: &PageAsk) -> Result<Page<AuditRecord>, Error> {
    let chain = chain.key();
    let query = || {
        audit::table
            .filter(audit::chain.eq(chain.clone()))
            .into_boxed()
    };
    let range = range(ask, Order::Descending);
    let mut found = query();
    let number = range.from.map(number_key).transpose()?;
    match range.order {
        Order::Descending => {
            found = found
                .filter(audit::number.lt(number.unwrap_or(i64::MAX)))
                .order(audit::number.desc());
        }
        Order::Ascending => {
            found = found
                .filter(audit::number.gt(number.unwrap_or(0)))
                .order(audit::number.asc());
        }
    }
    let rows: Vec<Row> = found
        .limit(range.limit)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, audit::chain, query()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: row.number.to_string(),
        id: row.chain.clone(),
    })
    .try_map(Row::read)
}

/// Keys are sealed by this server, so another form is a fault of its own.
fn number_key(key: &Key) -> Result<i64, Error> {
    key.key.parse().map_err(|_| Error::Corrupt {
        table: "cursor",
        id: key.id.clone(),
        what: "not a number".to_owned(),
    })
}

/// Records of a chain, newest first, before a number.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    chain: Chain,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditRecord>, Error> {
    audit::table
        .filter(
            audit::chain
                .eq(chain.key())
                .and(audit::number.lt(before.unwrap_or(i64::MAX))),
        )
        .order(audit::number.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn.any())?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// Records of a chain about one subject, oldest first.
///
/// # Errors
/// Of the database.
pub fn about(
    conn: &mut Conn,
    chain: Chain,
    subject: &str,
    subject_id: &str,
) -> Result<Vec<AuditRecord>, Error> {
    audit::table
        .filter(
            audit::chain
                .eq(chain.key())
                .and(audit::subject.eq(subject))
                .and(audit::subject_id.eq(subject_id)),
        )
        .order(audit::number)
        .select(Row::as_select())
        .load(conn.any())?
        .into_iter()
        .map(Row::read)
        .collect()
}

/// Members of a record's detail that people write.
pub const WORDS: [&str; 2] = ["reason", "redirect_to"];

/// Takes people's words out of a record. Its hash stays, and the first of the keys seals what is left.
///
/// # Errors
/// `Corrupt` when the record is not as one of the keys sealed it: a changed record is not made good.
pub fn expunge(
    tx: &mut Tx<'_>,
    keys: &[AuditKey],
    (chain, number): (Chain, i64),
    by: ExpunctionId,
) -> Result<(), Error> {
    let id = format!("{} {number}", chain.key());
    let at = At {
        table: "audit",
        id: &id,
    };
    let previous = page(tx, &chain.key(), number - 2, 1)?.pop();
    let previous = previous.filter(|row| row.number == number - 1);
    let previous = previous.map(|row| row.hash).unwrap_or_default();
    let row = page(tx, &chain.key(), number - 1, 1)?.pop();
    let mut row = row
        .filter(|row| row.number == number)
        .ok_or_else(|| at.corrupt("is missing"))?;
    let (Some(key), Seal::Whole) = (keys.first(), row.check(keys, &previous)) else {
        return Err(at.corrupt("was changed"));
    };
    let mut detail: Value = at.json("detail", &row.detail)?;
    if let Some(members) = detail.as_object_mut() {
        for name in WORDS {
            if let Some(words) = members.get_mut(name) {
                *words = Value::Null;
            }
        }
        members.insert("expunged".to_owned(), json!(by));
    }
    row.detail = canonical::to_string(&detail);
    // Under today's secret: whatever sealed it again before sealed the words too.
    let seal = row.expunged(key, &previous);
    exactly_one(
        diesel::update(audit::table.find((chain.key(), number)))
            .set((
                audit::detail.eq(&row.detail),
                audit::expunged_seal.eq(seal),
                audit::reseal.eq(None::<String>),
                audit::reseal_generation.eq(None::<String>),
            ))
            .execute(tx.any())?,
    )
}
