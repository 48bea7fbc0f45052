//! An entry as its board sees it.

use std::collections::HashMap;

use loa_domain::actor::Actor;
use loa_domain::content::{Content, ContentKind};
use loa_domain::entry::{Action, Revision, State, Target, UpdateType, WithdrawKind};
use loa_domain::field::Warning;
use loa_domain::ids::{EntryId, SectionId, TranslationGroupId, UserId};
use loa_domain::locale::Locale;
use loa_domain::right::RightSet;
use loa_domain::site::localised;
use loa_domain::snapshot::{Byline, Snapshot, Source};
use loa_domain::time::Moment;
use loa_store::held::{self, Held};
use loa_store::{Conn, names, published};
use loa_workflow::{By, available};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::desk::{Desk, Sheet};
use crate::Error;
use crate::projection::{content_of, section_of};

/// A person as an entry shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PersonRef {
    /// Identity.
    pub id: UserId,
    /// Name.
    pub name: String,
}

/// A section as an entry shows it to its board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SectionView {
    /// Identity.
    pub id: SectionId,
    /// Slug.
    #[schema(example = "tin-tuc")]
    pub slug: String,
    /// Title in the entry's language.
    pub title: String,
}

/// The live edition beside an open one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LiveView {
    /// Number of the edition.
    pub edition: i32,
    /// Its state: published, withdrawn or archived.
    pub state: State,
    /// When it became public; null if it never was.
    #[schema(required)]
    pub published_at: Option<Moment>,
    /// Its path while it is public.
    #[schema(required)]
    pub path: Option<String>,
    /// Whether it was published without approval and is not confirmed.
    pub needs_second_look: bool,
    /// How it was withdrawn.
    #[schema(required)]
    pub withdrawal: Option<WithdrawalView>,
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WithdrawalView {
    /// How readers are told.
    pub kind: WithdrawKind,
    /// The public reason.
    #[schema(required)]
    pub reason: Option<String>,
    /// Where readers are sent.
    #[schema(required)]
    pub redirect_to: Option<String>,
    /// When.
    pub at: Moment,
}

/// A publication that the clock could not carry out: since when it waits for a person, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldView {
    /// Since when.
    pub at: Moment,
    /// Why, in Vietnamese and English.
    pub reason: String,
}

/// An action and whether the caller could do it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ActionView {
    /// The action.
    pub action: Action,
    /// On which edition.
    pub target: Target,
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why not: a word of the workflow's closed list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "four_eyes")]
    pub reason: Option<String>,
}

/// An entry as its board sees it: the open edition, or else the live one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EditorialEntry {
    /// Identity.
    pub id: EntryId,
    /// Content type.
    #[serde(rename = "type")]
    pub kind: ContentKind,
    /// Slug of the site.
    pub site: String,
    /// Language.
    pub locale: Locale,
    /// What ties it to its translations.
    pub translation_group: TranslationGroupId,
    /// State of the edition shown.
    pub state: State,
    /// Number of the edition shown.
    pub edition: i32,
    /// Number of the revision shown.
    pub revision: i32,
    /// Raised by every change; the `ETag` stands for it.
    pub version: i64,
    /// Title.
    pub title: String,
    /// One or two sentences.
    #[schema(required)]
    pub summary: Option<String>,
    /// Last part of the path.
    pub slug: String,
    /// Section.
    pub section: SectionView,
    /// Tags.
    pub tags: Vec<String>,
    /// Named authors.
    pub byline: Vec<Byline>,
    /// Where it comes from.
    #[schema(required)]
    pub source: Option<Source>,
    /// Cover picture; always null until media arrive.
    #[schema(required, value_type = Option<Object>)]
    pub cover: Option<Value>,
    /// Whether readers should take note.
    pub update_type: UpdateType,
    /// What changed, for readers.
    #[schema(required)]
    pub change_note: Option<String>,
    /// When it ends by itself.
    #[schema(required)]
    pub expire_at: Option<Moment>,
    /// The type's own fields.
    #[schema(value_type = Object)]
    pub content: Value,
    /// The edition that is or was public.
    #[schema(required)]
    pub live: Option<LiveView>,
    /// Everyone who wrote a revision of the edition shown.
    pub authors: Vec<PersonRef>,
    /// Who has it on the desk.
    #[schema(required)]
    pub assignee: Option<PersonRef>,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<PersonRef>,
    /// When it is to be published.
    #[schema(required)]
    pub publish_at: Option<Moment>,
    /// Whose time came, and which was not published; null for all others.
    #[schema(required)]
    pub held: Option<HeldView>,
    /// What could be done now, by the caller.
    pub available_actions: Vec<ActionView>,
    /// When what is shown was taken away for good: there is no content then, and the title says so.
    // Answers that an older release has kept for repeated requests do not have it.
    #[serde(default)]
    #[schema(required)]
    pub expunged_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// Last change of any kind.
    pub updated_at: Moment,
}

