//! Names that the platform allows sites to use as hosts: a host, or a star for one label and a host.
//!
//! Not for the hosts that a site has taken of them: those are with its settings.

use std::collections::HashMap;

use diesel::prelude::*;
use loa_domain::ids::{SiteId, UserId};
use loa_domain::paging::{Key, Page, PageAsk};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, text_key};
use crate::row::At;
use crate::schema::allowed_hosts as allowed;
use crate::tx::Tx;

/// A name that a site may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// A host, or `*.` and a host.
    pub name: String,
    /// Which site.
    pub site: SiteId,
    /// Who allowed it; none for what the site had before the platform was asked.
    pub by: Option<UserId>,
    /// When.
    pub at: Option<Moment>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = allowed)]
struct Row {
    name: String,
    site_id: String,
    allowed_by: Option<String>,
    allowed_at: Option<chrono::NaiveDateTime>,
}

impl Row {
    fn read(self) -> Result<AllowedHost, Error> {
        let at = At {
            table: "allowed_hosts",
            id: &self.name,
        };
        Ok(AllowedHost {
            site: at.parse("site_id", &self.site_id)?,
            by: at.parse_some("allowed_by", self.allowed_by.as_deref())?,
            at: self.allowed_at.map(Moment::from_naive),
            name: self.name,
        })
    }
}

/// What a site may use, by name.
///
/// # Errors
/// Of the database.
pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<AllowedHost>, Error> {
    let rows: Vec<Row> = allowed::table
        .filter(allowed::site_id.eq(site.to_string()))
        .order(allowed::name)
        .select(Row::as_select())
        .load(conn.any())?;
    rows.into_iter().map(Row::read).collect()
}

/// What all sites may use, by name.
///
/// # Errors
/// Of the database.
pub fn list(conn: &mut Conn, ask: &PageAsk) -> Result<Page<AllowedHost>, Error> {
    let range = range(ask, Order::Ascending);
    let all = || allowed::table.into_boxed();
    let rows: Vec<Row> = keyset!(all(), range, allowed::name, allowed::name, text_key)
        .select(Row::as_select())
        .load(conn.any())?;
    let total = if ask.count {
        Some(count_to_limit!(conn, allowed::name, all()))
    } else {
        None
    };
    Page::of(ask, rows, total, |row| Key {
        key: row.name.clone(),
        id: row.name.clone(),
    })
    .try_map(Row::read)
}

/// To which sites exactly these names are allowed.
///
/// # Errors
/// Of the database.
pub fn owners(conn: &mut Conn, names: &[String]) -> Result<HashMap<String, SiteId>, Error> {
    let rows: Vec<(String, String)> = allowed::table
        .filter(allowed::name.eq_any(names.to_vec()))
        .select((allowed::name, allowed::site_id))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(name, site)| {
            let at = At {
                table: "allowed_hosts",
                id: &name,
            };
            let site = at.parse("site_id", &site)?;
            Ok((name, site))
        })
        .collect()
}

/// Allows a site a name.
///
/// # Errors
/// `Taken` when it is allowed to a site already.
pub fn insert(tx: &mut Tx<'_>, host: &AllowedHost) -> Result<(), Error> {
    let row = Row {
        name: host.name.clone(),
        site_id: host.site.to_string(),
        allowed_by: host.by.map(|id| id.to_string()),
        allowed_at: host.at.map(Moment::naive),
    };
    diesel::insert_into(allowed::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// No longer allows a site these names.
///
/// # Errors
/// Of the database.
pub fn remove(tx: &mut Tx<'_>, site: SiteId, names: &[String]) -> Result<(), Error> {
    let rows = allowed::table.filter(
        allowed::site_id
            .eq(site.to_string())
            .and(allowed::name.eq_any(names.to_vec())),
    );
    diesel::delete(rows).execute(tx.any())?;
    Ok(())
}

/// Allows a site these hosts and gives them to it, for places that are made without anybody asking: the
/// demo, tests.
///
/// # Errors
/// `Taken` when another site has one.
pub fn system_give(
    tx: &mut Tx<'_>,
    site: SiteId,
    hosts: &[String],
    now: Moment,
) -> Result<(), Error> {
    for name in hosts {
        let host = AllowedHost {
            name: name.clone(),
            site,
            by: None,
            at: Some(now),
        };
        insert(tx, &host)?;
    }
    crate::settings::set_hosts(tx, site, hosts)
}
