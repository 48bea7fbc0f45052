//! Giving a role.

use loa_domain::access::{AccessWhat, NoticeKind};
use loa_domain::actor::Actor;
use loa_domain::field::FieldCode;
use loa_domain::ids::{SectionId, SiteId, UnitId, UserId};
use loa_domain::people::{Membership, Place, Role, User};
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, memberships, sections, sites, units, users};
use serde::{Deserialize, Serialize};

use super::about::{By, about_role, tell};
use super::sign_in::end_beyond;
use super::{Person, by_email, has};
use crate::admin::Admin;
use crate::admin::access::{AccessRequestView, ask};
use crate::admin::checks::Checks;
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

/// What comes of giving a role.
// Kept answers are read in this order; a request has members that a role has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum GivenRole {
    /// It waits for a second administrator.
    Waits(Box<AccessRequestView>),
    /// It is given.
    Given(HeldRole),
}

impl Admin {
    /// Gives a role to a person in the actor's reach, where the actor manages people; or asks for it,
    /// where that takes a second administrator. Nobody gives roles to themselves.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`; `StateConflict` when the role is asked for already.
    pub fn create_membership(
        &self,
        actor: &Actor,
        user: UserId,
        request: &NewMembership,
        idempotency: Option<&Idempotency>,
    ) -> Result<GivenRole, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, user)?;
            let place = request.place(tx, |site| actor.may(Right::ReadSite, site))?;
            if user == actor.user || !has(actor, Right::ManagePeople, place) {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                if request.role.is_given_by_two() {
                    let held = memberships::of_user(tx, user)?;
                    request.check(tx, place, &held)?;
                    let asked = ask(tx, actor, &person.user, request.wanted(place), now)?;
                    return Ok(asked.map(|view| GivenRole::Waits(Box::new(view))));
                }
                let by = By::alone(Some(actor));
                let given = give(tx, by, &person.user, place, request, now)?;
                shown(tx, given).map(|written| written.map(GivenRole::Given))
            })
        })
    }

    /// Gives a role on the command line, to the account with this address. Gives also whether the person
    /// needs a new password link now.
    ///
    /// # Errors
    /// `NotFound` for an unknown address; `Invalid`.
    pub fn system_create_membership(
        &self,
        email: &str,
        request: &NewMembership,
    ) -> Result<(HeldRole, bool), Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let user = by_email(tx, email)?;
            let place = request.place(tx, |_| true)?;
            let given = give(tx, By::alone(None), &user, place, request, now)?;
            let after = by_email(tx, email)?;
            let ended = user.has_password && !after.has_password;
            Ok(shown(tx, given)?.map(|role| (role, ended)))
        })
    }
}

fn shown(conn: &mut Conn, given: Written<Membership>) -> Result<Written<HeldRole>, Error> {
    let mut held = named(conn, vec![given.value.clone()])?;
    let held = held.pop().ok_or(Error::NotFound)?;
    Ok(given.map(|_| held))
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

    /// The same as something that waits.
    fn wanted(&self, place: Place) -> AccessWhat {
        AccessWhat::Role {
            role: self.role,
            place,
            sections: in_order(&self.sections),
        }
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

fn in_order(sections: &[SectionId]) -> Vec<SectionId> {
    let mut sections = sections.to_vec();
    sections.sort_unstable();
    sections.dedup();
    sections
}

/// Gives the role, and ends the ways to sign in where it reaches further than whoever set them up.
/// Whether all that is allowed has been asked before.
pub(in crate::admin) fn give(
    tx: &mut Tx<'_>,
    by: By<'_>,
    user: &User,
    place: Place,
    request: &NewMembership,
    now: Moment,
) -> Result<Written<Membership>, Error> {
    // The same role must not be given twice side by side.
    users::hold(tx, user.id, user.version).map_err(again_if_stale)?;
    let held = memberships::of_user(tx, user.id)?;
    request.check(tx, place, &held)?;
    let membership = Membership {
        id: ids::fresh(now),
        user: user.id,
        role: request.role,
        place,
        sections: in_order(&request.sections),
        created_at: now,
        version: 1,
    };
    memberships::insert(tx, &membership)?;
    tell(
        tx,
        by,
        user.id,
        NoticeKind::RoleGiven,
        Some(&membership),
        now,
    )?;
    let mut audit = about_role(tx, by, "membership.create", &membership)?;
    if end_beyond(tx, user, place, now)? {
        tell(tx, by, user.id, NoticeKind::SignInEnded, None, now)?;
        audit.extend(about_role(tx, by, "sign_in.end", &membership)?);
    }
    Ok(Written {
        value: membership,
        changes: Vec::new(),
        audit,
    })
}
