//! One-time links to set a password.

use chrono::TimeDelta;
use loa_domain::access::{AccessWhat, NoticeKind};
use loa_domain::actor::Actor;
use loa_domain::audit::NewAudit;
use loa_domain::ids::UserId;
use loa_domain::people::{Membership, User, UserStatus};
use loa_domain::time::Moment;
use loa_store::password_links::PasswordLink;
use loa_store::{Tx, Written, memberships, password_links, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::about::{By, chains, records, tell};
use super::sign_in::link_takes_two;
use super::{Person, by_email};
use crate::admin::Admin;
use crate::admin::access::{AccessRequestView, ask};
use crate::error::again_if_stale;
use crate::idempotency::{Idempotency, once};
use crate::secrets::{random_token, token_hash};
use crate::{Error, ids};

const LIFE: TimeDelta = TimeDelta::hours(72);

/// A link as it is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPasswordLink {
    /// What sets the password; none when the answer is given again.
    #[serde(skip)]
    pub token: Option<String>,
    /// Until when it can be used.
    pub expires_at: Moment,
}

/// What comes of asking for a link.
// Kept answers are read in this order; a request has more members than a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AskedLink {
    /// It waits for a second administrator.
    Waits(Box<AccessRequestView>),
    /// Here it is: nobody has ever signed in to this account.
    Made(NewPasswordLink),
}

impl Admin {
    /// Makes a link that sets a person's password, in place of all earlier ones; or asks for it, where
    /// that takes a second administrator. Not for oneself: whoever is signed in changes the password
    /// with the old one.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `StateConflict` for a suspended person, and when a link is asked for
    /// already.
    pub fn create_password_link(
        &self,
        actor: &Actor,
        id: UserId,
        idempotency: Option<&Idempotency>,
    ) -> Result<AskedLink, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, id)?;
            person.must_be_managed(actor)?;
            if id == actor.user {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                must_be_active(&person.user)?;
                // Nobody uses another link or is given a role meanwhile.
                users::hold(tx, id, person.user.version).map_err(again_if_stale)?;
                let held = memberships::of_user(tx, id)?;
                if link_takes_two(tx, &person.user, &held)? {
                    let asked = ask(tx, actor, &person.user, AccessWhat::PasswordLink, now)?;
                    return Ok(asked.map(|view| AskedLink::Waits(Box::new(view))));
                }
                let by = By::alone(Some(actor));
                let made = replace_links(tx, by, &person.user, &held, now)?;
                Ok(made.map(AskedLink::Made))
            })
        })
    }

    /// Makes a link on the command line, for the account with this address.
    ///
    /// # Errors
    /// `NotFound`; `StateConflict` for a suspended person.
    pub fn system_create_password_link(&self, email: &str) -> Result<NewPasswordLink, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let user = by_email(tx, email)?;
            must_be_active(&user)?;
            let held = memberships::of_user(tx, user.id)?;
            replace_links(tx, By::alone(None), &user, &held, now)
        })
    }
}

/// Nobody signs in to a suspended account.
pub(in crate::admin) fn must_be_active(user: &User) -> Result<(), Error> {
    if user.status == UserStatus::Active {
        Ok(())
    } else {
        Err(Error::StateConflict("user_suspended"))
    }
}

/// Makes a link in place of all earlier ones.
pub(in crate::admin) fn replace_links(
    tx: &mut Tx<'_>,
    by: By<'_>,
    user: &User,
    held: &[Membership],
    now: Moment,
) -> Result<Written<NewPasswordLink>, Error> {
    password_links::void_all(tx, user.id, now)?;
    let (link, audit) = add_link(tx, by, user.id, held, now)?;
    Ok(Written {
        value: link,
        changes: Vec::new(),
        audit,
    })
}

/// Adds a link for a person, and tells them who made it.
pub(super) fn add_link(
    tx: &mut Tx<'_>,
    by: By<'_>,
    user: UserId,
    held: &[Membership],
    now: Moment,
) -> Result<(NewPasswordLink, Vec<NewAudit>), Error> {
    let token = random_token();
    let link = PasswordLink {
        id: ids::fresh(now),
        user,
        created_by: by.user(),
        asked_by: by.asked,
        created_at: now,
        expires_at: now.after(LIFE),
    };
    password_links::insert(tx, &link, &token_hash(&token))?;
    tell(tx, by, user, NoticeKind::PasswordLink, None, now)?;
    let chains = chains(tx, held.iter().map(|membership| membership.place))?;
    let records = records(&chains, by, "password.link", user, json!({"link": link.id}));
    let shown = NewPasswordLink {
        token: Some(token),
        expires_at: link.expires_at,
    };
    Ok((shown, records))
}
