//! One-time links to set a password.

use chrono::TimeDelta;
use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::ids::UserId;
use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;
use loa_store::password_links::PasswordLink;
use loa_store::{Tx, Written, password_links};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Person, by_email};
use crate::admin::{Admin, record_by};
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

impl Admin {
    /// Makes a link that sets a person's password, in place of all earlier ones. Not for oneself:
    /// whoever is signed in changes the password with the old one.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`; `StateConflict` for a suspended person.
    pub fn create_password_link(
        &self,
        actor: &Actor,
        id: UserId,
        idempotency: Option<&Idempotency>,
    ) -> Result<NewPasswordLink, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, id)?;
            person.must_be_managed(actor)?;
            if id == actor.user {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                replace_links(tx, Some(actor.user), &person.user, now)
            })
        })
    }

    /// The same on the command line, for the account with this address.
    ///
    /// # Errors
    /// `NotFound`; `StateConflict` for a suspended person.
    pub fn system_create_password_link(&self, email: &str) -> Result<NewPasswordLink, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let user = by_email(tx, email)?;
            replace_links(tx, None, &user, now)
        })
    }
}

fn replace_links(
    tx: &mut Tx<'_>,
    by: Option<UserId>,
    user: &User,
    now: Moment,
) -> Result<Written<NewPasswordLink>, Error> {
    if user.status != UserStatus::Active {
        return Err(Error::StateConflict("user_suspended"));
    }
    password_links::void_all(tx, user.id, now)?;
    let (link, record) = add_link(tx, by, user.id, now)?;
    Ok(Written::audited(link, record))
}

/// Adds a link for a person.
pub(super) fn add_link(
    tx: &mut Tx<'_>,
    by: Option<UserId>,
    user: UserId,
    now: Moment,
) -> Result<(NewPasswordLink, NewAudit), Error> {
    let token = random_token();
    let link = PasswordLink {
        id: ids::fresh(now),
        user,
        created_by: by,
        created_at: now,
        expires_at: now.after(LIFE),
    };
    password_links::insert(tx, &link, &token_hash(&token))?;
    let subject = ("user", user.to_string());
    let detail = json!({"link": link.id});
    let record = record_by(Chain::Platform, by, "password.link", subject, detail);
    let shown = NewPasswordLink {
        token: Some(token),
        expires_at: link.expires_at,
    };
    Ok((shown, record))
}
