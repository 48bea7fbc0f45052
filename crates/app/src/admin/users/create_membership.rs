//! Giving a role.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::field::FieldCode;
use loa_domain::ids::{SectionId, SiteId, UnitId, UserId};
use loa_domain::people::{Membership, Place, Role, User};
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, memberships, sections, sites, units, users};
use serde_json::json;

use super::{Person, has};
use crate::admin::checks::Checks;
use crate::admin::{Admin, record_by};
use crate::error::again_if_stale;
use crate::idempotency::{Idempotency, once};
use crate::identity::{HeldRole, named};
use crate::{Error, ids};

/// A role as it is given: at a site, at a unit or, with neither, on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMembership {
    /// The role.
    pub role: Role,
    /// Slug of the site.
    pub site: Option<String>,
    /// The unit, with all below it.
    pub unit: Option<UnitId>,
    /// Only in these sections of the site and what is below them; empty for all.
    pub sections: Vec<SectionId>,
}

/// Sections a role can be limited to.
const SECTIONS: usize = 100;

impl Admin {
    /// Gives a role to a person in the actor's reach, where the actor manages people. Nobody gives
    /// roles to themselves.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`.
    pub fn create_membership(
        &self,
        actor: &Actor,
        user: UserId,
        request: &NewMembership,
        idempotency: Option<&Idempotency>,
    ) -> Result<HeldRole, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, user)?;
            let place = request.place(tx, |site| actor.may(Right::ReadSite, site))?;
            if user == actor.user || !has(actor, Right::ManagePeople, place) {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                let membership = give(tx, &person.user, place, request, now)?;
                let record = about(Some(actor.user), "membership.create", &membership);
                let mut held = named(tx, vec![membership])?;
                Ok(Written::audited(held.pop().ok_or(Error::NotFound)?, record))
            })
        })
    }
}

impl NewMembership {
    /// Where the role is to hold. A site that whoever gives it may not read is an unknown one.
    pub(super) fn place(
        &self,
        conn: &mut Conn,
        is_known: impl Fn(SiteId) -> bool,
    ) -> Result<Place, Error> {
        let mut checks = Checks::default();
        let place = match (&self.site, self.unit) {
            (None, None) => Place::Platform,
            (Some(slug), None) => {
                let site = sites::by_slug(conn, slug)?.filter(|site| is_known(site.id));
                if site.is_none() {
                    checks.refuse("/site", FieldCode::NotFound, "no site has this slug");
                }
                site.map_or(Place::Platform, |site| Place::Site(site.id))
            }
            (None, Some(unit)) => {
                if units::get(conn, unit)?.is_none() {
                    checks.refuse("/unit", FieldCode::NotFound, "no unit has this id");
                }
                Place::Unit(unit)
            }
            (Some(_), Some(_)) => {
                checks.refuse("/unit", FieldCode::NotAllowed, "a site or a unit, not both");
                Place::Platform
            }
        };
        checks.done()?;
        Ok(place)
    }

    fn check(&self, conn: &mut Conn, place: Place, held: &[Membership]) -> Result<(), Error> {
        let mut checks = Checks::default();
        if !self.role.fits(place) {
            let detail = "platform_admin holds on the platform, every other role at a site or unit";
            checks.refuse("/role", FieldCode::NotAllowed, detail);
        }
        if held
            .iter()
            .any(|other| other.role == self.role && other.place == place)
        {
            checks.refuse("/role", FieldCode::Taken, "this role is held there already");
        }
        if self.sections.len() > SECTIONS {
            checks.refuse("/sections", FieldCode::TooMany, "at most 100");
        } else if !self.sections.is_empty() {
            self.check_sections(conn, place, &mut checks)?;
        }
        checks.done()
    }

    fn check_sections(
        &self,
        conn: &mut Conn,
        place: Place,
        checks: &mut Checks,
    ) -> Result<(), Error> {
        let Place::Site(site) = place else {
            let detail = "only a role at a site can be limited";
            checks.refuse("/sections", FieldCode::NotAllowed, detail);
            return Ok(());
        };
        if !self.role.can_be_limited() {
            let detail = "this role cannot be limited";
            checks.refuse("/sections", FieldCode::NotAllowed, detail);
        }
        let own = sections::of_site(conn, site)?;
        for (index, id) in self.sections.iter().enumerate() {
            if !own.iter().any(|section| section.id == *id) {
                let detail = "no section of this site has this id";
                checks.refuse(format!("/sections/{index}"), FieldCode::NotFound, detail);
            }
        }
        Ok(())
    }
}

/// Gives the role. Whether that is allowed has been asked before.
pub(super) fn give(
    tx: &mut Tx<'_>,
    user: &User,
    place: Place,
    request: &NewMembership,
    now: Moment,
) -> Result<Membership, Error> {
    // The same role must not be given twice side by side.
    users::hold(tx, user.id, user.version).map_err(again_if_stale)?;
    let held = memberships::of_user(tx, user.id)?;
    request.check(tx, place, &held)?;
    let mut sections = request.sections.clone();
    sections.sort_unstable();
    sections.dedup();
    let membership = Membership {
        id: ids::fresh(now),
        user: user.id,
        role: request.role,
        place,
        sections,
        created_at: now,
        version: 1,
    };
    memberships::insert(tx, &membership)?;
    Ok(membership)
}

/// A record about a role, in the chain of its site or the platform's.
pub(super) fn about(by: Option<UserId>, action: &'static str, membership: &Membership) -> NewAudit {
    let (chain, unit) = match membership.place {
        Place::Site(site) => (Chain::Site(site), None),
        Place::Unit(unit) => (Chain::Platform, Some(unit)),
        Place::Platform => (Chain::Platform, None),
    };
    let detail = json!({
        "membership": membership.id, "role": membership.role, "unit": unit,
        "sections": membership.sections,
    });
    let subject = ("user", membership.user.to_string());
    record_by(chain, by, action, subject, detail)
}
