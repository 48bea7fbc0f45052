//! What people are told about their own accounts: until they say that they have seen it.

use loa_domain::access::NoticeKind;
use loa_domain::actor::Actor;
use loa_domain::ids::{NoticeId, UserId};
use loa_domain::people::Role;
use loa_domain::time::Moment;
use loa_domain::unit::UnitName;
use loa_store::{Conn, Written, names, notices};

use super::{Identity, PlaceNames};
use crate::Error;

/// Most that are shown at a time.
const MOST: i64 = 50;

/// A notice with the names of people and places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// Identity.
    pub id: NoticeId,
    /// What happened.
    pub kind: NoticeKind,
    /// Name of whoever did it, or asked for it; none for the operator of the machine.
    pub by: Option<String>,
    /// Name of the second administrator who confirmed it.
    pub confirmed_by: Option<String>,
    /// Which role, where it is about one.
    pub role: Option<Role>,
    /// Slug of the site where the role holds.
    pub site: Option<String>,
    /// The unit where the role holds.
    pub unit: Option<UnitName>,
    /// When.
    pub at: Moment,
}

impl Identity {
    /// Notes that the actor has seen a notice; it is not shown again.
    ///
    /// # Errors
    /// `NotFound` when the actor has no such notice.
    pub fn see_notice(&self, actor: &Actor, id: NoticeId) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            if notices::see(tx, actor.user, id, now)? {
                Ok(Written::quiet(()))
            } else {
                Err(Error::NotFound)
            }
        })
    }
}

/// What a person has not seen yet, newest first.
pub(super) fn unseen(conn: &mut Conn, user: UserId) -> Result<Vec<NoticeView>, Error> {
    let found = notices::unseen(conn, user, MOST)?;
    let people: Vec<UserId> = found
        .iter()
        .flat_map(|notice| [notice.by, notice.confirmed_by])
        .flatten()
        .collect();
    let names = names::of(conn, &people)?;
    let places = PlaceNames::of(conn, found.iter().filter_map(|notice| notice.place))?;
    let name = |id: Option<UserId>| id.and_then(|id| names.get(&id).cloned());
    Ok(found
        .into_iter()
        .map(|notice| NoticeView {
            id: notice.id,
            kind: notice.kind,
            by: name(notice.by),
            confirmed_by: name(notice.confirmed_by),
            role: notice.role,
            site: notice.place.and_then(|place| places.site(place)),
            unit: notice.place.and_then(|place| places.unit(place)),
            at: notice.at,
        })
        .collect())
}
