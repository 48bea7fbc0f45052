//! Hearing of changes that other nodes have made.

use diesel::dsl::max;
use diesel::prelude::*;
use loa_domain::change::ChangeKind;
use loa_domain::ids::SiteId;

use crate::conn::Conn;
use crate::error::Error;
use crate::pool::Store;
use crate::row::At;
use crate::schema::changes;

impl Store {
    /// Moves the watermark to the end of the change log. Two queries, however many changes there
    /// were meanwhile; on a node that has just started it covers the whole log.
    ///
    /// # Errors
    /// Of the database; the watermark stays where it was.
    pub fn follow_changes(&self) -> Result<(), Error> {
        let watermark = self.watermark();
        let (heads, expunged) = self.read(|conn| {
            let from = watermark.followed();
            Ok::<_, Error>((heads_after(conn, from)?, expunged_after(conn, from)?))
        })?;
        if let Some(seq) = expunged {
            watermark.expunge(seq);
        }
        for (site, seq) in &heads {
            watermark.advance(*site, *seq);
        }
        if let Some(last) = heads.iter().map(|(_, seq)| *seq).max() {
            watermark.follow(last);
        }
        Ok(())
    }
}

/// The last number of each site that has any after `seq`.
fn heads_after(conn: &mut Conn, seq: i64) -> Result<Vec<(Option<SiteId>, i64)>, Error> {
    let rows: Vec<(Option<String>, Option<i64>)> = changes::table
        .filter(changes::seq.gt(seq))
        .group_by(changes::site_id)
        .select((changes::site_id, max(changes::seq)))
        .load(conn.any())?;
    rows.into_iter()
        .filter_map(|(site, last)| Some((site, last?)))
        .map(|(site, last)| {
            let id = last.to_string();
            let at = At {
                table: "changes",
                id: &id,
            };
            Ok((at.parse_some("site_id", site.as_deref())?, last))
        })
        .collect()
}

/// The last number after `seq` at which something was expunged.
fn expunged_after(conn: &mut Conn, seq: i64) -> Result<Option<i64>, Error> {
    Ok(changes::table
        .filter(
            changes::seq
                .gt(seq)
                .and(changes::kind.eq(ChangeKind::Expunged.as_str())),
        )
        .select(max(changes::seq))
        .first(conn.any())?)
}
