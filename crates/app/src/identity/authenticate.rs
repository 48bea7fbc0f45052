//! From an access token to whoever is acting, as of this request.

use loa_domain::actor::Actor;
use loa_store::{memberships, sessions};

use super::{Identity, access_token};
use crate::Error;

impl Identity {
    /// Who a token that came from a network address belongs to, with what they hold now. Suspension, the end of the session and
    /// changes of roles count at once.
    ///
    /// # Errors
    /// `TokenInvalid`.
    pub fn authenticate(&self, token: &str, address: &str) -> Result<Actor, Error> {
        let now = self.context.now();
        let (user, session) = access_token::verify(&self.context.keys, token, now)?;
        self.context.store.read(|conn| {
            let found = sessions::active_user(conn, session, now)?
                .filter(|found| found.id == user)
                .ok_or(Error::TokenInvalid)?;
            Ok(Actor {
                user,
                name: found.name,
                session: Some(session),
                address: Some(address.to_owned()),
                grants: memberships::grants_of(conn, user, now.day())?,
            })
        })
    }
}
