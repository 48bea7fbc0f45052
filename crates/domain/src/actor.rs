//! Who is acting, and what they may do where.
//!
//! An actor is put together for each request from what the database says then. Not for tokens and
//! sessions, and not for the rules of the workflow.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{SectionId, SessionId, SiteId, UnitId, UserId};
use crate::people::Role;
use crate::right::{Right, RightSet};

/// A role with the places it reaches today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub reach: Reach,
    /// Only in these sections; `None` for all. Holds subsections already.
    pub sections: Option<BTreeSet<SectionId>>,
}

/// Where a role holds, with the sites it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere.
    Platform,
    /// The unit and all below it: these sites today.
    Unit {
        /// The unit the role is held at.
        unit: UnitId,
        /// That unit and all units below it today.
        units: BTreeSet<UnitId>,
        /// Their sites.
        sites: BTreeSet<SiteId>,
    },
    /// One site.
    Site(SiteId),
}

impl Reach {
    /// Whether the site is within reach.
    pub fn covers(&self, site: SiteId) -> bool {
        match self {
            Reach::Platform => true,
            Reach::Unit { sites, .. } => sites.contains(&site),
            Reach::Site(own) => *own == site,
        }
    }
}

/// Sites somebody has a right at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sites {
    /// Every site.
    All,
    /// These.
    Only(BTreeSet<SiteId>),
}

impl Sites {
    /// Whether the site is among them.
    pub fn contains(&self, site: SiteId) -> bool {
        match self {
            Sites::All => true,
            Sites::Only(some) => some.contains(&site),
        }
    }
}

/// What somebody reads of the desks: all of these sites, but for those of which only some sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desks {
    /// The sites.
    pub sites: Sites,
    /// Those of which only these sections are read.
    pub limited: BTreeMap<SiteId, BTreeSet<SectionId>>,
}

impl Desks {
    /// Whether an entry of this section is read.
    pub fn covers(&self, site: SiteId, section: SectionId) -> bool {
        self.sites.contains(site)
            && self
                .limited
                .get(&site)
                .is_none_or(|some| some.contains(&section))
    }
}

/// A signed-in person, as of this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// Their name, for bylines and histories.
    pub name: String,
    /// In which session; none on the command line.
    pub session: Option<SessionId>,
    /// Network address the request came from; none on the command line.
    pub address: Option<String>,
    /// What they hold.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Rights at a site that hold in all of the given sections.
    pub fn rights_in(&self, site: SiteId, sections: &[SectionId]) -> RightSet {
        self.rights(|grant| {
            grant.reach.covers(site)
                && grant
                    .sections
                    .as_ref()
                    .is_none_or(|some| sections.iter().all(|s| some.contains(s)))
        })
    }

    /// Rights at a site in at least one of its sections.
    pub fn rights_at(&self, site: SiteId) -> RightSet {
        self.rights(|grant| grant.reach.covers(site))
    }

    /// Rights held anywhere at all.
    pub fn rights_anywhere(&self) -> RightSet {
        self.rights(|_| true)
    }

    /// Whether the right is held at the site, in some section.
    pub fn may(&self, right: Right, site: SiteId) -> bool {
        self.rights_at(site).has(right)
    }

    /// Whether the right is held on the whole platform.
    pub fn may_on_platform(&self, right: Right) -> bool {
        self.rights(|grant| grant.reach == Reach::Platform)
            .has(right)
    }

    /// Whether the right is held at this unit, or at one above it.
    pub fn may_at_unit(&self, right: Right, unit: UnitId) -> bool {
        self.rights(|grant| match &grant.reach {
            Reach::Platform => true,
            Reach::Unit { units, .. } => units.contains(&unit),
            Reach::Site(_) => false,
        })
        .has(right)
    }

    /// The sites at which the right is held.
    pub fn sites_with(&self, right: Right) -> Sites {
        let mut found = BTreeSet::new();
        for grant in self
            .grants
            .iter()
            .filter(|grant| grant.role.rights().has(right))
        {
            match &grant.reach {
                Reach::Platform => return Sites::All,
                Reach::Unit { sites, .. } => found.extend(sites),
                Reach::Site(site) => {
                    found.insert(*site);
                }
            }
        }
        Sites::Only(found)
    }

    /// The sites at which the right is held in some sections only, with these.
    pub fn limited_with(&self, right: Right) -> BTreeMap<SiteId, BTreeSet<SectionId>> {
        let grants = || {
            self.grants
                .iter()
                .filter(move |grant| grant.role.rights().has(right))
        };
        let whole =
            |site| grants().any(|grant| grant.sections.is_none() && grant.reach.covers(site));
        let mut found: BTreeMap<SiteId, BTreeSet<SectionId>> = BTreeMap::new();
        for grant in grants() {
            // A role is limited at a site alone.
            if let (Reach::Site(site), Some(some)) = (&grant.reach, &grant.sections)
                && !whole(*site)
            {
                found.entry(*site).or_default().extend(some);
            }
        }
        found
    }

    fn rights(&self, holds: impl Fn(&Grant) -> bool) -> RightSet {
        self.grants
            .iter()
            .filter(|grant| holds(grant))
            .fold(RightSet::EMPTY, |set, grant| set.union(grant.role.rights()))
    }
}
