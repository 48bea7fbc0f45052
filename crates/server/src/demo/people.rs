//! Accounts with their roles and passwords.

use std::collections::BTreeMap;

use loa_app::{App, Weakness, fresh_id};
use loa_domain::ids::UserId;
use loa_domain::people::{Membership, Place, User, UserStatus};
use loa_domain::time::Moment;
use loa_store::{Error, Written, memberships, users};

use super::places::Places;
use super::source::Person;
use crate::cli::PUBLIC_PASSWORD;
use crate::failure::Failure;

/// A person with the hash of the password.
pub(super) struct Account<'p> {
    person: &'p Person,
    user: User,
    password_hash: String,
}

/// Everybody with a password, not stored yet. The first one makes the others.
///
/// # Errors
/// `Usage` for a weak password.
pub(super) fn accounts<'p>(
    app: &App,
    staff: &'p [Person],
    password: &str,
) -> Result<Vec<Account<'p>>, Failure> {
    let mut accounts: Vec<Account<'p>> = Vec::with_capacity(staff.len());
    for person in staff {
        let maker = accounts.first().map(|first| first.user.id);
        let user = user(person, maker, app.now());
        let password_hash = hash(app, &user, password)?;
        accounts.push(Account {
            person,
            user,
            password_hash,
        });
    }
    Ok(accounts)
}

/// Stores everybody with their role; gives them by email address.
///
/// # Errors
/// When a place is unknown; of the database.
pub(super) fn seed(
    app: &App,
    accounts: Vec<Account<'_>>,
    places: &Places,
) -> Result<BTreeMap<String, UserId>, Failure> {
    let now = app.now();
    let roles: Vec<Membership> = accounts
        .iter()
        .map(|account| membership(account.person, account.user.id, places, now))
        .collect::<Result<_, _>>()?;
    app.store().write(now, |tx| {
        for account in &accounts {
            let user = &account.user;
            users::insert(tx, user)?;
            users::set_password(tx, user.id, user.version, &account.password_hash, now)?;
        }
        for role in &roles {
            memberships::insert(tx, role)?;
        }
        Ok::<_, Error>(Written::quiet(()))
    })?;
    Ok(accounts
        .into_iter()
        .map(|account| (account.user.email, account.user.id))
        .collect())
}

fn user(person: &Person, created_by: Option<UserId>, now: Moment) -> User {
    User {
        id: fresh_id(now),
        email: person.email.clone(),
        name: person.name.clone(),
        status: UserStatus::Active,
        has_password: false,
        created_by,
        created_at: now,
        version: 1,
    }
}

fn hash(app: &App, user: &User, password: &str) -> Result<String, Failure> {
    let identity = app.identity();
    // Everybody knows it, so no rule makes it better; nothing but the demo takes it.
    if password == PUBLIC_PASSWORD {
        return Ok(identity.system_hash_known_password(password)?);
    }
    match identity.system_hash_password(user, password) {
        Ok(hash) => Ok(hash),
        Err(loa_app::Error::WeakPassword { why, .. }) => {
            let why = match why {
                Weakness::TooShort => "at least 12 characters",
                Weakness::TooLong => "at most 128 characters",
                Weakness::OwnWords => "too much of it are names, common words or numbers",
                Weakness::Guessable => "too easy to guess",
            };
            Err(Failure::usage(format!(
                "--password, for {}: {why}",
                user.email
            )))
        }
        Err(other) => Err(other.into()),
    }
}

fn membership(
    person: &Person,
    user: UserId,
    places: &Places,
    now: Moment,
) -> Result<Membership, Failure> {
    let unknown = || Failure::failed(format!("{}: no such place", person.email));
    let place = match (&person.site, &person.unit_code) {
        (None, None) => Place::Platform,
        (Some(site), None) => Place::Site(*places.sites.get(site).ok_or_else(unknown)?),
        (None, Some(code)) => Place::Unit(*places.units.get(code).ok_or_else(unknown)?),
        (Some(_), Some(_)) => return Err(unknown()),
    };
    let mut sections = Vec::with_capacity(person.sections.len());
    for slug in &person.sections {
        let key = (person.site.clone().unwrap_or_default(), slug.clone());
        sections.push(*places.sections.get(&key).ok_or_else(unknown)?);
    }
    Ok(Membership {
        id: fresh_id(now),
        user,
        role: person.role,
        place,
        sections,
        created_at: now,
        version: 1,
    })
}
