//! Where the audit chains stand, and whether they still hold what they once held.
//!
//! A chain shows that a record was changed. That its last records were cut off together with their
//! number in the head shows only to somebody who remembers an earlier head. Not for keeping heads:
//! backups and the operator do.

use diesel::prelude::*;
use loa_domain::audit::AuditHead;

use crate::conn::Conn;
use crate::error::Error;
use crate::schema::audit_heads;
use crate::verify::{BrokenChain, differs};

/// The head of every chain, by key.
///
/// # Errors
/// Of the database.
pub fn system_heads(conn: &mut Conn) -> Result<Vec<AuditHead>, Error> {
    let rows: Vec<(String, i64, String)> = audit_heads::table
        .order(audit_heads::chain)
        .select((audit_heads::chain, audit_heads::n, audit_heads::hash))
        .load(conn.any())?;
    Ok(rows
        .into_iter()
        .map(|(chain, number, hash)| AuditHead {
            chain,
            number,
            hash,
        })
        .collect())
}

/// Tells of each of these heads that is not in its chain with its hash: its place, or that of the
/// first record that is missing before it. Does not recompute the chain between.
///
/// # Errors
/// Of the database.
pub fn system_missing(
    conn: &mut Conn,
    anchors: &[AuditHead],
    mut tell: impl FnMut(BrokenChain),
) -> Result<(), Error> {
    for anchor in anchors {
        let found = differs(conn, &anchor.chain, anchor.number, &anchor.hash)?;
        found.into_iter().for_each(&mut tell);
    }
    Ok(())
}
