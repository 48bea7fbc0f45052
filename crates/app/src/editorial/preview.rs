//! Links that show one revision without an account, for a while.

use chrono::TimeDelta;
use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::content::ContentKind;
use loa_domain::entry::{PreviewLink, Revision, State};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{EntryId, PreviewLinkId};
use loa_domain::locale::Locale;
use loa_domain::paging::{Page, PageAsk};
use loa_domain::published::{PublicByline, SectionRef};
use loa_domain::right::Right;
use loa_domain::site::localised;
use loa_domain::snapshot::{Snapshot, Source};
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, editions, memberships, names, previews, revisions};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::desk::Desk;
use super::views::{PersonRef, person};
use super::{Editorial, EntryAddress};
use crate::Error;
use crate::idempotency::{Idempotency, once};
use crate::ids::fresh;
use crate::projection::{content_of, delivered_content, path_of, section_of};
use crate::secrets::{random_token, token_hash};

/// Longest life of a link, in hours.
const MAX_HOURS: u32 = 7 * 24;
/// Life of a link when nothing is asked for, in hours.
const DEFAULT_HOURS: u32 = 3 * 24;

/// A link without its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PreviewLinkView {
    /// Identity.
    pub id: PreviewLinkId,
    /// Number of the revision it shows.
    pub revision: i32,
    /// Who made it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: Moment,
    /// Until when.
    pub expires_at: Moment,
    /// When it was ended early.
    #[schema(required)]
    pub revoked_at: Option<Moment>,
}

/// A link with its token, which is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NewPreviewLink {
    /// The link.
    pub link: PreviewLinkView,
    /// The token; null when the request was sent again with the same `Idempotency-Key`.
    #[schema(required)]
    pub token: Option<String>,
    /// Where to read it.
    #[schema(required)]
    pub url: Option<String>,
}

/// A revision as readers would see it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PreviewView {
    /// The entry.
    pub id: EntryId,
    /// Content type.
    #[serde(rename = "type")]
    pub kind: ContentKind,
    /// Slug of the site.
    pub site: String,
    /// Language.
    pub locale: Locale,
    /// State of the revision's edition, now.
    pub state: State,
    /// Number of the revision.
    pub revision: i32,
    /// Last part of the path.
    pub slug: String,
    /// The path it has, or would get.
    pub path: String,
    /// Title.
    pub title: String,
    /// One or two sentences.
    #[schema(required)]
    pub summary: Option<String>,
    /// Section.
    pub section: SectionRef,
    /// Tags.
    pub tags: Vec<String>,
    /// Named authors.
    pub byline: Vec<PublicByline>,
    /// Where it comes from.
    #[schema(required)]
    pub source: Option<Source>,
    /// What changed, for readers.
    #[schema(required)]
    pub change_note: Option<String>,
    /// The type's own fields.
    #[schema(value_type = Object)]
    pub content: Value,
    /// Until when the link works.
    pub expires_at: Moment,
}

impl Editorial {
    /// Makes a link to a revision (the newest one when none is named).
    ///
    /// # Errors
    /// `Forbidden` without the right to make links, or without that to withdraw for what was withdrawn;
    /// `Invalid` for a life that is too long; `Expunged`.
    pub fn create_preview_link(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        revision: Option<i32>,
        hours: Option<u32>,
        idempotency: Option<&Idempotency>,
    ) -> Result<NewPreviewLink, Error> {
        let now = self.context.now();
        let token = random_token();
        // Only the link is kept for a repeated request: its token is told once.
        let mut told = false;
        let link = self.context.write_as(actor, now, |tx, actor| {
            let desk = Desk::readable(tx, actor, address)?;
            may_preview(&desk, actor)?;
            told = false;
            once(tx, actor.user, idempotency, now, |tx| {
                told = true;
                create(tx, &desk, actor, (revision, hours), now, &token)
            })
        })?;
        let token = told.then_some(token);
        let url = token
            .as_ref()
            .map(|token| format!("/api/v1/previews/{token}"));
        Ok(NewPreviewLink { link, token, url })
    }

