//! What takes two administrators: one asks, another one confirms or refuses.
//!
//! Not for deciding what takes two: that is beside the giving of roles and links. Not for the effect,
//! which is the same as where one administrator is enough.

mod ask;
mod confirm;
mod read;
mod refuse;
mod second;
mod view;

use loa_domain::access::{AccessRequest, AccessState, AccessWhat};
use loa_domain::actor::Actor;
use loa_domain::ids::AccessRequestId;
use loa_domain::people::Place;
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Conn, access_requests, memberships, users};
use serde_json::{Value, json};

pub(super) use ask::ask;
pub use confirm::ConfirmedAccess;
pub use view::{AccessRequestView, PersonInRequest};

use super::users::{Person, READ, has, manages};
use crate::Error;

/// A request that the actor may know of; unknown otherwise.
fn visible(conn: &mut Conn, actor: &Actor, id: AccessRequestId) -> Result<AccessRequest, Error> {
    let request = access_requests::get(conn, id)?.ok_or(Error::NotFound)?;
    match request.what {
        _ if request.asked_by == actor.user => {}
        AccessWhat::Role { place, .. } if has(actor, READ, place) => {}
        AccessWhat::Role { .. } => return Err(Error::NotFound),
        AccessWhat::PasswordLink => {
            Person::visible(conn, actor, request.user)?;
        }
    }
    Ok(request)
}

/// Whether somebody could ask for this, and so may decide about it.
fn may_decide(conn: &mut Conn, actor: &Actor, request: &AccessRequest) -> Result<bool, Error> {
    if actor.user == request.user {
        return Ok(false);
    }
    match request.what {
        AccessWhat::Role { place, .. } => Ok(has(actor, Right::ManagePeople, place)),
        AccessWhat::PasswordLink => {
            let user = users::get(conn, request.user)?.ok_or(Error::NotFound)?;
            let held = memberships::of_user(conn, request.user)?;
            Ok(manages(actor, &user, &held))
        }
    }
}

/// Refuses unless the request waits.
fn must_wait(request: &AccessRequest, now: Moment) -> Result<(), Error> {
    match request.state_at(now) {
        AccessState::Waiting => Ok(()),
        AccessState::Expired => Err(Error::StateConflict("request_expired")),
        AccessState::Confirmed | AccessState::Refused | AccessState::Cancelled => {
            Err(Error::StateConflict("request_decided"))
        }
    }
}

/// Somebody was faster.
fn decided_meanwhile(error: loa_store::Error) -> Error {
    if matches!(error, loa_store::Error::Stale) {
        Error::StateConflict("request_decided")
    } else {
        error.into()
    }
}

/// What the audit trail says of a request.
fn detail(request: &AccessRequest) -> Value {
    match &request.what {
        AccessWhat::Role {
            role,
            place,
            sections,
        } => {
            let unit = match place {
                Place::Unit(unit) => Some(unit),
                Place::Site(_) | Place::Platform => None,
            };
            json!({"request": request.id, "kind": request.what.kind(), "role": role,
                "unit": unit, "sections": sections})
        }
        AccessWhat::PasswordLink => json!({"request": request.id, "kind": request.what.kind()}),
    }
}
