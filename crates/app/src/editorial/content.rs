//! What a request says of an entry, and how it becomes a snapshot.

use loa_domain::actor::Actor;
use loa_domain::content::{Content, ContentKind};
use loa_domain::entry::UpdateType;
use loa_domain::field::{FieldCode, FieldError, Warning};
use loa_domain::ids::{EntryId, SectionId, UserId};
use loa_domain::locale::Locale;
use loa_domain::right::Right;
use loa_domain::section::Section;
use loa_domain::snapshot::{Byline, Snapshot, Source};
use loa_domain::time::Moment;
use loa_store::{Conn, names};
use uuid::Uuid;

use super::desk::SiteDesk;
use crate::Error;

/// Everything an author can set, as sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentRequest {
    /// Slug of the section.
    pub section: String,
    /// Slug; none to derive it, or to keep the one there is.
    pub slug: Option<String>,
    /// Title.
    pub title: String,
    /// One or two sentences.
    pub summary: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Named authors.
    pub byline: Vec<Byline>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// Whether readers should take note.
    pub update_type: UpdateType,
    /// What changed, for readers.
    pub change_note: Option<String>,
    /// When it ends by itself.
    pub expire_at: Option<Moment>,
    /// The type's own fields.
    pub content: Content,
}

/// A new entry, as sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Content type.
    pub kind: ContentKind,
    /// Language; the site's own when none is given.
    pub locale: Option<Locale>,
    /// The entry this is a translation of.
    pub translation_of: Option<EntryId>,
    /// The rest.
    pub content: ContentRequest,
}

/// Content cleaned and checked, or why it is refused.
pub struct Cleaned(pub(super) Result<Prepared, Vec<FieldError>>);

impl ContentRequest {
    /// Cleans and checks all of it that no row decides about. Takes the processor and no database, and
    /// longer than writers may be held up: whoever serves many gives such work a place of its own.
    pub fn clean(&self) -> Cleaned {
        Cleaned(prepare(self))
    }
}

/// Content in stored form that has no place yet.
pub(super) struct Prepared {
    snapshot: Snapshot,
    pub(super) warnings: Vec<Warning>,
}

/// Brings content into stored form and checks all of it that no row decides about.
///
/// # Errors
/// The refused fields.
fn prepare(request: &ContentRequest) -> Result<Prepared, Vec<FieldError>> {
    let mut snapshot = Snapshot {
        title: request.title.clone(),
        summary: request.summary.clone(),
        slug: "not-placed".to_owned(),
        section: SectionId::from_uuid(Uuid::nil()),
        tags: request.tags.clone(),
        byline: request.byline.clone(),
        source: request.source.clone(),
        update_type: request.update_type,
        change_note: request.change_note.clone(),
        expire_at: request.expire_at,
        content: request.content.clone(),
    };
    let too_much = snapshot.too_much();
    if !too_much.is_empty() {
        return Err(too_much);
    }
    let warnings = snapshot.normalise();
    let errors = snapshot.refusals();
    if errors.is_empty() {
        Ok(Prepared { snapshot, warnings })
    } else {
        Err(errors)
    }
}

impl Prepared {
    /// The snapshot in its section, under its slug.
    ///
    /// # Errors
    /// `Invalid` for people who do not exist.
    pub(super) fn placed(
        &self,
        conn: &mut Conn,
        section: SectionId,
        slug: String,
    ) -> Result<Snapshot, Error> {
        let unknown = unknown_people(conn, &self.snapshot.byline)?;
        if !unknown.is_empty() {
            return Err(Error::Invalid(unknown));
        }
        let mut snapshot = self.snapshot.clone();
        snapshot.section = section;
        snapshot.slug = slug;
        Ok(snapshot)
    }
}

fn unknown_people(conn: &mut Conn, byline: &[Byline]) -> Result<Vec<FieldError>, Error> {
    let named: Vec<UserId> = byline.iter().filter_map(|name| name.user_id).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let known = names::of(conn, &named)?;
    Ok(byline
        .iter()
        .enumerate()
        .filter(|(_, name)| name.user_id.is_some_and(|id| !known.contains_key(&id)))
        .map(|(index, _)| {
            FieldError::new(
                format!("/byline/{index}/user_id"),
                FieldCode::NotFound,
                "no such person",
            )
        })
        .collect())
}

/// Refuses whoever may not write in the section.
pub(super) fn may_write_in(at: &SiteDesk, actor: &Actor, section: &Section) -> Result<(), Error> {
    if actor
        .rights_in(at.site.id, &[section.id])
        .has(Right::Create)
    {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// Refuses new content in a section that is closed today.
pub(super) fn takes_new(section: &Section, now: Moment) -> Result<(), Error> {
    if section.open_on(now.day()) {
        Ok(())
    } else {
        Err(Error::field(FieldError::new(
            "/section",
            FieldCode::SectionClosed,
            "takes no new content today",
        )))
    }
}
