//! The second administrator confirms, and it is done.

use loa_domain::access::{AccessRequest, AccessState, AccessWhat};
use loa_domain::actor::Actor;
use loa_domain::ids::AccessRequestId;
use loa_domain::people::User;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, access_requests, memberships, users};
use serde::{Deserialize, Serialize};

use super::ask::places;
use super::second::must_be_second;
use super::view::{AccessRequestView, view};
use super::{decided_meanwhile, detail, manages, may_decide, must_wait, visible};
use crate::Error;
use crate::admin::users::{
    By, NewMembership, chains, give, must_be_active, records, replace_links,
};
use crate::admin::{Admin, NewPasswordLink};
use crate::idempotency::{Idempotency, once};

/// What was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedAccess {
    /// The request as it is now.
    pub request: AccessRequestView,
    /// The link that was asked for, or the one that the person needs because the role has ended their
    /// password.
    pub link: Option<NewPasswordLink>,
}

impl Admin {
    /// Confirms what another administrator asked for.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` where the actor could not ask for it; `StateConflict` when it does not
    /// wait any more, the actor is no second person, or whoever asked could not ask any more; what the
    /// role or link itself is refused for.
    pub fn confirm_access(
        &self,
        actor: &Actor,
        id: AccessRequestId,
        idempotency: Option<&Idempotency>,
    ) -> Result<ConfirmedAccess, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let request = visible(tx, actor, id)?;
            if !may_decide(tx, actor, &request)? {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                must_wait(&request, now)?;
                must_be_second(tx, actor, &request, now)?;
                confirm(tx, Some(actor), &request, now)
            })
        })
    }

    /// The same on the command line, where one is enough.
    ///
    /// # Errors
    /// `NotFound`; `StateConflict` when it does not wait any more; what the role or link itself is
    /// refused for.
    pub fn system_confirm_access(&self, id: AccessRequestId) -> Result<ConfirmedAccess, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let request = access_requests::get(tx, id)?.ok_or(Error::NotFound)?;
            must_wait(&request, now)?;
            confirm(tx, None, &request, now)
        })
    }
}

fn confirm(
    tx: &mut Tx<'_>,
    actor: Option<&Actor>,
    request: &AccessRequest,
    now: Moment,
) -> Result<Written<ConfirmedAccess>, Error> {
    let by = By {
        actor,
        asked: Some(request.asked_by),
    };
    access_requests::decide(tx, request.id, AccessState::Confirmed, by.user(), now)
        .map_err(decided_meanwhile)?;
    let places = places(tx, request)?;
    let chains = chains(tx, places)?;
    let mut audit = records(&chains, by, "access.confirm", request.user, detail(request));
    let user = users::get(tx, request.user)?.ok_or(Error::NotFound)?;
    let done = match &request.what {
        AccessWhat::PasswordLink => {
            must_be_active(&user)?;
            let held = memberships::of_user(tx, user.id)?;
            replace_links(tx, by, &user, &held, now)?.map(Some)
        }
        AccessWhat::Role {
            role,
            place,
            sections,
        } => {
            let wanted = NewMembership {
                role: *role,
                site: None,
                unit: None,
                sections: sections.clone(),
            };
            let given = give(tx, by, &user, *place, &wanted, now)?;
            audit.extend(given.audit);
            link_after(tx, by, &user, now)?
        }
    };
    audit.extend(done.audit);
    let now_decided = AccessRequest {
        state: AccessState::Confirmed,
        decided_by: by.user(),
        decided_at: Some(now),
        ..request.clone()
    };
    Ok(Written {
        value: ConfirmedAccess {
            request: view(tx, now_decided, now)?,
            link: done.value,
        },
        changes: Vec::new(),
        audit,
    })
}

/// The link that the person needs when the role has ended their password, from whoever may make one now.
fn link_after(
    tx: &mut Tx<'_>,
    by: By<'_>,
    before: &User,
    now: Moment,
) -> Result<Written<Option<NewPasswordLink>>, Error> {
    let user = users::get(tx, before.id)?.ok_or(Error::NotFound)?;
    let held = memberships::of_user(tx, user.id)?;
    let may = by.actor.is_none_or(|actor| manages(actor, &user, &held));
    if before.has_password && !user.has_password && may && must_be_active(&user).is_ok() {
        Ok(replace_links(tx, by, &user, &held, now)?.map(Some))
    } else {
        Ok(Written::quiet(None))
    }
}
