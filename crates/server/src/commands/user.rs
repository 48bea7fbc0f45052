//! `loa user`: what the operator of the machine does to accounts. No account is needed for it, and
//! the audit trail names no actor.

use loa_api::password_link_path;
use loa_app::admin::{NewMembership, NewPasswordLink, NewUser};
use loa_app::{Admin, Identity};
use loa_domain::paging::{PageAsk, Start};
use loa_domain::people::{Role, UserStatus};

use crate::cli::{self, User};
use crate::config::Settings;
use crate::failure::Failure;
use crate::{out, wiring};

/// Accounts read at a time.
const PAGE: u32 = 200;

/// Does it.
///
/// # Errors
/// When there is no such account or place, or something about a new one is refused.
pub(super) fn run(what: User, settings: &Settings) -> Result<(), Failure> {
    let app = wiring::app(settings)?;
    let admin = app.admin();
    match what {
        User::Create(args) => create(&admin, args),
        User::List => list(&admin),
        User::PasswordLink(who) => {
            let link = admin.system_create_password_link(&who.email);
            tell(&link.map_err(|error| about(&who.email, error))?);
            Ok(())
        }
        User::Suspend(who) => set_status(&admin, &who.email, UserStatus::Suspended),
        User::Resume(who) => set_status(&admin, &who.email, UserStatus::Active),
        User::Unlock(who) => unlock(&app.identity(), &who.email),
    }
}

fn create(admin: &Admin, args: cli::NewUser) -> Result<(), Failure> {
    let unit = match args.unit {
        Some(code) => match admin.system_unit_today(&code) {
            Ok(unit) => Some(unit.id),
            Err(loa_app::Error::NotFound) => {
                return Err(Failure::failed(format!(
                    "no unit has the code {code} today"
                )));
            }
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let role = if args.platform_admin {
        Some(Role::PlatformAdmin)
    } else {
        args.role
    };
    let membership = role.map(|role| NewMembership {
        role,
        site: args.site,
        unit,
        sections: Vec::new(),
    });
    let request = NewUser {
        email: args.email,
        name: args.name,
    };
    let made = admin.system_create_user(&request, membership.as_ref())?;
    tell(&made.link);
    Ok(())
}

fn list(admin: &Admin) -> Result<(), Failure> {
    let mut start = Start::First;
    loop {
        let ask = PageAsk {
            size: PAGE,
            start,
            count: false,
        };
        let page = admin.system_list_users(&ask)?;
        for user in page.items {
            let password = if user.has_password {
                "password"
            } else {
                "no password"
            };
            out::line(&format!(
                "{}\t{}\t{password}\t{}",
                user.email, user.status, user.name
            ));
        }
        match page.next {
            Some(last) => start = Start::After(last),
            None => return Ok(()),
        }
    }
}

fn set_status(admin: &Admin, email: &str, status: UserStatus) -> Result<(), Failure> {
    let user = admin.system_set_user_status(email, status);
    let user = user.map_err(|error| about(email, error))?;
    out::line(&format!("{}\t{}", user.email, user.status));
    Ok(())
}

fn unlock(identity: &Identity, email: &str) -> Result<(), Failure> {
    let unlocked = identity.system_unlock(email);
    let (user, _) = unlocked.map_err(|error| about(email, error))?;
    out::line(&format!("{}\tunlocked", user.email));
    Ok(())
}

/// The path alone is the result, so that a script can take it.
fn tell(link: &NewPasswordLink) {
    if let Some(token) = &link.token {
        out::line(&password_link_path(token));
        out::complain(&format!(
            "POST {{\"password\": …}} there, once, until {}",
            link.expires_at
        ));
    }
}

fn about(email: &str, error: loa_app::Error) -> Failure {
    if matches!(error, loa_app::Error::NotFound) {
        return Failure::failed(format!("no account has the address {email}"));
    }
    if matches!(error, loa_app::Error::StateConflict("user_suspended")) {
        return Failure::failed(format!("{email} is suspended"));
    }
    error.into()
}
