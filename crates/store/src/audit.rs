//! The audit trail: one chain for each site and one for the platform, each record hashed with the
//! one before it under a secret key, so that a changed or missing row shows.

use std::collections::BTreeMap;

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use loa_domain::audit::{AuditRecord, Chain, NewAudit};
use loa_domain::canonical;
use loa_domain::ids::ExpunctionId;
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::time::Moment;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, range};
use crate::row::{At, exactly_one};
use crate::schema::{audit, audit_heads};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
struct Row {
    chain: String,
    number: i64,
    actor_id: Option<String>,
    action: String,
    subject: String,
    subject_id: String,
    detail: String,
    at: chrono::NaiveDateTime,
    hash: String,
    expunged_seal: Option<String>,
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

    fn seal(&self, key: &[u8; 32], previous: &str) -> Result<String, Error> {
        Self::mac(key, &self.sealed(previous))
    }

    /// Seals what is left of an expunged record together with the hash it had, on which the next
    /// record of the chain rests.
    fn expunged(&self, key: &[u8; 32], previous: &str) -> Result<String, Error> {
        let mut sealed = self.sealed(previous);
        if let Some(members) = sealed.as_object_mut() {
            members.insert("expunged".to_owned(), json!(self.hash));
        }
        Self::mac(key, &sealed)
    }

    /// Whether it is as it was written, or as it was left.
    fn is_whole(&self, keys: &[[u8; 32]], previous: &str) -> Result<bool, Error> {
        for key in keys {
            let whole = match &self.expunged_seal {
                None => self.seal(key, previous)? == self.hash,
                Some(seal) => self.expunged(key, previous)? == *seal,
            };
            if whole {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn sealed(&self, previous: &str) -> Value {
        json!({
            "previous": previous, "chain": self.chain, "number": self.number, "actor": self.actor_id,
            "action": self.action, "subject": self.subject, "subject_id": self.subject_id,
            "detail": self.detail, "at": Moment::from_naive(self.at),
        })
    }

    fn mac(key: &[u8; 32], sealed: &Value) -> Result<String, Error> {
        let text = canonical::to_string(sealed);
        let mut mac = Hmac::<Sha256>::new_from_slice(key)
            .map_err(|error| Error::Migration(error.to_string()))?;
        mac.update(text.as_bytes());
        Ok(canonical::hex(&mac.finalize().into_bytes()))
    }
}

/// Appends records, chain by chain in the order of their keys: every transaction locks the heads
/// in that order.
pub(crate) fn append(
    conn: &mut Conn,
    key: &[u8; 32],
    new: Vec<NewAudit>,
    now: Moment,
) -> Result<(), Error> {
    let mut chains: BTreeMap<String, Vec<NewAudit>> = BTreeMap::new();
    for record in new {
        chains.entry(record.chain.key()).or_default().push(record);
    }
    for (chain, records) in chains {
        let (mut number, mut hash) = lock_head(conn, &chain, records.len())?;
        for record in records {
            number += 1;
            let mut row = Row {
                chain: chain.clone(),
                number,
                actor_id: record.actor.map(|actor| actor.to_string()),
                action: record.action.to_owned(),
                subject: record.subject.to_owned(),
                subject_id: record.subject_id,
                detail: canonical::to_string(&record.detail),
                at: now.naive(),
                hash: String::new(),
                expunged_seal: None,
            };
            row.hash = row.seal(key, &hash)?;
            hash.clone_from(&row.hash);
            diesel::insert_into(audit::table)
                .values(row)
                .execute(conn.any())?;
        }
        let rows = diesel::update(audit_heads::table.find(&chain))
            .set(audit_heads::hash.eq(&hash))
            .execute(conn.any())?;
        exactly_one(rows)?;
    }
    Ok(())
}

/// Raises the head by `count` and locks it; gives number and hash of the last record before.
fn lock_head(conn: &mut Conn, chain: &str, count: usize) -> Result<(i64, String), Error> {
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
            ))
            .execute(conn.any())
            .map_err(|error| match Error::from(error) {
                Error::Taken => Error::Collision,
                other => other,
            })?;
    }
    let (n, hash): (i64, String) = audit_heads::table
        .find(chain)
        .select((audit_heads::n, audit_heads::hash))
        .first(conn.any())?;
    Ok((n - count, hash))
}

/// A broken place in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenChain {
    /// Key of the chain.
    pub chain: String,
    /// Number of the first record that does not fit.
    pub number: i64,
}

/// Recomputes every chain; any of the keys may have sealed a record. Gives how many records fit, or the first that does not.
///
/// # Errors
/// Of the database.
pub fn system_verify(
    conn: &mut Conn,
    keys: &[[u8; 32]],
) -> Result<Result<u64, BrokenChain>, Error> {
    let heads: Vec<(String, i64, String)> = audit_heads::table
        .order(audit_heads::chain)
        .select((audit_heads::chain, audit_heads::n, audit_heads::hash))
        .load(conn.any())?;
    let mut count = 0;
    for (chain, n, head) in heads {
        let (mut number, mut hash) = (0, String::new());
        loop {
            let rows = page(conn, &chain, number, 500)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if row.number != number + 1 || !row.is_whole(keys, &hash)? {
                    return Ok(Err(BrokenChain {
                        chain,
                        number: number + 1,
                    }));
                }
                number = row.number;
                hash = row.hash;
                count += 1;
            }
        }
        if number != n || hash != head {
            return Ok(Err(BrokenChain {
                chain,
                number: number + 1,
            }));
        }
    }
    Ok(Ok(count))
}

fn page(conn: &mut Conn, chain: &str, after: i64, limit: i64) -> Result<Vec<Row>, Error> {
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
    keys: &[[u8; 32]],
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
    let (Some(key), true) = (keys.first(), row.is_whole(keys, &previous)?) else {
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
    let seal = row.expunged(key, &previous)?;
    exactly_one(
        diesel::update(audit::table.find((chain.key(), number)))
            .set((audit::detail.eq(&row.detail), audit::expunged_seal.eq(seal)))
            .execute(tx.any())?,
    )
}
