//! Doing the acts, each at its time and by its person, through the use cases of the board.

use std::collections::BTreeMap;
use std::sync::Arc;

use indicatif::ProgressBar;
use loa_app::editorial::{ActionRequest, ContentRequest, EditorialEntry, EntryAddress, NewEntry};
use loa_app::{App, Error, IfMatch, ManualClock};
use loa_domain::actor::Actor;
use loa_domain::content::Content;
use loa_domain::entry::{Action, State, UpdateType};
use loa_domain::ids::{EntryId, UserId};
use loa_domain::time::Moment;
use loa_store::memberships;

use super::source::{DemoEntry, Ending};
use super::story::{Act, Step};
use crate::failure::Failure;

/// Where acts are done.
pub(super) struct Stage<'s> {
    /// By the clock beside it.
    pub(super) app: App,
    pub(super) clock: Arc<ManualClock>,
    /// By email address.
    pub(super) users: BTreeMap<String, UserId>,
    /// What each entry was after its last act, by its key.
    pub(super) entries: BTreeMap<&'s str, EditorialEntry>,
}

impl<'s> Stage<'s> {
    /// Does every act and looks whether each entry ended where it should.
    ///
    /// # Errors
    /// With the entry and the act that failed.
    pub(super) fn play(&mut self, acts: &[Act<'s>], progress: &ProgressBar) -> Result<(), Failure> {
        for act in acts {
            self.clock.set(act.at);
            let entry = self.perform(act).map_err(|error| {
                let (key, step) = (&act.entry.key, act.step);
                Failure::failed(format!("demo entry {key}, {step:?}: {error} ({error:?})"))
            })?;
            self.entries.insert(&act.entry.key, entry);
            progress.inc(1);
        }
        for act in acts {
            let entry = self.entries.get(act.entry.key.as_str());
            let ended = entry.map(|entry| (entry.state, entry.edition, entry.live.is_some()));
            let wanted = ending(act.entry);
            if ended != Some(wanted) {
                return Err(Failure::failed(format!(
                    "demo entry {} is {ended:?} and should be {wanted:?}",
                    act.entry.key
                )));
            }
        }
        Ok(())
    }

    fn perform(&self, act: &Act<'_>) -> Result<EditorialEntry, Error> {
        let actor = self.actor(act.by)?;
        let editorial = self.app.editorial();
        let action = match act.step {
            Step::Create => {
                let new = self.new_entry(act.entry)?;
                return Ok(editorial
                    .create(&actor, act.site, (&new, &new.content.clean()), None)?
                    .entry);
            }
            Step::Save => {
                let content = second_content(act.entry)?;
                let address = self.address(act)?;
                let saved = editorial.save(
                    &actor,
                    &address,
                    (&content, &content.clean()),
                    &IfMatch::Any,
                )?;
                return Ok(saved.entry);
            }
            Step::Do(action) => self.request(act, action, None)?,
            Step::Schedule(at) => self.request(act, Action::Schedule, Some(at))?,
        };
        editorial.act(&actor, &self.address(act)?, &action, &IfMatch::Any, None)
    }

    fn actor(&self, email: &str) -> Result<Actor, Error> {
        let user = *self.users.get(email).ok_or(Error::NotFound)?;
        let day = self.app.now().day();
        let actor = self
            .app
            .store()
            .read(|conn| memberships::system_actor(conn, user, day))?;
        actor.ok_or(Error::NotFound)
    }

    fn address(&self, act: &Act<'_>) -> Result<EntryAddress, Error> {
        Ok(EntryAddress {
            site: act.site.to_owned(),
            entry: self.id(&act.entry.key)?,
        })
    }

    fn id(&self, key: &str) -> Result<EntryId, Error> {
        self.entries
            .get(key)
            .map(|entry| entry.id)
            .ok_or(Error::NotFound)
    }

    fn new_entry(&self, entry: &DemoEntry) -> Result<NewEntry, Error> {
        let original = entry.translation_of.as_deref();
        Ok(NewEntry {
            kind: entry.kind,
            locale: Some(entry.locale.clone()),
            translation_of: original.map(|key| self.id(key)).transpose()?,
            content: first_content(entry)?,
        })
    }

    /// The action with what it carries.
    fn request(
        &self,
        act: &Act<'_>,
        action: Action,
        publish_at: Option<Moment>,
    ) -> Result<ActionRequest, Error> {
        let withdrawal = act
            .entry
            .withdraw
            .as_ref()
            .filter(|_| action == Action::Withdraw);
        let redirect_to = withdrawal.and_then(|withdrawal| withdrawal.redirect_to.as_deref());
        let comment = act.entry.comment.clone();
        Ok(ActionRequest {
            action,
            comment: comment.filter(|_| action == Action::RequestChanges),
            reason: if action == Action::ForcePublish {
                act.entry.force.clone()
            } else {
                withdrawal.map(|withdrawal| withdrawal.reason.clone())
            },
            publish_at,
            user_id: None,
            kind: withdrawal.map(|withdrawal| withdrawal.kind),
            redirect_to: match redirect_to {
                Some(key) => Some(self.id(key)?.to_string()),
                None => None,
            },
        })
    }
}

fn first_content(entry: &DemoEntry) -> Result<ContentRequest, Error> {
    Ok(ContentRequest {
        section: entry.section.clone(),
        slug: entry.slug.clone(),
        title: entry.title.clone(),
        summary: entry.summary.clone(),
        tags: entry.tags.clone(),
        byline: entry.byline.clone(),
        source: entry.source.clone(),
        update_type: UpdateType::Major,
        change_note: None,
        expire_at: None,
        content: Content::from_request(entry.kind, &entry.content)?,
    })
}

fn second_content(entry: &DemoEntry) -> Result<ContentRequest, Error> {
    let mut content = first_content(entry)?;
    // It keeps the slug it has.
    content.slug = None;
    let Some(revision) = &entry.revision else {
        return Ok(content);
    };
    if let Some(title) = &revision.title {
        content.title.clone_from(title);
    }
    if let Some(tags) = &revision.tags {
        content.tags.clone_from(tags);
    }
    if let Some(own) = &revision.content {
        content.content = Content::from_request(entry.kind, own)?;
    }
    if let Some(update_type) = revision.update_type {
        content.update_type = update_type;
    }
    content.summary = revision.summary.clone().or(content.summary);
    content.change_note.clone_from(&revision.change_note);
    Ok(content)
}

/// State and number of the edition shown, and whether one is or was public.
fn ending(entry: &DemoEntry) -> (State, i32, bool) {
    match entry.state {
        Ending::Draft => (State::Draft, 1, false),
        Ending::InReview => (State::InReview, 1, false),
        Ending::ChangesRequested => (State::ChangesRequested, 1, false),
        Ending::InApproval => (State::InApproval, 1, false),
        Ending::Approved => (State::Approved, 1, false),
        Ending::Scheduled => (State::Scheduled, 1, false),
        Ending::Published => (State::Published, 1, true),
        Ending::Revised if entry.revision_state.is_some() => (State::Draft, 2, true),
        Ending::Revised => (State::Published, 2, true),
        Ending::Withdrawn => (State::Withdrawn, 1, true),
        Ending::Archived => (State::Archived, 1, true),
    }
}