    /// A page of the links of an entry, newest first.
    ///
    /// # Errors
    /// `NotFound` for what the actor may not read.
    pub fn preview_links(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        ask: &PageAsk,
    ) -> Result<Page<PreviewLinkView>, Error> {
        self.context.store.read(|conn| {
            let desk = Desk::readable(conn, actor, address)?;
            let page = previews::of_entry(conn, desk.entry.id, ask)?;
            let wanted: Vec<_> = page.items.iter().map(|link| link.revision).collect();
            let found = revisions::get_many(conn, &wanted)?;
            let people: Vec<_> = page.items.iter().map(|link| link.created_by).collect();
            let names = names::of(conn, &people)?;
            page.try_map(|link| {
                let number = found
                    .iter()
                    .find(|r| r.id == link.revision)
                    .map_or(0, |r| r.number);
                let maker = person(&names, link.created_by);
                Ok(view(&link, number, maker))
            })
        })
    }

    /// Ends a link.
    ///
    /// # Errors
    /// `NotFound` for a link that the entry does not have or that was ended.
    pub fn revoke_preview_link(
        &self,
        actor: &Actor,
        address: &EntryAddress,
        id: PreviewLinkId,
    ) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let desk = Desk::readable(tx, actor, address)?;
            may_preview(&desk, actor)?;
            if !previews::revoke(tx, desk.entry.id, id, now)? {
                return Err(Error::NotFound);
            }
            let record = audit(&desk, actor, "preview_link.revoke", id, None);
            Ok(Written::audited((), record))
        })
    }

    /// What a link shows.
    ///
    /// # Errors
    /// `NotFound` for a token that is unknown, over, ended, or whose maker may no longer read; for one
    /// from before what it shows was withdrawn or its time was over.
    pub fn preview(&self, token: &str) -> Result<PreviewView, Error> {
        let now = self.context.now();
        let hash = token_hash(token);
        self.context.store.read(|conn| {
            let link = previews::by_token(conn, &hash)?
                .filter(|link| link.revoked_at.is_none() && now < link.expires_at)
                .ok_or(Error::NotFound)?;
            let maker = memberships::system_actor(conn, link.created_by, now.day())?
                .ok_or(Error::NotFound)?;
            if !maker.may(Right::ReadEntries, link.site) {
                return Err(Error::NotFound);
            }
            let desk = Desk::system(conn, link.entry)?.ok_or(Error::NotFound)?;
            let from_before = desk.taken_back(now).is_some_and(|at| link.created_at < at);
            if from_before || !desk.is_read_by(&maker)? {
                return Err(Error::NotFound);
            }
            let shown = revisions::get_many(conn, &[link.revision])?.pop();
            let shown = shown.ok_or(Error::NotFound)?;
            if may_show(conn, &desk, &maker, &shown, now).is_err() {
                return Err(Error::NotFound);
            }
            show(&desk, &link, &shown)
        })
    }
}

