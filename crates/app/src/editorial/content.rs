//! What a request says of an entry, and how it becomes a snapshot.

use loa_domain::actor::Actor;
use loa_domain::content::{Content, ContentKind};
use loa_domain::entry::UpdateType;
use loa_domain::field::{FieldCode, FieldError, Warning};
use loa_domain::ids::{EntryId, UserId};
use loa_domain::locale::Locale;
use loa_domain::right::Right;
use loa_domain::snapshot::{Byline, Snapshot, Source};
use loa_domain::time::Moment;
use loa_store::{Conn, names};

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

/// A snapshot in stored form, checked, with what was changed on the way in.
pub(super) fn snapshot(
    conn: &mut Conn,
    at: &SiteDesk,
    request: &ContentRequest,
    slug: String,
) -> Result<(Snapshot, Vec<Warning>), Error> {
    let mut snapshot = Snapshot {
        title: request.title.clone(),
        summary: request.summary.clone(),
        slug,
        section: at.section(&request.section)?.id,
        tags: request.tags.clone(),
        byline: request.byline.clone(),
        source: request.source.clone(),
        update_type: request.update_type,
        change_note: request.change_note.clone(),
        expire_at: request.expire_at,
        content: request.content.clone(),
    };
    // What has no place in text is refused; only HTML is mended, and that is told.
    let mut errors = snapshot.refusals();
    let warnings = snapshot.normalise();
    errors.extend(
        snapshot
            .refusals()
            .into_iter()
            .filter(|new| !errors.contains(new))
            .collect::<Vec<_>>(),
    );
    errors.extend(unknown_people(conn, &snapshot.byline)?);
    if errors.is_empty() {
        Ok((snapshot, warnings))
    } else {
        Err(Error::Invalid(errors))
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

/// Refuses new content in a section that is closed today, or in which the actor may not write.
pub(super) fn may_enter(
    at: &SiteDesk,
    actor: &Actor,
    section: &str,
    now: Moment,
) -> Result<(), Error> {
    let section = at.section(section)?;
    if !actor
        .rights_in(at.site.id, &[section.id])
        .has(Right::Create)
    {
        return Err(Error::Forbidden);
    }
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
