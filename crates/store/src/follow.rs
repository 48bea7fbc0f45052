//! Hearing of changes that other nodes have made, server by server.
//!
//! It is the pulse as well: what does not answer here is silent (see `link`). So it has connections
//! of its own, and is to be called often.

use std::sync::Arc;
use std::time::Instant;

use diesel::dsl::max;
use diesel::prelude::*;
use loa_domain::change::ChangeKind;
use loa_domain::ids::SiteId;

use crate::conn::{Conn, Purpose};
use crate::error::Error;
use crate::link::{Link, SILENCE};
use crate::row::At;
use crate::schema::changes;
use crate::url::DatabaseUrl;
use crate::watermark::Watermark;

/// Hears of changes on one server.
pub struct Follower {
    name: &'static str,
    url: DatabaseUrl,
    link: Arc<Link>,
    watermark: Arc<Watermark>,
    conn: Option<Conn>,
}

impl Follower {
    pub(crate) fn new(
        name: &'static str,
        url: &DatabaseUrl,
        link: &Arc<Link>,
        watermark: &Arc<Watermark>,
    ) -> Self {
        Self {
            name,
            url: url.clone(),
            link: Arc::clone(link),
            watermark: Arc::clone(watermark),
            conn: None,
        }
    }

    /// `primary` or `replica`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Moves the watermark to the end of the change log. Two queries, however many changes there
    /// were meanwhile; on a node that has just started it covers the whole log. A replica's log is
    /// the beginning of the primary's, so it does not matter who is heard first.
    ///
    /// # Errors
    /// Of the database; the watermark stays where it was.
    pub fn follow(&mut self) -> Result<(), Error> {
        self.link.ask();
        let asked = Instant::now();
        let result = self.hear();
        // To refuse is to answer. After a connection that came to nothing the silence goes on.
        if !matches!(result, Err(Error::Away(_))) || asked.elapsed() < SILENCE {
            self.link.answered();
        }
        self.link.heard(result.is_ok());
        if result.is_err() && self.conn.take().is_some() {
            self.link.failed();
        }
        result
    }

    fn hear(&mut self) -> Result<(), Error> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(Conn::open(&self.url, &self.link, Purpose::Read)?),
        };
        let after = self.watermark.followed();
        if after == 0 {
            // The whole log may take longer than a pulse.
            conn.batch("SELECT 1")?;
            self.link.answered();
        }
        let heads = heads_after(conn, after)?;
        for (site, kind, seq) in taken_back_after(conn, after)? {
            if let Some(site) = site {
                self.watermark.withdraw(site, seq);
            }
            if kind == ChangeKind::Expunged {
                self.watermark.expunge(seq);
            }
        }
        for (site, seq) in &heads {
            self.watermark.advance(*site, *seq);
        }
        if let Some(last) = heads.iter().map(|(_, seq)| *seq).max() {
            self.watermark.follow(last);
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

/// The last numbers after `seq` at which something was taken from readers, by site and kind.
fn taken_back_after(
    conn: &mut Conn,
    seq: i64,
) -> Result<Vec<(Option<SiteId>, ChangeKind, i64)>, Error> {
    let kinds: Vec<&str> = ChangeKind::ALL
        .iter()
        .filter(|kind| kind.takes_back())
        .map(|kind| kind.as_str())
        .collect();
    let rows: Vec<(Option<String>, String, Option<i64>)> = changes::table
        .filter(changes::seq.gt(seq).and(changes::kind.eq_any(kinds)))
        .group_by((changes::site_id, changes::kind))
        .select((changes::site_id, changes::kind, max(changes::seq)))
        .load(conn.any())?;
    rows.into_iter()
        .filter_map(|(site, kind, last)| Some((site, kind, last?)))
        .map(|(site, kind, last)| {
            let id = last.to_string();
            let at = At {
                table: "changes",
                id: &id,
            };
            let site = at.parse_some("site_id", site.as_deref())?;
            Ok((site, at.parse("kind", &kind)?, last))
        })
        .collect()
}
