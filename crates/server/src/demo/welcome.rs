//! What `loa demo` says when it is ready: where to look and who may sign in.

use std::fmt::Write;
use std::net::SocketAddr;

use loa_domain::people::Role;

use super::source::{self, Person};
use crate::failure::Failure;

/// The site whose people are shown.
const SITE: &str = "hai-tien";

/// Addresses and one account of each role.
///
/// # Errors
/// When the file of the staff cannot be read.
pub(super) fn text(listen: SocketAddr, password: &str) -> Result<String, Failure> {
    let staff = source::province()?.staff;
    let mut text = format!(
        "Loa is at   http://{listen}/\n\
         To read:    http://{listen}/docs/\n\
         Its sites:  http://{listen}/api/v1/sites\n\
         \n\
         To sign in at /api/v1/auth/login, everybody with the password {password}\n"
    );
    for person in accounts(&staff) {
        let place = match (&person.site, &person.unit_code) {
            (Some(site), _) => site.clone(),
            (None, Some(code)) => format!("unit {code} and below"),
            (None, None) => "everywhere".to_owned(),
        };
        // Writing to a text cannot fail.
        writeln!(
            text,
            "  {:<15} {:<38} {:<18} {place}",
            person.role.as_str(),
            person.email,
            person.name,
        )
        .ok();
    }
    text.push_str("\nCtrl-C ends it; what was written stays.\n");
    Ok(text)
}

/// One of each role at one site, a chief editor of the province, and whoever administers it all.
fn accounts(staff: &[Person]) -> Vec<&Person> {
    let at_site = |role: Role| {
        staff
            .iter()
            .find(|person| person.role == role && person.site.as_deref() == Some(SITE))
    };
    let elsewhere = |role: Role| {
        staff
            .iter()
            .find(|person| person.role == role && person.site.is_none())
    };
    Role::ALL
        .iter()
        .filter_map(|role| at_site(*role))
        .chain(elsewhere(Role::ChiefEditor))
        .chain(elsewhere(Role::PlatformAdmin))
        .collect()
}