/// An entry with what was changed on the way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The entry.
    pub entry: EditorialEntry,
    /// What was accepted, but not as it was sent.
    pub warnings: Vec<Warning>,
}

impl Desk {
    /// The entry as `actor` sees it.
    pub(super) fn view(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        now: Moment,
    ) -> Result<EditorialEntry, Error> {
        let head = self.head()?;
        let snapshot = match head.revision.expunged_at {
            None => content_of(&head.revision)?,
            Some(_) => nothing(&head.revision, self.entry.kind)?,
        };
        let edition = &head.edition;
        let approved_by = edition.approval.as_ref().map(|approval| approval.by);
        let mut people = edition.authors.clone();
        people.extend([edition.assignee, approved_by].into_iter().flatten());
        let names = names::of(conn, &people)?;
        let section = section_of(&self.at.sections, snapshot.section)?;
        let live_path = published::path(conn, self.at.site.id, self.entry.id)?;
        let waits = held::of_entries(conn, &[self.entry.id])?.remove(&self.entry.id);
        Ok(EditorialEntry {
            id: self.entry.id,
            kind: self.entry.kind,
            site: self.at.site.slug.clone(),
            locale: self.entry.locale.clone(),
            translation_group: self.entry.translation_group,
            state: edition.state,
            edition: edition.number,
            revision: head.revision.number,
            version: self.entry.version,
            title: snapshot.title,
            summary: snapshot.summary,
            slug: snapshot.slug,
            section: SectionView {
                id: section.id,
                slug: section.slug.clone(),
                title: localised(
                    &section.title,
                    &self.entry.locale,
                    &self.at.settings.default_locale,
                )
                .to_owned(),
            },
            tags: snapshot.tags,
            byline: snapshot.byline,
            source: snapshot.source,
            cover: None,
            update_type: snapshot.update_type,
            change_note: snapshot.change_note,
            expire_at: snapshot.expire_at,
            content: snapshot.content.to_stored()?,
            live: self.live.as_ref().map(|live| live_view(live, live_path)),
            authors: edition
                .authors
                .iter()
                .map(|id| person(&names, *id))
                .collect(),
            assignee: edition.assignee.map(|id| person(&names, id)),
            approved_by: approved_by.map(|id| person(&names, id)),
            publish_at: edition.publish_at,
            held: waits.map(held_view),
            available_actions: self.actions(actor, now)?,
            expunged_at: head.revision.expunged_at,
            created_at: self.entry.created_at,
            updated_at: self.entry.updated_at,
        })
    }

    fn actions(&self, actor: &Actor, now: Moment) -> Result<Vec<ActionView>, Error> {
        let by = match self.at.must_be_active() {
            Ok(()) => self.by(actor),
            Err(_) => By::Person {
                user: actor.user,
                rights: RightSet::EMPTY,
            },
        };
        Ok(available(&self.facts(now)?, by)
            .into_iter()
            .map(|available| ActionView {
                action: available.action,
                target: available.target,
                allowed: available.refused.is_none(),
                reason: available.refused.map(|reason| reason.code().to_owned()),
            })
            .collect())
    }
}

/// Of what is held.
pub(super) fn held_view(held: Held) -> HeldView {
    HeldView {
        at: held.at,
        reason: held.reason,
    }
}

/// What is shown of an expunged revision: where it was, and its mark.
fn nothing(revision: &Revision, kind: ContentKind) -> Result<Snapshot, Error> {
    Ok(Snapshot {
        title: revision.title.clone(),
        summary: None,
        slug: String::new(),
        section: revision.section,
        tags: Vec::new(),
        byline: Vec::new(),
        source: None,
        update_type: UpdateType::Minor,
        change_note: None,
        expire_at: None,
        content: Content::from_stored(kind, kind.schema_version(), json!({}))?,
    })
}

fn live_view(live: &Sheet, path: Option<String>) -> LiveView {
    LiveView {
        edition: live.edition.number,
        state: live.edition.state,
        published_at: live.edition.published_at,
        path,
        needs_second_look: live.edition.needs_second_look(),
        withdrawal: live
            .edition
            .withdrawal
            .as_ref()
            .map(|withdrawal| WithdrawalView {
                kind: withdrawal.kind,
                reason: withdrawal.reason.clone(),
                redirect_to: withdrawal.redirect_to.clone(),
                at: withdrawal.at,
            }),
    }
}

/// A person with the name they have today.
pub(super) fn person(names: &HashMap<UserId, String>, id: UserId) -> PersonRef {
    PersonRef {
        id,
        name: names.get(&id).cloned().unwrap_or_default(),
    }
}
