//! Settings of sites and their hosts.

use std::collections::HashMap;

use diesel::prelude::*;
use loa_domain::host::{covers, wildcard_over};
use loa_domain::ids::SiteId;
use loa_domain::site::{DeskReading, SiteSettings};
use loa_domain::time::Moment;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::{At, exactly_one, to_json};
use crate::schema::{allowed_hosts, site_hosts, site_settings};
use crate::tx::Tx;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = site_settings)]
struct Row {
    site_id: String,
    default_locale: String,
    locales: String,
    workflow_policy: String,
    contact: String,
    version: i64,
    updated_at: chrono::NaiveDateTime,
    desk_reading: String,
}

impl Row {
    fn read(self, hosts: Vec<String>) -> Result<SiteSettings, Error> {
        let at = At {
            table: "site_settings",
            id: &self.site_id,
        };
        Ok(SiteSettings {
            site: at.parse("site_id", &self.site_id)?,
            default_locale: at.parse("default_locale", &self.default_locale)?,
            locales: at.json("locales", &self.locales)?,
            workflow_policy: at.parse("workflow_policy", &self.workflow_policy)?,
            desk_reading: at.parse("desk_reading", &self.desk_reading)?,
            contact: at.json("contact", &self.contact)?,
            hosts,
            version: self.version,
        })
    }
}

/// A site's settings.
///
/// # Errors
/// `Corrupt` when the site has none; of the database.
pub fn get(conn: &mut Conn, site: SiteId) -> Result<SiteSettings, Error> {
    let id = site.to_string();
    let row: Option<Row> = site_settings::table
        .find(&id)
        .select(Row::as_select())
        .first(conn.any())
        .optional()?;
    let hosts = hosts_of(conn, std::slice::from_ref(&id))?.remove(&id);
    match row {
        Some(row) => row.read(hosts.unwrap_or_default()),
        None => Err(At {
            table: "site_settings",
            id: &id,
        }
        .corrupt("missing")),
    }
}

/// The settings of several sites, in no order.
///
/// # Errors
/// Of the database.
pub fn get_many(conn: &mut Conn, sites: &[SiteId]) -> Result<Vec<SiteSettings>, Error> {
    let ids: Vec<String> = sites.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = site_settings::table
        .filter(site_settings::site_id.eq_any(&ids))
        .select(Row::as_select())
        .load(conn.any())?;
    let mut by_site = hosts_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let hosts = by_site.remove(&row.site_id).unwrap_or_default();
            row.read(hosts)
        })
        .collect()
}

/// The hosts of sites, the main one first: those that the platform allows them. A node of an older
/// release may have stored others.
fn hosts_of(conn: &mut Conn, sites: &[String]) -> Result<HashMap<String, Vec<String>>, Error> {
    let rows: Vec<(String, String, String)> = site_hosts::table
        .inner_join(allowed_hosts::table.on(allowed_hosts::site_id.eq(site_hosts::site_id)))
        .filter(site_hosts::site_id.eq_any(sites))
        .order((site_hosts::position, site_hosts::host))
        .select((site_hosts::site_id, site_hosts::host, allowed_hosts::name))
        .load(conn.any())?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for (site, host, name) in rows {
        let own = found.entry(site).or_default();
        if covers(&name, &host) && own.last() != Some(&host) {
            own.push(host);
        }
    }
    Ok(found)
}

/// The allowed names that cover a host.
pub(crate) fn names_over(host: &str) -> Vec<String> {
    let own = host.to_owned();
    std::iter::once(own).chain(wildcard_over(host)).collect()
}

/// Those of the sites whose people with limited roles read their sections only.
///
/// # Errors
/// Of the database.
pub fn read_by_section(conn: &mut Conn, sites: &[SiteId]) -> Result<Vec<SiteId>, Error> {
    let ids: Vec<String> = sites.iter().map(ToString::to_string).collect();
    let found: Vec<String> = site_settings::table
        .filter(
            site_settings::site_id
                .eq_any(ids)
                .and(site_settings::desk_reading.eq(DeskReading::Sections.as_str())),
        )
        .select(site_settings::site_id)
        .load(conn.any())?;
    found
        .iter()
        .map(|id| {
            At {
                table: "site_settings",
                id,
            }
            .parse("site_id", id)
        })
        .collect()
}

/// Adds the settings of a new site, without hosts.
///
/// # Errors
/// Of the database.
pub fn insert(tx: &mut Tx<'_>, settings: &SiteSettings, now: Moment) -> Result<(), Error> {
    let row = Row {
        site_id: settings.site.to_string(),
        default_locale: settings.default_locale.to_string(),
        locales: to_json(&settings.locales)?,
        workflow_policy: settings.workflow_policy.to_string(),
        contact: to_json(&settings.contact)?,
        version: settings.version,
        updated_at: now.naive(),
        desk_reading: settings.desk_reading.to_string(),
    };
    diesel::insert_into(site_settings::table)
        .values(row)
        .execute(tx.any())?;
    Ok(())
}

/// Replaces the settings that have the version before `settings.version`; hosts apart.
///
/// # Errors
/// `Stale` when they have another by now.
pub fn update(tx: &mut Tx<'_>, settings: &SiteSettings, now: Moment) -> Result<(), Error> {
    let row = site_settings::table.filter(
        site_settings::site_id
            .eq(settings.site.to_string())
            .and(site_settings::version.eq(settings.version - 1)),
    );
    let rows = diesel::update(row)
        .set((
            site_settings::default_locale.eq(settings.default_locale.as_str()),
            site_settings::locales.eq(to_json(&settings.locales)?),
            site_settings::workflow_policy.eq(settings.workflow_policy.as_str()),
            site_settings::contact.eq(to_json(&settings.contact)?),
            site_settings::desk_reading.eq(settings.desk_reading.as_str()),
            site_settings::version.eq(settings.version),
            site_settings::updated_at.eq(now.naive()),
        ))
        .execute(tx.any())?;
    exactly_one(rows)
}

/// Those of the hosts that belong to other sites.
///
/// # Errors
/// Of the database.
pub fn hosts_of_others(
    conn: &mut Conn,
    site: SiteId,
    hosts: &[String],
) -> Result<Vec<String>, Error> {
    Ok(site_hosts::table
        .filter(
            site_hosts::host
                .eq_any(hosts.to_vec())
                .and(site_hosts::site_id.ne(site.to_string())),
        )
        .select(site_hosts::host)
        .load(conn.any())?)
}

/// Replaces a site's hosts, the main one first.
///
/// # Errors
/// `Taken` when a host belongs to another site.
pub fn set_hosts(tx: &mut Tx<'_>, site: SiteId, hosts: &[String]) -> Result<(), Error> {
    let id = site.to_string();
    diesel::delete(site_hosts::table.filter(site_hosts::site_id.eq(&id))).execute(tx.any())?;
    for (position, host) in (0_i32..).zip(hosts) {
        diesel::insert_into(site_hosts::table)
            .values((
                site_hosts::host.eq(host),
                site_hosts::site_id.eq(&id),
                site_hosts::position.eq(position),
            ))
            .execute(tx.any())?;
    }
    Ok(())
}
