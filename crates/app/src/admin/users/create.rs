//! A new account.

use loa_domain::actor::Actor;
use loa_domain::people::{User, UserStatus};
use loa_domain::right::Right;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::about::{By, chains, records};
use super::create_link::{NewPasswordLink, add_link};
use super::create_membership::{NewMembership, give};
use super::{check, email_taken};
use crate::admin::Admin;
use crate::admin::checks::line;
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
                create(tx, By::alone(Some(actor)), request, now)
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
            let by = By::alone(None);
            let mut made = create(tx, by, request, now)?;
            if let Some(role) = role {
                let place = role.place(tx, |_| true)?;
                let given = give(tx, by, &made.value.user, place, role, now)?;
                made.audit.extend(given.audit);
            }
            Ok(made)
        })
    }
}

fn create(
    tx: &mut Tx<'_>,
    by: By<'_>,
    request: &NewUser,
    now: Moment,
) -> Result<Written<CreatedUser>, Error> {
    let user = User {
        id: ids::fresh(now),
        email: line(&request.email),
        name: line(&request.name),
        status: UserStatus::Active,
        has_password: false,
        created_by: by.user(),
        created_at: now,
        version: 1,
    };
    check(&user.email, &user.name)?;
    users::insert(tx, &user).map_err(email_taken)?;
    let mut audit = records(&chains(tx, [])?, by, "user.create", user.id, json!({}));
    let (link, about_link) = add_link(tx, by, user.id, &[], now)?;
    audit.extend(about_link);
    Ok(Written {
        value: CreatedUser { user, link },
        changes: Vec::new(),
        audit,
    })
}
