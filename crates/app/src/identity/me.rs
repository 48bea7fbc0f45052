//! What the caller is and may do.

use std::collections::BTreeSet;

use loa_domain::actor::{Actor, Reach};
use loa_domain::ids::{MembershipId, SectionId, SiteId, UnitId};
use loa_domain::people::{Membership, Place, Role, User};
use loa_domain::right::{Right, RightSet};
use loa_domain::site::Site;
use loa_domain::time::Moment;
use loa_domain::unit::{Unit, UnitName};
use loa_store::{Conn, memberships, sites, units, users};
use serde::{Deserialize, Serialize};

use super::Identity;
use super::notices::{self, NoticeView};
use crate::Error;

/// A role with the names of its place. Neither site nor unit: the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// Identity of the membership.
    pub id: MembershipId,
    /// The role.
    pub role: Role,
    /// Slug of the site it holds at.
    pub site: Option<String>,
    /// The unit it holds at, with everything below.
    pub unit: Option<UnitName>,
    /// Only in these sections and what is below them; empty for all.
    pub sections: Vec<SectionId>,
    /// Since when.
    pub created_at: Moment,
}

/// What somebody may do at a site, in at least one of its sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRights {
    /// Identity of the site.
    pub id: SiteId,
    /// Its slug.
    pub slug: String,
    /// The rights.
    pub rights: Vec<Right>,
}

/// What the caller is and may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Who.
    pub user: User,
    /// Which roles.
    pub memberships: Vec<HeldRole>,
    /// Rights that hold everywhere.
    pub platform: Vec<Right>,
    /// Rights at the sites that roles at sites and units reach.
    pub sites: Vec<SiteRights>,
    /// What others did to the account and the person has not seen yet, newest first.
    pub notices: Vec<NoticeView>,
}

impl Identity {
    /// What the actor is and may do, in a fixed number of queries.
    ///
    /// # Errors
    /// `TokenInvalid` when the account is gone; of the database.
    pub fn me(&self, actor: &Actor) -> Result<Me, Error> {
        self.context.store.read(|conn| {
            let user = users::get(conn, actor.user)?.ok_or(Error::TokenInvalid)?;
            let held = memberships::of_user(conn, actor.user)?;
            Ok(Me {
                user,
                memberships: named(conn, held)?,
                platform: platform_rights(actor).list(),
                sites: site_rights(conn, actor)?,
                notices: notices::unseen(conn, actor.user)?,
            })
        })
    }
}

fn platform_rights(actor: &Actor) -> RightSet {
    actor
        .grants
        .iter()
        .filter(|grant| grant.reach == Reach::Platform)
        .fold(RightSet::EMPTY, |set, grant| set.union(grant.role.rights()))
}

fn site_rights(conn: &mut Conn, actor: &Actor) -> Result<Vec<SiteRights>, Error> {
    let mut reached: BTreeSet<SiteId> = BTreeSet::new();
    for grant in &actor.grants {
        match &grant.reach {
            Reach::Platform => {}
            Reach::Unit { sites, .. } => reached.extend(sites),
            Reach::Site(site) => {
                reached.insert(*site);
            }
        }
    }
    let ids: Vec<SiteId> = reached.into_iter().collect();
    let mut found: Vec<SiteRights> = sites::get_many(conn, &ids)?
        .into_iter()
        .map(|site| SiteRights {
            id: site.id,
            rights: actor.rights_at(site.id).list(),
            slug: site.slug,
        })
        .collect();
    found.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(found)
}

/// The same roles with the names of their places.
pub(crate) fn named(conn: &mut Conn, held: Vec<Membership>) -> Result<Vec<HeldRole>, Error> {
    let names = PlaceNames::of(conn, held.iter().map(|membership| membership.place))?;
    Ok(held
        .into_iter()
        .map(|membership| HeldRole {
            id: membership.id,
            role: membership.role,
            site: names.site(membership.place),
            unit: names.unit(membership.place),
            sections: membership.sections,
            created_at: membership.created_at,
        })
        .collect())
}

/// What places are called.
pub(crate) struct PlaceNames {
    sites: Vec<Site>,
    units: Vec<Unit>,
}

impl PlaceNames {
    /// The names of these places, in two queries.
    pub(crate) fn of(conn: &mut Conn, places: impl Iterator<Item = Place>) -> Result<Self, Error> {
        let (mut site_ids, mut unit_ids): (Vec<SiteId>, Vec<UnitId>) = (Vec::new(), Vec::new());
        for place in places {
            match place {
                Place::Platform => {}
                Place::Unit(unit) => unit_ids.push(unit),
                Place::Site(site) => site_ids.push(site),
            }
        }
        Ok(Self {
            sites: sites::get_many(conn, &site_ids)?,
            units: units::get_many(conn, &unit_ids)?,
        })
    }

    /// Slug of a place that is a site.
    pub(crate) fn site(&self, place: Place) -> Option<String> {
        let mut sites = self.sites.iter();
        sites
            .find(|site| place == Place::Site(site.id))
            .map(|site| site.slug.clone())
    }

    /// Name of a place that is a unit.
    pub(crate) fn unit(&self, place: Place) -> Option<UnitName> {
        let mut units = self.units.iter();
        units
            .find(|unit| place == Place::Unit(unit.id))
            .map(UnitName::from)
    }
}
