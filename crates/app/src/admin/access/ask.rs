//! The first administrator asks.

use chrono::TimeDelta;
use loa_domain::access::{AccessRequest, AccessState, AccessWhat};
use loa_domain::actor::Actor;
use loa_domain::people::{Place, User};
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, access_requests, memberships, users};

use super::detail;
use super::view::{AccessRequestView, view};
use crate::admin::users::{By, chains, records};
use crate::error::again_if_stale;
use crate::{Error, ids};

/// How long a request waits.
const LIFE: TimeDelta = TimeDelta::days(7);

/// Notes that this is asked for. Whether the actor may ask has been found out before.
///
/// # Errors
/// `StateConflict` when the same is asked for already.
pub(in crate::admin) fn ask(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: &User,
    what: AccessWhat,
    now: Moment,
) -> Result<Written<AccessRequestView>, Error> {
    // The same must not be asked for twice side by side.
    users::hold(tx, user.id, user.version).map_err(again_if_stale)?;
    let waiting = access_requests::waiting_for(tx, user.id, now)?;
    if waiting.iter().any(|other| is_same(&other.what, &what)) {
        return Err(Error::StateConflict("asked_already"));
    }
    let request = AccessRequest {
        id: ids::fresh(now),
        user: user.id,
        what,
        state: AccessState::Waiting,
        asked_by: actor.user,
        asked_at: now,
        expires_at: now.after(LIFE),
        decided_by: None,
        decided_at: None,
    };
    access_requests::insert(tx, &request)?;
    let places = places(tx, &request)?;
    let chains = chains(tx, places)?;
    let by = By::alone(Some(actor));
    Ok(Written {
        audit: records(&chains, by, "access.ask", user.id, detail(&request)),
        changes: Vec::new(),
        value: view(tx, request, now)?,
    })
}

/// Whether the same role at the same place, or a link, is asked for.
fn is_same(one: &AccessWhat, other: &AccessWhat) -> bool {
    match (one, other) {
        (AccessWhat::PasswordLink, AccessWhat::PasswordLink) => true,
        (
            AccessWhat::Role { role, place, .. },
            AccessWhat::Role {
                role: other_role,
                place: other_place,
                ..
            },
        ) => role == other_role && place == other_place,
        (AccessWhat::Role { .. }, AccessWhat::PasswordLink)
        | (AccessWhat::PasswordLink, AccessWhat::Role { .. }) => false,
    }
}

/// The places whose chains tell of a request: where the role is to hold; where the person holds roles.
pub(super) fn places(conn: &mut Conn, request: &AccessRequest) -> Result<Vec<Place>, Error> {
    match request.what {
        AccessWhat::Role { place, .. } => Ok(vec![place]),
        AccessWhat::PasswordLink => Ok(memberships::of_user(conn, request.user)?
            .into_iter()
            .map(|held| held.place)
            .collect()),
    }
}
