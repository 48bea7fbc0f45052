//! `loa user`: what the operator of the machine does to accounts. No account is needed for it, and
//! the audit trail names no actor.

use loa_api::password_link_path;
use loa_app::admin::{AccessRequestView, NewMembership, NewPasswordLink, NewUser};
use loa_app::{Admin, Identity};
use loa_domain::ids::AccessRequestId;
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
    let app = wiring::admitted(settings)?;
    let admin = app.admin();
    match what {
        User::Create(args) => create(&admin, args),
        User::List => list(&admin),
        User::PasswordLink(who) => {
            let link = admin.system_create_password_link(&who.email);
            tell(&link.map_err(|error| about(&who.email, error))?);
            Ok(())
        }
        User::Suspend(args) => {
            let (email, last) = (&args.who.email, args.even_the_last);
            set_status(&admin, email, UserStatus::Suspended, last)
        }
        User::Resume(who) => set_status(&admin, &who.email, UserStatus::Active, false),
        User::Unlock(who) => unlock(&app.identity(), &who.email),
        User::Grant(args) => grant(&admin, args),
        User::Requests => requests(&admin),
        User::Confirm(request) => {
            let confirmed = admin.system_confirm_access(id(&request.id)?);
            let confirmed = confirmed.map_err(|error| about_request(&request.id, error))?;
            line(&confirmed.request);
            if let Some(link) = &confirmed.link {
                tell(link);
            }
            Ok(())
        }
        User::Refuse(request) => {
            let refused = admin.system_refuse_access(id(&request.id)?);
            line(&refused.map_err(|error| about_request(&request.id, error))?);
            Ok(())
        }
    }
}

fn grant(admin: &Admin, args: cli::GrantRole) -> Result<(), Failure> {
    let email = args.who.email;
    let Some(role) = membership(admin, args.role)? else {
        return Err(Failure::usage(
            "a role is wanted: --role with --site or --unit, or --platform-admin",
        ));
    };
    let given = admin.system_create_membership(&email, &role);
    let (given, ended) = given.map_err(|error| about(&email, error))?;
    out::line(&format!("{email}\t{}", given.role));
    if ended {
        out::complain(&format!(
            "its password and sessions have ended: whoever set it up does not reach as far; \
             `loa user password-link {email}` lets the person start anew"
        ));
    }
    Ok(())
}

fn requests(admin: &Admin) -> Result<(), Failure> {
    let mut start = Start::First;
    loop {
        let ask = PageAsk {
            size: PAGE,
            start,
            count: false,
        };
        let page = admin.system_list_access(&ask)?;
        page.items.iter().for_each(line);
        match page.next {
            Some(last) => start = Start::After(last),
            None => return Ok(()),
        }
    }
}

/// One request: id, state, for whom, what, where, who asked, until when.
fn line(request: &AccessRequestView) {
    let what = request.role.map_or(request.kind.as_str(), Role::as_str);
    let unit = request.unit.as_ref().map(|unit| unit.code.clone());
    let place = request.site.clone().or(unit).unwrap_or_default();
    out::line(&format!(
        "{}\t{}\t{}\t{what}\t{place}\t{}\t{}",
        request.id, request.state, request.user.email, request.asked_by_name, request.expires_at
    ));
}

fn id(text: &str) -> Result<AccessRequestId, Failure> {
    let id = text.parse();
    id.map_err(|_| Failure::usage(format!("{text} is no id; `loa user requests` prints them")))
}

fn about_request(id: &str, error: loa_app::Error) -> Failure {
    match error {
        loa_app::Error::NotFound => Failure::failed(format!("no request has the id {id}")),
        loa_app::Error::StateConflict("request_decided") => {
            Failure::failed(format!("{id} is decided already"))
        }
        loa_app::Error::StateConflict("request_expired") => Failure::failed(format!(
            "{id} has waited too long; it has to be asked for again"
        )),
        loa_app::Error::StateConflict("user_suspended") => {
            Failure::failed("the account is suspended".to_owned())
        }
        other => other.into(),
    }
}

fn create(admin: &Admin, args: cli::NewUser) -> Result<(), Failure> {
    let role = membership(admin, args.role)?;
    let request = NewUser {
        email: args.email,
        name: args.name,
    };
    let made = admin.system_create_user(&request, role.as_ref())?;
    tell(&made.link);
    Ok(())
}

/// The role that the arguments name, if they name one.
fn membership(admin: &Admin, args: cli::RoleAtPlace) -> Result<Option<NewMembership>, Failure> {
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
    Ok(role.map(|role| NewMembership {
        role,
        site: args.site,
        unit,
        sections: Vec::new(),
    }))
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

fn set_status(
    admin: &Admin,
    email: &str,
    status: UserStatus,
    even_the_last: bool,
) -> Result<(), Failure> {
    let user = admin.system_set_user_status(email, status, even_the_last);
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
    if matches!(error, loa_app::Error::StateConflict("last_platform_admin")) {
        return Failure::failed(format!(
            "{email} is the last who can administer the platform; --even-the-last suspends it all the same"
        ));
    }
    error.into()
}
