//! One person.

use loa_domain::actor::Actor;
use loa_domain::ids::UserId;
use loa_domain::people::User;

use super::Person;
use crate::Error;
use crate::admin::Admin;

impl Admin {
    /// A person in the actor's reach.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_user(&self, actor: &Actor, id: UserId) -> Result<User, Error> {
        self.context
            .store
            .read(|conn| Ok(Person::visible(conn, actor, id)?.user))
    }
}
