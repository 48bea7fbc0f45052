//! A request that will not be done: somebody refuses it, or whoever asked takes it back.

use loa_domain::access::{AccessRequest, AccessState};
use loa_domain::actor::Actor;
use loa_domain::ids::AccessRequestId;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, access_requests};

use super::ask::places;
use super::view::{AccessRequestView, view};
use super::{decided_meanwhile, detail, may_decide, must_wait, visible};
use crate::Error;
use crate::admin::Admin;
use crate::admin::users::{By, chains, records};
use crate::idempotency::{Idempotency, once};

impl Admin {
    /// Refuses a request, as whoever could confirm it may; or takes back one's own.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `StateConflict` when it does not wait any more.
    pub fn refuse_access(
        &self,
        actor: &Actor,
        id: AccessRequestId,
        idempotency: Option<&Idempotency>,
    ) -> Result<AccessRequestView, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let request = visible(tx, actor, id)?;
            if request.asked_by != actor.user && !may_decide(tx, actor, &request)? {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                refuse(tx, Some(actor), request, now)
            })
        })
    }

    /// The same on the command line.
    ///
    /// # Errors
    /// `NotFound`; `StateConflict` when it does not wait any more.
    pub fn system_refuse_access(&self, id: AccessRequestId) -> Result<AccessRequestView, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let request = access_requests::get(tx, id)?.ok_or(Error::NotFound)?;
            refuse(tx, None, request, now)
        })
    }
}

fn refuse(
    tx: &mut Tx<'_>,
    actor: Option<&Actor>,
    request: AccessRequest,
    now: Moment,
) -> Result<Written<AccessRequestView>, Error> {
    must_wait(&request, now)?;
    let by = By {
        actor,
        asked: Some(request.asked_by),
    };
    let (state, action) = if by.user() == Some(request.asked_by) {
        (AccessState::Cancelled, "access.cancel")
    } else {
        (AccessState::Refused, "access.refuse")
    };
    access_requests::decide(tx, request.id, state, by.user(), now).map_err(decided_meanwhile)?;
    let places = places(tx, &request)?;
    let chains = chains(tx, places)?;
    let audit = records(&chains, by, action, request.user, detail(&request));
    let decided = AccessRequest {
        state,
        decided_by: by.user(),
        decided_at: Some(now),
        ..request
    };
    Ok(Written {
        value: view(tx, decided, now)?,
        changes: Vec::new(),
        audit,
    })
}
