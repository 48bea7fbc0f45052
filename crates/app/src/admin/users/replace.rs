//! Replacing what is known of a person: address, name, and whether they may sign in.

use loa_domain::actor::Actor;
use loa_domain::ids::UserId;
use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;
use loa_store::users::UserChange;
use loa_store::{Tx, Written, password_links, sessions, users};
use serde_json::json;

use super::about::{By, chains, records};
use super::{Person, another_platform_admin, by_email, check, email_taken};
use crate::admin::Admin;
use crate::admin::checks::line;
use crate::{Error, IfMatch};

/// What may change of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRequest {
    /// Email address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Whether they may sign in.
    pub status: UserStatus,
}

impl Admin {
    /// Replaces address, name and status. Suspension ends all sessions and links at once; nobody
    /// changes their own status.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`; `StateConflict` for the platform's last administrator; those
    /// of the condition.
    pub fn replace_user(
        &self,
        actor: &Actor,
        id: UserId,
        request: &UserRequest,
        if_match: &IfMatch,
    ) -> Result<User, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let person = Person::visible(tx, actor, id)?;
            person.must_be_managed(actor)?;
            let before = person.user;
            if id == actor.user && request.status != before.status {
                return Err(Error::Forbidden);
            }
            if_match.check(
                &self.context.secrets,
                "user",
                &id.to_string(),
                before.version,
            )?;
            if stops(&before, request) {
                another_platform_admin(tx, id)?;
            }
            replace(tx, Some(actor), &before, request, now)
        })
    }

    /// Suspends or admits again the account with this address, on the command line; the platform's last
    /// administrator only `even_the_last`.
    ///
    /// # Errors
    /// `NotFound`; `StateConflict` for the platform's last administrator.
    pub fn system_set_user_status(
        &self,
        email: &str,
        status: UserStatus,
        even_the_last: bool,
    ) -> Result<User, Error> {
        let now = self.context.now();
        self.context.system_write(now, |tx| {
            let before = by_email(tx, email)?;
            if before.status == status {
                return Ok(Written::quiet(before));
            }
            let request = UserRequest {
                email: before.email.clone(),
                name: before.name.clone(),
                status,
            };
            if stops(&before, &request) && !even_the_last {
                another_platform_admin(tx, before.id)?;
            }
            replace(tx, None, &before, &request, now)
        })
    }
}

/// Whether the person may sign in no more.
fn stops(before: &User, request: &UserRequest) -> bool {
    before.status != request.status && request.status == UserStatus::Suspended
}

fn replace(
    tx: &mut Tx<'_>,
    by: Option<&Actor>,
    before: &User,
    request: &UserRequest,
    now: Moment,
) -> Result<Written<User>, Error> {
    let after = User {
        email: line(&request.email),
        name: line(&request.name),
        status: request.status,
        version: before.version + 1,
        ..before.clone()
    };
    check(&after.email, &after.name)?;
    let change = UserChange {
        email: &after.email,
        name: &after.name,
        status: after.status,
    };
    users::update(tx, after.id, before.version, change, now).map_err(email_taken)?;
    if stops(before, request) {
        sessions::end_all(tx, after.id, None, now)?;
        password_links::void_all(tx, after.id, now)?;
    }
    let detail = json!({
        "status": after.status,
        "email_changed": before.email != after.email,
        "name_changed": before.name != after.name,
    });
    let chains = chains(tx, [])?;
    Ok(Written {
        audit: records(&chains, By::alone(by), "user.update", after.id, detail),
        changes: Vec::new(),
        value: after,
    })
}
