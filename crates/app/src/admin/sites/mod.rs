//! Sites themselves; their settings and sections are beside this.

mod create;
mod get;
mod list;
mod replace;

use loa_domain::actor::Actor;
use loa_domain::site::Site;
use loa_domain::unit::UnitName;
use loa_store::{Conn, sites, units};
use serde::{Deserialize, Serialize};

pub use create::NewSite;
pub use replace::SiteChange;

use crate::Error;

/// A site with the names of what it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteView {
    /// The site.
    pub site: Site,
    /// The unit it belongs to.
    pub unit: UnitName,
    /// Slug of the site that took over.
    pub successor: Option<String>,
}

/// Adds the names, in two queries for any number of sites.
fn views(conn: &mut Conn, found: Vec<Site>) -> Result<Vec<SiteView>, Error> {
    let unit_ids: Vec<_> = found.iter().map(|site| site.unit).collect();
    let successor_ids: Vec<_> = found.iter().filter_map(|site| site.successor).collect();
    let units = units::get_many(conn, &unit_ids)?;
    let successors = sites::get_many(conn, &successor_ids)?;
    found
        .into_iter()
        .map(|site| {
            let unit = units
                .iter()
                .find(|unit| unit.id == site.unit)
                .ok_or_else(|| Error::Internal(format!("site {} has no unit", site.id)))?;
            let successor = successors
                .iter()
                .find(|other| site.successor == Some(other.id));
            Ok(SiteView {
                unit: UnitName::from(unit),
                successor: successor.map(|other| other.slug.clone()),
                site,
            })
        })
        .collect()
}

fn view(conn: &mut Conn, site: Site) -> Result<SiteView, Error> {
    let mut found = views(conn, vec![site])?;
    found.pop().ok_or(Error::NotFound)
}

/// The site with this slug, for whoever may read its settings.
fn readable(conn: &mut Conn, actor: &Actor, slug: &str) -> Result<SiteView, Error> {
    let site = crate::admin::readable_site(conn, actor, slug)?;
    view(conn, site)
}
