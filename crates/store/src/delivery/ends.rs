//! When published entries of a site end by themselves.
//!
//! The worker that withdraws them may be late; lists do not wait for it. Not for single entries: their
//! rows say it.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use loa_domain::ids::SiteId;
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::schema::published_entries as published;

diesel::alias!(published as ended: Ended);

/// Ids of what has ended by a moment at a list's site and has not been withdrawn yet: few, if any.
macro_rules! ended_by {
    ($query:expr, $moment:expr) => {
        $crate::delivery::ends::ended
            .filter(
                $crate::delivery::ends::ended
                    .field(published::site_id)
                    .eq($query.site.to_string())
                    .and(
                        $crate::delivery::ends::ended
                            .field(published::expire_at)
                            .le($moment.naive()),
                    ),
            )
            .select($crate::delivery::ends::ended.field(published::entry_id))
    };
}
pub(super) use ended_by;

/// What ends at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Whether anything is over that is not withdrawn yet.
    pub overdue: bool,
    /// When the next entry ends.
    pub next: Option<Moment>,
}

/// What has ended, and what will. Usually one look at one index.
///
/// # Errors
/// Of the database.
pub fn ends_at(conn: &mut Conn, site: SiteId, now: Moment) -> Result<Ends, Error> {
    let first = first_after(conn, site, None)?;
    if first.is_none_or(|at| at > now) {
        return Ok(Ends {
            overdue: false,
            next: first,
        });
    }
    Ok(Ends {
        overdue: true,
        next: first_after(conn, site, Some(now))?,
    })
}

fn first_after(
    conn: &mut Conn,
    site: SiteId,
    after: Option<Moment>,
) -> Result<Option<Moment>, Error> {
    let mut query = published::table
        .filter(
            published::site_id
                .eq(site.to_string())
                .and(published::expire_at.is_not_null()),
        )
        .order(published::expire_at)
        .select(published::expire_at.assume_not_null())
        .limit(1)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(published::expire_at.gt(after.naive()));
    }
    let first: Option<NaiveDateTime> = query.first(conn.any()).optional()?;
    Ok(first.map(Moment::from_naive))
}
