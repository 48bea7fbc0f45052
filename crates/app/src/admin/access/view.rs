//! A request as administrators see it: who asked, for whom, what, where.

use std::collections::HashMap;

use loa_domain::access::{AccessKind, AccessRequest, AccessState, AccessWhat};
use loa_domain::ids::{AccessRequestId, SectionId, UserId};
use loa_domain::people::{Place, Role, User};
use loa_domain::time::Moment;
use loa_domain::unit::UnitName;
use loa_store::password_origins::PasswordOrigin;
use loa_store::{Conn, names, password_origins, users};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::identity::PlaceNames;

/// Whose account a request is about, and who set it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInRequest {
    /// Who.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// Name of whoever made the account; none for the operator of the machine.
    pub created_by: Option<String>,
    /// Name of whoever gave the link of the password; none for the operator of the machine, and where
    /// no link was used.
    pub password_link_by: Option<String>,
}

/// A request with the names of people and places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestView {
    /// Identity.
    pub id: AccessRequestId,
    /// What is asked for.
    pub kind: AccessKind,
    /// How far it has come.
    pub state: AccessState,
    /// Whose account it is about.
    pub user: PersonInRequest,
    /// The role.
    pub role: Option<Role>,
    /// Slug of the site where it is to hold.
    pub site: Option<String>,
    /// The unit where it is to hold.
    pub unit: Option<UnitName>,
    /// Only in these sections and what is below them; empty for all.
    pub sections: Vec<SectionId>,
    /// Who asked.
    pub asked_by: UserId,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: Moment,
    /// Until when it can be confirmed.
    pub expires_at: Moment,
    /// Who confirmed, refused or took it back; none for the operator of the machine.
    pub decided_by: Option<UserId>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Moment>,
}

/// One request.
pub(super) fn view(
    conn: &mut Conn,
    request: AccessRequest,
    now: Moment,
) -> Result<AccessRequestView, Error> {
    let mut views = views(conn, &[request], now)?;
    views.pop().ok_or(Error::NotFound)
}

/// Several requests, in as many queries as one.
pub(super) fn views(
    conn: &mut Conn,
    requests: &[AccessRequest],
    now: Moment,
) -> Result<Vec<AccessRequestView>, Error> {
    let people: Vec<UserId> = requests.iter().map(|request| request.user).collect();
    let users = users::get_many(conn, &people)?;
    let origins = password_origins::of_many(conn, &people)?;
    let mut mentioned: Vec<UserId> = users.iter().filter_map(|user| user.created_by).collect();
    mentioned.extend(origins.values().filter_map(|origin| origin.given_by));
    for request in requests {
        mentioned.push(request.asked_by);
        mentioned.extend(request.decided_by);
    }
    let known = Known {
        names: names::of(conn, &mentioned)?,
        places: PlaceNames::of(conn, requests.iter().filter_map(place))?,
        users,
        origins,
    };
    requests
        .iter()
        .map(|request| known.view(request, now))
        .collect()
}

fn place(request: &AccessRequest) -> Option<Place> {
    match request.what {
        AccessWhat::Role { place, .. } => Some(place),
        AccessWhat::PasswordLink => None,
    }
}

struct Known {
    users: Vec<User>,
    origins: HashMap<UserId, PasswordOrigin>,
    names: HashMap<UserId, String>,
    places: PlaceNames,
}

impl Known {
    fn name(&self, id: Option<UserId>) -> Option<String> {
        id.and_then(|id| self.names.get(&id).cloned())
    }

    fn person(&self, id: UserId) -> Result<PersonInRequest, Error> {
        let mut users = self.users.iter();
        let user = users.find(|user| user.id == id).ok_or(Error::NotFound)?;
        let origin = self.origins.get(&id);
        Ok(PersonInRequest {
            id,
            name: user.name.clone(),
            email: user.email.clone(),
            created_by: self.name(user.created_by),
            password_link_by: self.name(origin.and_then(|origin| origin.given_by)),
        })
    }

    fn view(&self, request: &AccessRequest, now: Moment) -> Result<AccessRequestView, Error> {
        let place = place(request);
        let (role, sections) = match &request.what {
            AccessWhat::Role { role, sections, .. } => (Some(*role), sections.clone()),
            AccessWhat::PasswordLink => (None, Vec::new()),
        };
        Ok(AccessRequestView {
            id: request.id,
            kind: request.what.kind(),
            state: request.state_at(now),
            user: self.person(request.user)?,
            role,
            site: place.and_then(|place| self.places.site(place)),
            unit: place.and_then(|place| self.places.unit(place)),
            sections,
            asked_by: request.asked_by,
            asked_by_name: self.name(Some(request.asked_by)).unwrap_or_default(),
            asked_at: request.asked_at,
            expires_at: request.expires_at,
            decided_by: request.decided_by,
            decided_by_name: self.name(request.decided_by),
            decided_at: request.decided_at,
        })
    }
}