fn may_preview(desk: &Desk, actor: &Actor) -> Result<(), Error> {
    if actor
        .rights_in(desk.at.site.id, &desk.sections())
        .has(Right::Preview)
    {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// Refuses who may not withdraw, where the words are of a public edition that is no longer public.
fn may_show(
    conn: &mut Conn,
    desk: &Desk,
    actor: &Actor,
    shown: &Revision,
    now: Moment,
) -> Result<(), Error> {
    let rights = desk.rights(actor);
    if rights.has(Right::Withdraw) || desk.taken_back(now).is_none() {
        return Ok(());
    }
    let edition = editions::get_many(conn, &[shown.edition])?.pop();
    let was_public = edition.is_some_and(|edition| edition.published_at.is_some());
    if was_public || repeats_the_live_one(desk, shown)? {
        return Err(Error::Forbidden);
    }
    Ok(())
}

/// Whether a revision says what the live one does, as the first of a new edition: all but what was told
/// readers of the last change.
fn repeats_the_live_one(desk: &Desk, shown: &Revision) -> Result<bool, Error> {
    let Some(live) = desk
        .live
        .as_ref()
        .filter(|l| l.revision.expunged_at.is_none())
    else {
        return Ok(false);
    };
    let words = |revision: &Revision| -> Result<Snapshot, Error> {
        Ok(Snapshot {
            change_note: None,
            ..content_of(revision)?
        })
    };
    Ok(words(&live.revision)? == words(shown)?)
}

fn create(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    (revision, hours): (Option<i32>, Option<u32>),
    now: Moment,
    token: &str,
) -> Result<Written<PreviewLinkView>, Error> {
    let hours = hours.unwrap_or(DEFAULT_HOURS);
    if !(1..=MAX_HOURS).contains(&hours) {
        let detail = format!("1 to {MAX_HOURS} hours");
        return Err(Error::field(FieldError::new(
            "/hours",
            FieldCode::Invalid,
            detail,
        )));
    }
    let shown = match revision {
        Some(number) => revisions::by_number(tx, desk.entry.id, number)?.ok_or_else(|| {
            let detail = "the entry has no such revision";
            Error::field(FieldError::new("/revision", FieldCode::NotFound, detail))
        })?,
        None => desk.head()?.revision.clone(),
    };
    if shown.expunged_at.is_some() {
        return Err(Error::Expunged);
    }
    may_show(tx, desk, actor, &shown, now)?;
    let link = PreviewLink {
        id: fresh(now),
        site: desk.entry.site,
        entry: desk.entry.id,
        revision: shown.id,
        created_by: actor.user,
        created_at: now,
        expires_at: now.after(TimeDelta::hours(i64::from(hours))),
        revoked_at: None,
    };
    previews::insert(tx, &link, &token_hash(token))?;
    let maker = PersonRef {
        id: actor.user,
        name: actor.name.clone(),
    };
    let made = view(&link, shown.number, maker);
    let record = audit(
        desk,
        actor,
        "preview_link.create",
        link.id,
        Some(shown.number),
    );
    Ok(Written::audited(made, record))
}

fn view(link: &PreviewLink, revision: i32, created_by: PersonRef) -> PreviewLinkView {
    PreviewLinkView {
        id: link.id,
        revision,
        created_by,
        created_at: link.created_at,
        expires_at: link.expires_at,
        revoked_at: link.revoked_at,
    }
}

fn show(
    desk: &Desk,
    link: &PreviewLink,
    revision: &loa_domain::entry::Revision,
) -> Result<PreviewView, Error> {
    let snapshot = content_of(revision)?;
    let section = section_of(&desk.at.sections, snapshot.section)?;
    let default = &desk.at.settings.default_locale;
    let state = [&desk.open, &desk.live]
        .into_iter()
        .flatten()
        .find(|sheet| sheet.edition.id == revision.edition)
        .map_or(State::Superseded, |sheet| sheet.edition.state);
    Ok(PreviewView {
        id: desk.entry.id,
        kind: desk.entry.kind,
        site: desk.at.site.slug.clone(),
        locale: desk.entry.locale.clone(),
        state,
        revision: revision.number,
        path: path_of(
            &desk.at.settings,
            &desk.entry.locale,
            section,
            &snapshot.slug,
        ),
        section: SectionRef {
            slug: section.slug.clone(),
            title: localised(&section.title, &desk.entry.locale, default).to_owned(),
        },
        content: delivered_content(&snapshot.content)?,
        byline: snapshot
            .byline
            .into_iter()
            .map(|name| PublicByline { name: name.name })
            .collect(),
        slug: snapshot.slug,
        title: snapshot.title,
        summary: snapshot.summary,
        tags: snapshot.tags,
        source: snapshot.source,
        change_note: snapshot.change_note,
        expires_at: link.expires_at,
    })
}

fn audit(
    desk: &Desk,
    actor: &Actor,
    action: &'static str,
    id: PreviewLinkId,
    revision: Option<i32>,
) -> NewAudit {
    NewAudit {
        chain: Chain::Site(desk.entry.site),
        actor: Some(actor.user),
        action,
        subject: "preview_link",
        subject_id: id.to_string(),
        detail: json!({"entry": desk.entry.id, "revision": revision}),
    }
}
