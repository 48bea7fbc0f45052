//! Who counts as a second person.
//!
//! Two accounts are not two people when whoever has one of them could sign in to the other. An account
//! is followed to whoever made it and to whoever gave the link of its password, and from there further.

use std::collections::BTreeSet;

use loa_domain::access::{AccessRequest, AccessWhat};
use loa_domain::actor::{Actor, Reach};
use loa_domain::ids::UserId;
use loa_domain::people::Place;
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, memberships, password_origins, users};

use super::may_decide;
use crate::Error;
use crate::admin::users::has;

/// Refuses whoever is no second person beside the one who asked, and what that one could not ask any
/// more. Until the transaction ends, whoever asked stays active.
pub(super) fn must_be_second(
    tx: &mut Tx<'_>,
    second: &Actor,
    request: &AccessRequest,
    now: Moment,
) -> Result<(), Error> {
    if request.asked_by == second.user {
        return Err(Error::StateConflict("same_person"));
    }
    let gone = || Error::StateConflict("asker_may_not");
    if !users::hold_active(tx, request.asked_by)? {
        return Err(gone());
    }
    let first = memberships::system_actor(tx, request.asked_by, now.day())?.ok_or_else(gone)?;
    if !may_decide(tx, &first, request)? {
        return Err(gone());
    }
    let places: Vec<Place> = match request.what {
        AccessWhat::Role { place, .. } => vec![place],
        AccessWhat::PasswordLink => memberships::of_user(tx, request.user)?
            .into_iter()
            .map(|held| held.place)
            .collect(),
    };
    let puppet = leads_to(tx, second.user, first.user, now)?;
    let master = !is_above(&first, second, &places) && leads_to(tx, first.user, second.user, now)?;
    if puppet || master {
        return Err(Error::StateConflict("not_independent"));
    }
    Ok(())
}

/// Whether an account leads back to a person.
fn leads_to(conn: &mut Conn, account: UserId, person: UserId, now: Moment) -> Result<bool, Error> {
    let mut seen = BTreeSet::from([account]);
    let mut next = seen.clone();
    while !next.is_empty() {
        let sponsors = password_origins::sponsors_of(conn, &next, now)?;
        if sponsors.contains(&person) {
            return Ok(true);
        }
        next = sponsors.difference(&seen).copied().collect();
        seen.extend(&next);
    }
    Ok(false)
}

/// Whether the second manages people from further above: at a unit, or on the platform, where the first
/// does not. They usually have made the accounts below.
fn is_above(first: &Actor, second: &Actor, places: &[Place]) -> bool {
    let right = Right::ManagePeople;
    second
        .grants
        .iter()
        .filter(|grant| grant.role.rights().has(right))
        .any(|grant| {
            let from = match grant.reach {
                Reach::Platform => Place::Platform,
                Reach::Unit { unit, .. } => Place::Unit(unit),
                Reach::Site(_) => return false,
            };
            let covers = |place: &Place| match (place, &grant.reach) {
                (_, Reach::Platform) => true,
                (Place::Site(site), reach) => reach.covers(*site),
                (Place::Unit(unit), Reach::Unit { units, .. }) => units.contains(unit),
                (Place::Unit(_) | Place::Platform, _) => false,
            };
            !has(first, right, from) && places.iter().all(covers)
        })
}
