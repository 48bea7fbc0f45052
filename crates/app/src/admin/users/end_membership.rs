//! Taking a role.

use loa_domain::access::NoticeKind;
use loa_domain::actor::Actor;
use loa_domain::ids::{MembershipId, UserId};
use loa_domain::people::Role;
use loa_domain::right::Right;
use loa_store::{Written, memberships, users};

use super::about::{By, about_role, tell};
use super::{Person, READ, another_platform_admin, has};
use crate::Error;
use crate::admin::Admin;
use crate::error::again_if_stale;

impl Admin {
    /// Ends a role of somebody else, where the actor manages people. It counts at once.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `StateConflict` for the platform's last administrator.
    pub fn end_membership(
        &self,
        actor: &Actor,
        user: UserId,
        id: MembershipId,
    ) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, user)?;
            let membership = person
                .held
                .iter()
                .find(|role| role.id == id && has(actor, READ, role.place))
                .ok_or(Error::NotFound)?;
            if user == actor.user || !has(actor, Right::ManagePeople, membership.place) {
                return Err(Error::Forbidden);
            }
            if membership.role == Role::PlatformAdmin {
                another_platform_admin(tx, user)?;
            }
            users::hold(tx, user, person.user.version).map_err(again_if_stale)?;
            memberships::end(tx, id, membership.version, now)?;
            let by = By::alone(Some(actor));
            tell(tx, by, user, NoticeKind::RoleEnded, Some(membership), now)?;
            Ok(Written {
                value: (),
                changes: Vec::new(),
                audit: about_role(tx, by, "membership.end", membership)?,
            })
        })
    }
}
