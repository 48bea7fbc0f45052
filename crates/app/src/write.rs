//! The two ways to write: for a signed-in person, and for the system.
//!
//! A request may be sent slowly or wait for a lock, and meanwhile its caller may be suspended, signed out
//! or lose a role. So what the caller may do is read once more inside the writing transaction, and only
//! that counts. Not for deciding what a right allows: use cases do that with the actor they are given.

use loa_domain::actor::Actor;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, memberships, sessions, users};

use crate::{Context, Error};

impl Context {
    /// Runs `work` in a transaction, with the caller's grants as they are now. Until it ends, nobody
    /// suspends the account, ends the session or changes the roles: whoever does waits, and what they
    /// are told to be done comes after this write. `work` may run more than once.
    ///
    /// # Errors
    /// `TokenInvalid` when the session is over or the account suspended; whatever `work` fails with.
    pub(crate) fn write_as<T>(
        &self,
        actor: &Actor,
        now: Moment,
        mut work: impl FnMut(&mut Tx<'_>, &Actor) -> Result<Written<T>, Error>,
    ) -> Result<T, Error> {
        self.store.write(now, |tx| {
            let current = current(tx, actor, now)?;
            work(tx, &current)
        })
    }

    /// Runs `work` in a transaction for nobody in particular: the clock, the operator of the machine, and
    /// whoever has no account yet.
    ///
    /// # Errors
    /// Whatever `work` fails with.
    pub(crate) fn system_write<T>(
        &self,
        now: Moment,
        work: impl FnMut(&mut Tx<'_>) -> Result<Written<T>, Error>,
    ) -> Result<T, Error> {
        self.store.write(now, work)
    }
}

fn current(tx: &mut Tx<'_>, actor: &Actor, now: Moment) -> Result<Actor, Error> {
    let held = match actor.session {
        Some(session) => sessions::hold_active(tx, session, actor.user, now)?,
        // On the command line a password was asked for; there is no session.
        None => users::hold_active(tx, actor.user)?,
    };
    if !held {
        return Err(Error::TokenInvalid);
    }
    Ok(Actor {
        grants: memberships::grants_of(tx, actor.user, now.day())?,
        ..actor.clone()
    })
}
