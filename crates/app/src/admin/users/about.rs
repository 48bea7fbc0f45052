//! What is recorded of something done to an account, and what its person is told.

use std::collections::BTreeSet;

use loa_domain::access::{Notice, NoticeKind};
use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::ids::UserId;
use loa_domain::people::{Membership, Place};
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, notices, sites};
use serde_json::{Value, json};

use crate::admin::record_by;
use crate::{Error, ids};

/// Who does something to an account.
#[derive(Clone, Copy)]
pub(in crate::admin) struct By<'a> {
    /// The administrator, or the second of two; none for the operator of the machine.
    pub(in crate::admin) actor: Option<&'a Actor>,
    /// The first of two administrators, who asked for it.
    pub(in crate::admin) asked: Option<UserId>,
}

impl<'a> By<'a> {
    /// One administrator, or the operator of the machine.
    pub(in crate::admin) fn alone(actor: Option<&'a Actor>) -> Self {
        Self { actor, asked: None }
    }

    /// The administrator's account.
    pub(in crate::admin) fn user(&self) -> Option<UserId> {
        self.actor.map(|actor| actor.user)
    }
}

/// The platform's chain and those of the sites that these places are, or that belong to these units.
pub(in crate::admin) fn chains(
    conn: &mut Conn,
    places: impl IntoIterator<Item = Place>,
) -> Result<BTreeSet<Chain>, Error> {
    let mut chains = BTreeSet::from([Chain::Platform]);
    for place in places {
        match place {
            Place::Platform => {}
            Place::Site(site) => {
                chains.insert(Chain::Site(site));
            }
            Place::Unit(unit) => {
                chains.extend(sites::of_unit(conn, unit)?.into_iter().map(Chain::Site));
            }
        }
    }
    Ok(chains)
}

/// The same record in each of the chains, with who asked and the network address it came from.
pub(in crate::admin) fn records(
    chains: &BTreeSet<Chain>,
    by: By<'_>,
    action: &'static str,
    user: UserId,
    mut detail: Value,
) -> Vec<NewAudit> {
    if let Some(detail) = detail.as_object_mut() {
        let address = by.actor.and_then(|actor| actor.address.clone());
        detail.insert("address".to_owned(), json!(address));
        if let Some(asked) = by.asked {
            detail.insert("asked_by".to_owned(), json!(asked));
        }
    }
    chains
        .iter()
        .map(|chain| {
            let subject = ("user", user.to_string());
            record_by(*chain, by.user(), action, subject, detail.clone())
        })
        .collect()
}

/// Records of a role that was given or has ended.
pub(super) fn about_role(
    conn: &mut Conn,
    by: By<'_>,
    action: &'static str,
    membership: &Membership,
) -> Result<Vec<NewAudit>, Error> {
    let unit = match membership.place {
        Place::Unit(unit) => Some(unit),
        Place::Site(_) | Place::Platform => None,
    };
    let detail = json!({
        "membership": membership.id, "role": membership.role, "unit": unit,
        "sections": membership.sections,
    });
    let chains = chains(conn, [membership.place])?;
    Ok(records(&chains, by, action, membership.user, detail))
}

/// Tells a person about their own account.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    by: By<'_>,
    user: UserId,
    kind: NoticeKind,
    role: Option<&Membership>,
    now: Moment,
) -> Result<(), Error> {
    let (first, second) = match by.asked {
        Some(first) => (Some(first), by.user()),
        None => (by.user(), None),
    };
    let notice = Notice {
        id: ids::fresh(now),
        user,
        kind,
        by: first,
        confirmed_by: second,
        role: role.map(|membership| membership.role),
        place: role.map(|membership| membership.place),
        at: now,
    };
    Ok(notices::insert(tx, &notice)?)
}
