//! Names of sites and units that are known by id, for lists that mention them.
//!
//! One query for any number of them. Not for deciding who may see them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use loa_domain::ids::{SiteId, UnitId};
use loa_domain::unit::UnitName;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::schema::{sites, units};

/// Slugs of sites.
///
/// # Errors
/// Of the database.
pub fn system_site_slugs(
    conn: &mut Conn,
    ids: &BTreeSet<SiteId>,
) -> Result<BTreeMap<SiteId, String>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, String)> = sites::table
        .filter(sites::id.eq_any(texts(ids)))
        .select((sites::id, sites::slug))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, slug)| {
            let at = At {
                table: "sites",
                id: &id,
            };
            Ok((at.parse("id", &id)?, slug))
        })
        .collect()
}

/// Names of units.
///
/// # Errors
/// Of the database.
pub fn system_unit_names(
    conn: &mut Conn,
    ids: &BTreeSet<UnitId>,
) -> Result<BTreeMap<UnitId, UnitName>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, String, String, String)> = units::table
        .filter(units::id.eq_any(texts(ids)))
        .select((units::id, units::code, units::name, units::kind))
        .load(conn.any())?;
    rows.into_iter()
        .map(|(id, code, name, kind)| {
            let at = At {
                table: "units",
                id: &id,
            };
            let unit = UnitName {
                id: at.parse("id", &id)?,
                kind: at.parse("kind", &kind)?,
                code,
                name,
            };
            Ok((unit.id, unit))
        })
        .collect()
}

fn texts<Id: ToString>(ids: &BTreeSet<Id>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
