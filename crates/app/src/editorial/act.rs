//! The actions of the workflow table, one like another: plan, then apply.

use loa_domain::actor::Actor;
use loa_domain::entry::{Action, WithdrawKind};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{EntryId, UserId};
use loa_domain::snapshot::text_within;
use loa_domain::text;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, memberships, published, settings};
use loa_workflow::{Ask, may_act_on_open, plan};

use super::apply::Applied;
use super::desk::Desk;
use super::views::EditorialEntry;
use super::{Editorial, EntryAddress};
use crate::idempotency::{Idempotency, once};
use crate::{Context, Error, IfMatch};

/// Longest comment or reason, in characters.
const WORDS_MAX: usize = 2_000;

/// An action with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRequest {
    /// Which.
    pub action: Action,
    /// Words for colleagues.
    pub comment: Option<String>,
    /// Words for readers, or why approval is skipped.
    pub reason: Option<String>,
    /// When to publish.
    pub publish_at: Option<Moment>,
    /// Whom to assign.
    pub user_id: Option<UserId>,
    /// How readers are told of a withdrawal.
    pub kind: Option<WithdrawKind>,
    /// Where to read instead: an entry's id, or a path of the same site.
    pub redirect_to: Option<String>,
}

impl Editorial {
    /// Does an action.
    ///
    /// # Errors
    /// `Refused` says why and what would be allowed; `PreconditionFailed` for a stale tag.
    pub fn act(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        request: &ActionRequest,
        if_match: &IfMatch,
        idempotency: Option<&Idempotency>,
    ) -> Result<EditorialEntry, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let desk = Desk::writable(tx, actor, address)?;
            once(tx, actor.user, idempotency, now, |tx| {
                act(&self.context, tx, desk, actor, request, if_match)
            })
        })
    }
}

fn act(
    context: &Context,
    tx: &mut Tx<'_>,
    mut desk: Desk,
    actor: &Actor,
    request: &ActionRequest,
    if_match: &IfMatch,
) -> Result<Written<EditorialEntry>, Error> {
    let now = context.now();
    let facts = desk.facts(now)?;
    let by = desk.by(actor);
    // Asked without what the action carries: whether the person may at all.
    let plain = Ask::default();
    context.checked(&desk, if_match, |_| {
        match plan(&facts, request.action, by, &plain, now) {
            Err(refusal) if refusal.reason.is_about_rights() => Err(Error::from(refusal)),
            _ => Ok(()),
        }
    })?;
    let carries = carried(tx, &desk, request, now)?;
    if request.action == Action::Save {
        return Err(Error::NotFound);
    }
    let planned = plan(&facts, request.action, by, &carries, now)?;
    let done = Applied {
        by: Some(actor),
        ask: &carries,
        now,
    }
    .apply(tx, &mut desk, &planned)?;
    Ok(Written {
        value: desk.view(tx, actor, now)?,
        changes: done.changes,
        audit: done.audit,
    })
}

/// What the action carries, checked and resolved.
fn carried(
    conn: &mut Conn,
    desk: &Desk,
    request: &ActionRequest,
    now: Moment,
) -> Result<Ask, Error> {
    let mut errors = Vec::new();
    for (pointer, words) in [("/comment", &request.comment), ("/reason", &request.reason)] {
        if let Some(words) = words {
            text_within(&mut errors, pointer, words, WORDS_MAX);
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let words = |text: &Option<String>| {
        text.as_deref()
            .map(|text| text::nfc(text.trim()))
            .filter(|t| !t.is_empty())
    };
    Ok(Ask {
        comment: words(&request.comment),
        reason: words(&request.reason),
        publish_at: request.publish_at,
        assignee: match request.user_id {
            Some(user) => Some((user, may_act(conn, desk, user, now)?)),
            None => None,
        },
        kind: request.kind,
        redirect_to: match &request.redirect_to {
            Some(to) => Some(redirect(conn, desk, to)?),
            None => None,
        },
    })
}

fn may_act(conn: &mut Conn, desk: &Desk, user: UserId, now: Moment) -> Result<bool, Error> {
    let Some(person) = memberships::system_actor(conn, user, now.day())? else {
        return Ok(false);
    };
    Ok(may_act_on_open(
        &desk.facts(now)?,
        user,
        desk.rights(&person),
    ))
}

/// An address on this installation: never what a client makes up.
fn redirect(conn: &mut Conn, desk: &Desk, to: &str) -> Result<String, Error> {
    let refused =
        |detail: &str| Error::field(FieldError::new("/redirect_to", FieldCode::NotFound, detail));
    let own = desk.at.site.id;
    if let Ok(id) = to.parse::<EntryId>() {
        let (site, path) = published::place(conn, id)?
            .filter(|_| id != desk.entry.id)
            .ok_or_else(|| refused("no other published entry has this id"))?;
        if site == own {
            return Ok(path);
        }
        let host = settings::get(conn, site)?.hosts.into_iter().next();
        let host = host.ok_or_else(|| refused("the entry's site has no host"))?;
        return Ok(format!("https://{host}{path}"));
    }
    let is_path = to.starts_with('/') && text::forbidden_char(to).is_none();
    let owner = if is_path {
        published::owner_of_path(conn, own, to)?
    } else {
        None
    };
    // Only to what is public today: a chain of redirects could lead in a circle.
    let public = match owner.filter(|owner| *owner != desk.entry.id) {
        Some(owner) => published::path(conn, own, owner)?,
        None => None,
    };
    match public {
        Some(path) => Ok(path),
        None => Err(refused(
            "an id of a published entry, or a path of another entry of this site",
        )),
    }
}
