//! Ending the ways to sign in to an account, when a role reaches further than whoever may know its
//! password.

use loa_domain::people::{Membership, Place, User};
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::password_origins::PasswordOrigin;
use loa_store::{Conn, Tx, memberships, password_links, password_origins, sessions, users};

use super::has;
use crate::Error;
use crate::error::again_if_stale;

/// Ends password, sessions and open links of an account that is given a role at a place, unless whoever
/// gave its last password link manages people there. Gives whether anything ended.
pub(super) fn end_beyond(
    tx: &mut Tx<'_>,
    user: &User,
    place: Place,
    now: Moment,
) -> Result<bool, Error> {
    let known = password_origins::of(tx, user.id)?;
    // Before a link was used, whoever made the account has its first one.
    let origin = known.unwrap_or(PasswordOrigin {
        given_by: user.created_by,
        asked_by: None,
    });
    if all_reach(tx, &origin, place, now)? {
        return Ok(false);
    }
    if user.has_password {
        // Kept, so that it is known that there was a password.
        password_origins::set(tx, user.id, origin)?;
        users::clear_password(tx, user.id, user.version, now).map_err(again_if_stale)?;
    }
    let links = password_links::void_all(tx, user.id, now)?;
    let sessions = sessions::end_all(tx, user.id, None, now)?;
    Ok(user.has_password || links > 0 || sessions > 0)
}

/// Whether all who gave a link manage people at the place today; whoever runs the machine does.
fn all_reach(
    conn: &mut Conn,
    origin: &PasswordOrigin,
    place: Place,
    now: Moment,
) -> Result<bool, Error> {
    for giver in [origin.given_by, origin.asked_by].into_iter().flatten() {
        let reaches = memberships::system_actor(conn, giver, now.day())?
            .is_some_and(|giver| has(&giver, Right::ManagePeople, place));
        if !reaches {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a link for this account takes two administrators: it has or had a password, or holds a role
/// that one alone cannot give.
pub(super) fn link_takes_two(
    conn: &mut Conn,
    user: &User,
    held: &[Membership],
) -> Result<bool, Error> {
    Ok(user.has_password
        || held.iter().any(|held| held.role.is_given_by_two())
        || password_origins::of(conn, user.id)?.is_some())
}
