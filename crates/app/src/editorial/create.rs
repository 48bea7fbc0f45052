//! A new entry.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::entry::{Edition, Entry, Revision, State};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::{EntryId, SectionId, TranslationGroupId};
use loa_domain::locale::Locale;
use loa_domain::snapshot::Snapshot;
use loa_domain::time::Moment;
use loa_store::{Conn, Tx, Written, editions, entries, revisions};
use serde_json::json;

use super::content::{Cleaned, NewEntry, Prepared, may_write_in, takes_new};
use super::desk::{Desk, Sheet, SiteDesk};
use super::views::Saved;
use super::{Editorial, slug};
use crate::Error;
use crate::error::if_taken;
use crate::idempotency::{Idempotency, once};
use crate::ids::fresh;

impl Editorial {
    /// Makes an entry with its first draft, of the request's content as it was cleaned.
    ///
    /// # Errors
    /// `NotFound` for a site the actor may not read, `Forbidden` without the right in the section,
    /// `Invalid` for refused fields.
    pub fn create(
        &self,
        actor: &Actor,
        site: &str,
        (request, cleaned): (&NewEntry, &Cleaned),
        idempotency: Option<&Idempotency>,
    ) -> Result<Saved, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let at = SiteDesk::writable(tx, actor, site)?;
            let section = at.section(&request.content.section)?.clone();
            may_write_in(&at, actor, &section)?;
            once(tx, actor.user, idempotency, now, |tx| {
                at.must_be_active()?;
                takes_new(&section, now)?;
                let content = cleaned
                    .0
                    .as_ref()
                    .map_err(|errors| Error::Invalid(errors.clone()))?;
                let place = (at, section.id);
                create(tx, place, actor, (request, content), now)
            })
        })
    }
}

fn create(
    tx: &mut Tx<'_>,
    (at, section): (SiteDesk, SectionId),
    actor: &Actor,
    (request, content): (&NewEntry, &Prepared),
    now: Moment,
) -> Result<Written<Saved>, Error> {
    let id: EntryId = fresh(now);
    let locale = locale(&at, request)?;
    let group = group(tx, &at, actor, (request, &locale), now)?;
    let site = at.site.id;
    let slug = match &request.content.slug {
        Some(slug) => slug::given(tx, site, &locale, slug, id)?,
        None => slug::derived(tx, site, &locale, &request.content.title, request.kind)?,
    };
    let snapshot = content.placed(tx, section, slug)?;
    let entry = Entry {
        id,
        site,
        kind: request.kind,
        locale,
        translation_group: group,
        version: 1,
        open: None,
        live: None,
        submitted: false,
        first_published_at: None,
        public_updated_at: None,
        created_by: actor.user,
        created_at: now,
        updated_at: now,
    };
    let sheet = first_sheet(&entry, actor, &snapshot, now)?;
    let mut desk = Desk {
        at,
        entry,
        open: Some(sheet.clone()),
        live: None,
    };
    desk.entry.open = Some(sheet.edition.id);
    let head = desk.head_columns()?;
    entries::insert(tx, &desk.entry, &head).map_err(|error| if_taken(error, translated))?;
    slug::reserve(tx, site, &desk.entry.locale, &snapshot.slug, id)?;
    editions::insert(tx, &sheet.edition, now)?;
    revisions::insert(tx, &sheet.revision)?;
    let record = NewAudit {
        chain: Chain::Site(site),
        actor: Some(actor.user),
        action: "entry.create",
        subject: "entry",
        subject_id: id.to_string(),
        detail: json!({"type": desk.entry.kind, "locale": desk.entry.locale, "sha256": sheet.revision.sha256}),
    };
    let entry = desk.view(tx, actor, now)?;
    Ok(Written::audited(
        Saved {
            entry,
            warnings: content.warnings.clone(),
        },
        record,
    ))
}

fn locale(at: &SiteDesk, request: &NewEntry) -> Result<Locale, Error> {
    let locale = request
        .locale
        .clone()
        .unwrap_or_else(|| at.settings.default_locale.clone());
    if at.settings.locales.contains(&locale) {
        Ok(locale)
    } else {
        Err(Error::field(FieldError::new(
            "/locale",
            FieldCode::NotAllowed,
            "not a language of this site",
        )))
    }
}

/// The group of the entry that is translated, or a new one.
fn group(
    conn: &mut Conn,
    at: &SiteDesk,
    actor: &Actor,
    (request, locale): (&NewEntry, &Locale),
    now: Moment,
) -> Result<TranslationGroupId, Error> {
    let Some(original) = request.translation_of else {
        return Ok(fresh(now));
    };
    let unknown = || {
        Error::field(FieldError::new(
            "/translation_of",
            FieldCode::NotFound,
            "no entry of this site and type has this id",
        ))
    };
    let original = entries::visible_to(conn, &at.desks(actor), at.site.id, original)?
        .filter(|original| original.kind == request.kind)
        .ok_or_else(unknown)?;
    let group = entries::in_group(conn, at.site.id, original.translation_group)?;
    if group.iter().any(|(taken, _)| taken == locale) {
        return Err(translated());
    }
    Ok(original.translation_group)
}

fn translated() -> Error {
    Error::field(FieldError::new(
        "/locale",
        FieldCode::Taken,
        "there is a translation into this language already",
    ))
}

fn first_sheet(
    entry: &Entry,
    actor: &Actor,
    snapshot: &Snapshot,
    now: Moment,
) -> Result<Sheet, Error> {
    let edition = Edition {
        id: fresh(now),
        site: entry.site,
        entry: entry.id,
        number: 1,
        state: State::Draft,
        revision: fresh(now),
        authors: vec![actor.user],
        earlier_authors: Some(Vec::new()),
        assignee: None,
        approval: None,
        publish_at: None,
        published_at: None,
        forced: None,
        withdrawal: None,
    };
    let revision = new_revision(&edition, 1, snapshot, actor, now)?;
    Ok(Sheet { edition, revision })
}

/// A revision of an edition, under the id the edition names as its newest.
pub(super) fn new_revision(
    edition: &Edition,
    number: i32,
    snapshot: &Snapshot,
    actor: &Actor,
    now: Moment,
) -> Result<Revision, Error> {
    let text = snapshot.to_canonical()?;
    Ok(Revision {
        id: edition.revision,
        site: edition.site,
        entry: edition.entry,
        edition: edition.id,
        number,
        sha256: loa_domain::canonical::sha256(&text),
        snapshot: text,
        section: snapshot.section,
        title: snapshot.title.clone(),
        author: actor.user,
        created_at: now,
        expunged_at: None,
    })
}
