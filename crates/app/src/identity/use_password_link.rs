//! Setting a password with a one-time link.

use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;
use loa_store::password_links::PasswordLink;
use loa_store::password_origins::PasswordOrigin;
use loa_store::{
    Conn, Tx, Written, memberships, password_links, password_origins, sessions, users,
};
use serde_json::json;

use super::own_words::OwnWords;
use super::{Identity, about_user, password_rules};
use crate::Error;
use crate::admin::manages;
use crate::error::again_if_stale;
use crate::secrets::token_hash;

impl Identity {
    /// Sets the password of the link's person, uses up all their links and ends all sessions.
    ///
    /// # Errors
    /// `NotFound` when the link is unknown, used or over, or the person suspended; `WeakPassword`
    /// at `/password`.
    pub fn use_password_link(&self, token: &str, password: &str) -> Result<(), Error> {
        let now = self.context.now();
        let token = token_hash(token);
        let own = self.context.store.read(|conn| {
            let (_, user) = find(conn, &token, now)?;
            OwnWords::of(conn, &user)
        })?;
        password_rules::check(password, &own, "/password")?;
        let hash = self.context.passwords.place()?.hash(password)?;
        self.context
            .system_write(now, |tx| set(tx, &token, &hash, now))
    }
}

fn find(conn: &mut Conn, token: &str, now: Moment) -> Result<(PasswordLink, User), Error> {
    let link = password_links::find_live(conn, token, now)?.ok_or(Error::NotFound)?;
    let user = users::get(conn, link.user)?
        .filter(|user| user.status == UserStatus::Active)
        .ok_or(Error::NotFound)?;
    for maker in [link.created_by, link.asked_by].into_iter().flatten() {
        // A link dies with the power of its makers over the person: else it could be kept until they
        // have been given roles that the makers have no say in.
        let held = memberships::of_user(conn, user.id)?;
        memberships::system_actor(conn, maker, now.day())?
            .filter(|maker| manages(maker, &user, &held))
            .ok_or(Error::NotFound)?;
    }
    Ok((link, user))
}

fn set(tx: &mut Tx<'_>, token: &str, hash: &str, now: Moment) -> Result<Written<()>, Error> {
    let (link, user) = find(tx, token, now)?;
    for maker in [link.created_by, link.asked_by].into_iter().flatten() {
        // Not suspended before this is done.
        if !users::hold_active(tx, maker)? {
            return Err(Error::NotFound);
        }
    }
    if !password_links::take(tx, link.id, now)? {
        return Err(Error::NotFound);
    }
    users::set_password(tx, user.id, user.version, hash, now).map_err(again_if_stale)?;
    let origin = PasswordOrigin {
        given_by: link.created_by,
        asked_by: link.asked_by,
    };
    password_origins::set(tx, user.id, origin)?;
    password_links::void_all(tx, user.id, now)?;
    sessions::end_all(tx, user.id, None, now)?;
    let mut record = about_user(None, "password.link_use", user.id);
    record.detail = json!({"link": link.id});
    Ok(Written::audited((), record))
}
