//! The roles somebody holds.

use loa_domain::actor::Actor;
use loa_domain::ids::UserId;

use super::{Person, READ, has};
use crate::Error;
use crate::admin::Admin;
use crate::identity::{HeldRole, named};

impl Admin {
    /// The roles a person holds in the actor's reach.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn list_memberships(&self, actor: &Actor, user: UserId) -> Result<Vec<HeldRole>, Error> {
        self.context.store.read(|conn| {
            let mut held = Person::visible(conn, actor, user)?.held;
            held.retain(|role| has(actor, READ, role.place));
            named(conn, held)
        })
    }
}
