//! Leases: which node does what one node is to do at a time.
//!
//! Not for keeping data right: what is done under a lease is right without it. Not for deciding when
//! a lease is over: that is told by a clock, and clocks are the application's.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::exactly_one;
use crate::schema::leases;
use crate::tx::Tx;

/// A lease as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The node that has it; none when it was given back.
    pub holder: Option<String>,
    /// Until when, by that node's clock.
    pub expires_at: Moment,
    /// Raised by every change.
    pub version: i64,
}

/// A lease; none if nobody ever had it.
///
/// # Errors
/// Of the database.
pub fn system_get(conn: &mut Conn, name: &str) -> Result<Option<Lease>, Error> {
    let row: Option<(Option<String>, NaiveDateTime, i64)> = leases::table
        .find(name)
        .select((leases::holder, leases::expires_at, leases::version))
        .first(conn.any())
        .optional()?;
    Ok(row.map(|(holder, expires_at, version)| Lease {
        holder,
        expires_at: Moment::from_naive(expires_at),
        version,
    }))
}

/// Replaces a lease that has the version before `lease.version`; the first one is number 1.
///
/// # Errors
/// `Stale` or `Taken` when somebody else was faster.
pub fn system_put(tx: &mut Tx<'_>, name: &str, lease: &Lease) -> Result<(), Error> {
    if lease.version == 1 {
        diesel::insert_into(leases::table)
            .values((
                leases::name.eq(name),
                leases::holder.eq(&lease.holder),
                leases::expires_at.eq(lease.expires_at.naive()),
                leases::version.eq(lease.version),
            ))
            .execute(tx.any())?;
        return Ok(());
    }
    let row = leases::table.filter(
        leases::name
            .eq(name)
            .and(leases::version.eq(lease.version - 1)),
    );
    let rows = diesel::update(row)
        .set((
            leases::holder.eq(&lease.holder),
            leases::expires_at.eq(lease.expires_at.naive()),
            leases::version.eq(lease.version),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}
