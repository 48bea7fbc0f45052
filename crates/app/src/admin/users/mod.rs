//! People and the roles they hold.
//!
//! Whoever manages people somewhere sees those who hold a role there, and those whose accounts they
//! made. They may change an account only when nothing it holds lies outside their own reach: else a
//! commune's administrator could take over a province's editor.

mod about;
mod create;
mod create_link;
mod create_membership;
mod end_membership;
mod get;
mod list;
mod list_memberships;
mod replace;
mod sign_in;

use loa_domain::actor::{Actor, Reach};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::UserId;
use loa_domain::people::{Membership, Place, User, is_email};
use loa_domain::right::Right;
use loa_store::users::PeopleInReach;
use loa_store::{Conn, Tx, memberships, users};

pub use create::{CreatedUser, NewUser};
pub use create_link::{AskedLink, NewPasswordLink};
pub use create_membership::{GivenRole, NewMembership};
pub use replace::UserRequest;

pub(super) use about::{By, chains, records};
pub(super) use create_link::{must_be_active, replace_links};
pub(super) use create_membership::give;

use super::checks::Checks;
use crate::Error;
use crate::error::if_taken;

/// Whoever may read a place's audit trail may read its people too: administrators and auditors.
pub(super) const READ: Right = Right::ReadAudit;

/// A person in the actor's reach, with every role they hold.
pub(super) struct Person {
    pub(super) user: User,
    pub(super) held: Vec<Membership>,
}

impl Person {
    /// The person, if the actor may see them; unknown otherwise.
    pub(super) fn visible(conn: &mut Conn, actor: &Actor, id: UserId) -> Result<Self, Error> {
        // Both are asked for, so that a hidden person takes as long as nobody.
        let user = users::get(conn, id)?;
        let held = memberships::of_user(conn, id)?;
        let user = user.ok_or(Error::NotFound)?;
        let sees = actor.may_on_platform(READ)
            || user.created_by == Some(actor.user)
            || held.iter().any(|role| has(actor, READ, role.place));
        if sees {
            Ok(Self { user, held })
        } else {
            Err(Error::NotFound)
        }
    }

    /// Refuses unless the actor manages this person.
    pub(super) fn must_be_managed(&self, actor: &Actor) -> Result<(), Error> {
        if manages(actor, &self.user, &self.held) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

/// Whether all that a person holds lies where the actor manages people, and there is something, or
/// the actor made the account.
pub(crate) fn manages(actor: &Actor, user: &User, held: &[Membership]) -> bool {
    let right = Right::ManagePeople;
    let all_within = held.iter().all(|role| has(actor, right, role.place));
    let is_theirs = !held.is_empty() || user.created_by == Some(actor.user);
    actor.may_on_platform(right) || (actor.rights_anywhere().has(right) && all_within && is_theirs)
}

/// Whether the actor has a right at a place: at the site, or at the unit or one above it.
pub(super) fn has(actor: &Actor, right: Right, place: Place) -> bool {
    match place {
        Place::Platform => actor.may_on_platform(right),
        Place::Unit(unit) => actor.may_at_unit(right, unit),
        Place::Site(site) => actor.may(right, site),
    }
}

/// Whom the actor sees in lists.
pub(super) fn in_reach(actor: &Actor) -> PeopleInReach {
    let (mut sites, mut units) = (Vec::new(), Vec::new());
    for grant in actor
        .grants
        .iter()
        .filter(|grant| grant.role.rights().has(READ))
    {
        match &grant.reach {
            Reach::Platform => return PeopleInReach::All,
            Reach::Unit {
                units: all,
                sites: theirs,
                ..
            } => {
                units.extend(all);
                sites.extend(theirs);
            }
            Reach::Site(site) => sites.push(*site),
        }
    }
    PeopleInReach::Only {
        viewer: actor.user,
        sites,
        units,
    }
}

/// The person whose account has this address.
fn by_email(conn: &mut Conn, email: &str) -> Result<User, Error> {
    let account = users::account_by_email(conn, email)?.ok_or(Error::NotFound)?;
    Ok(account.user)
}

/// Refuses to take the platform's last administrator away: somebody else has to be one, and has to have
/// a password if this one has. Until the transaction ends, that stays so.
fn another_platform_admin(tx: &mut Tx<'_>, id: UserId) -> Result<(), Error> {
    let admins = memberships::hold_platform_admins(tx)?;
    let Some((_, has_password)) = admins.iter().find(|(admin, _)| *admin == id) else {
        return Ok(());
    };
    let remains = |(other, signs_in): &(UserId, bool)| *other != id && (*signs_in || !has_password);
    if admins.iter().any(remains) {
        Ok(())
    } else {
        Err(Error::StateConflict("last_platform_admin"))
    }
}

/// Checks what an account is known by.
fn check(email: &str, name: &str) -> Result<(), Error> {
    let mut checks = Checks::default();
    if !is_email(email) {
        checks.refuse("/email", FieldCode::Invalid, "an email address");
    }
    checks.line("/name", name, 120);
    checks.done()
}

fn email_taken(error: loa_store::Error) -> Error {
    if_taken(error, || {
        let detail = "another account has this address";
        Error::field(FieldError::new("/email", FieldCode::Taken, detail))
    })
}
