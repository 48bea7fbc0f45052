//! A new account.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::ids::UserId;
use loa_domain::people::{User, UserStatus};
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::create_link::{NewPasswordLink, add_link};
use super::create_membership::{NewMembership, about, give};
use super::{check, email_taken};
use crate::admin::checks::line;
use crate::admin::{Admin, record_by};
use crate::idempotency::{Idempotency, once};
use crate::{Error, ids};

/// An account as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Email address.
    pub email: String,
    /// Full name.
    pub name: String,
}

/// A new account with the link that sets its first password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedUser {
    /// The account.
    pub user: User,
    /// The link.
    pub link: NewPasswordLink,
}

impl Admin {
    /// Makes an account without password and without roles.
    ///
    /// # Errors
    /// `Forbidden`; `Invalid`, at `/email` when the address has an account.
    pub fn create_user(
        &self,
        actor: &Actor,
        request: &NewUser,
        idempotency: Option<&Idempotency>,
    ) -> Result<CreatedUser, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            if !actor.rights_anywhere().has(Right::ManagePeople) {
                return Err(Error::Forbidden);
            }
            once(tx, actor.user, idempotency, now, |tx| {
                create(tx, Some(actor.user), request, now)
            })
        })
    }

    /// Makes an account on the command line, with a role at once where one is named: the first
    /// platform administrator is made this way.
    ///
    /// # Errors
    /// `Invalid`; nothing is made when the role is refused.
    pub fn system_create_user(
        &self,
        request: &NewUser,
        role: Option<&NewMembership>,
    ) -> Result<CreatedUser, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let mut made = create(tx, None, request, now)?;
            if let Some(role) = role {
                let place = role.place(tx, |_| true)?;
                let membership = give(tx, &made.value.user, place, role, now)?;
                made.audit
                    .push(about(None, "membership.create", &membership));
            }
            Ok(made)
        })
    }
}

fn create(
    tx: &mut Tx<'_>,
    by: Option<UserId>,
    request: &NewUser,
    now: Moment,
) -> Result<Written<CreatedUser>, Error> {
    let user = User {
        id: ids::fresh(now),
        email: line(&request.email),
        name: line(&request.name),
        status: UserStatus::Active,
        has_password: false,
        created_by: by,
        created_at: now,
        version: 1,
    };
    check(&user.email, &user.name)?;
    users::insert(tx, &user).map_err(email_taken)?;
    let (link, link_record) = add_link(tx, by, user.id, now)?;
    let subject = ("user", user.id.to_string());
    let made = record_by(Chain::Platform, by, "user.create", subject, json!({}));
    Ok(Written {
        value: CreatedUser { user, link },
        changes: Vec::new(),
        audit: vec![made, link_record],
    })
}
