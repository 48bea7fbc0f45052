//! One published entry with all its rows, as if it had gone through the workflow.
//!
//! Its document, card and attributes come from the code that publishes.

use chrono::TimeDelta;
use loa_app::projection::{self, Ingredients};
use loa_domain::canonical;
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::content::{Content, ContentKind};
use loa_domain::entry::{Approval, Edition, Entry, Revision, State, UpdateType};
use loa_domain::ids::SiteId;
use loa_domain::locale::Locale;
use loa_domain::published::PublishedEntry;
use loa_domain::snapshot::{Byline, Snapshot};
use loa_domain::text::slugify;
use loa_domain::time::Moment;
use loa_store::entries::Head;
use loa_store::{Error, Tx, editions, entries, published, revisions, slugs};
use uuid::Uuid;

use super::places::Ground;
use super::text;
use crate::out::Outcome;
use crate::random::Random;

/// Tags and how many entries share one: every second, every hundredth, every thousandth.
pub(crate) const TAGS: [(&str, u64); 3] = [("thông báo", 2), ("hộ tịch", 100), ("lũ lụt", 1_000)];

/// The first entry of each site is of this time.
const FIRST: i64 = 1_577_836_800_000_000;
/// From the first to the last.
const SPAN: i64 = 6 * 365 * 86_400 * 1_000_000;

/// An entry and everything that is stored of it.
pub(super) struct Made {
    entry: Entry,
    head: Head,
    edition: Edition,
    pub(super) revision: Revision,
    pub(super) published: PublishedEntry,
}

/// An id of version 7 that the same numbers give again. Its first part is a time like that of the
/// ids of a running server: they come in the order of their time.
pub(super) fn id_of<Id: From<Uuid>>(kind: u8, number: u64, part: u64) -> Id {
    let random = Random::new(number << 16 | part << 8 | u64::from(kind)).next();
    let millis = u128::from(FIRST.unsigned_abs() / 1_000 + number);
    let value = millis << 80
        | 0x7 << 76
        | u128::from(kind) << 64
        | 0b10 << 62
        | u128::from(random & ((1 << 62) - 1));
    Uuid::from_u128(value).into()
}

/// The `number`-th entry of a set, which is the `nth` of `of` at its site.
pub(super) fn make(
    ground: &Ground,
    number: u64,
    (nth, of): (u64, u64),
    bytes: usize,
) -> Outcome<Made> {
    let mut random = Random::new(number);
    let at = moment(nth, of);
    // One in ten was updated later, up to a month.
    let updated = if random.below(10) == 0 {
        at.after(TimeDelta::minutes(1 + i64::try_from(random.below(43_200))?))
    } else {
        at
    };
    let snapshot = snapshot(ground, &mut random, number, nth, bytes)?;
    let canonical = snapshot.to_canonical()?;
    let revision = Revision {
        id: id_of(7, number, 0),
        site: ground.site.id,
        entry: id_of(5, number, 0),
        edition: id_of(6, number, 0),
        number: 1,
        sha256: canonical::sha256(&canonical),
        snapshot: canonical,
        section: snapshot.section,
        title: snapshot.title.clone(),
        author: ground.author,
        created_at: at.before(TimeDelta::hours(2)),
        expunged_at: None,
    };
    let edition = edition(ground, &revision, updated);
    let entry = entry(ground, &revision, (at, updated), number);
    let published = render(ground, &entry, &edition, &revision, &snapshot)?;
    Ok(Made {
        head: Head {
            state: State::Published,
            section: snapshot.section,
            title: snapshot.title,
            assignee: None,
            needs_second_look: false,
        },
        entry,
        edition,
        revision,
        published,
    })
}

fn moment(nth: u64, of: u64) -> Moment {
    let step = SPAN / i64::try_from(of).unwrap_or(SPAN).max(1);
    let past = i64::try_from(nth).unwrap_or(0).saturating_mul(step);
    Moment::from_micros(FIRST.saturating_add(past))
        .unwrap_or(Moment::new(chrono::DateTime::UNIX_EPOCH))
}

fn snapshot(
    ground: &Ground,
    random: &mut Random,
    number: u64,
    nth: u64,
    bytes: usize,
) -> Outcome<Snapshot> {
    let title = text::title(random, number);
    let section = random.below(ground.sections.len());
    let section = ground.sections.get(section).ok_or("no sections")?;
    let tags = TAGS.iter().filter(|(_, each)| nth.is_multiple_of(*each));
    Ok(Snapshot {
        slug: slugify(&title).ok_or("no slug")?,
        title,
        summary: Some(text::sentence(random, 30)),
        section: section.id,
        tags: tags.map(|(tag, _)| (*tag).to_owned()).collect(),
        byline: vec![Byline {
            name: "Ban Biên tập".to_owned(),
            user_id: None,
        }],
        source: None,
        update_type: UpdateType::Major,
        change_note: None,
        expire_at: None,
        content: Content::Article(text::article(random, bytes)),
    })
}

fn edition(ground: &Ground, revision: &Revision, published_at: Moment) -> Edition {
    Edition {
        id: revision.edition,
        site: revision.site,
        entry: revision.entry,
        number: 1,
        state: State::Published,
        revision: revision.id,
        authors: vec![revision.author],
        earlier_authors: None,
        assignee: None,
        approval: Some(Approval {
            by: ground.chief,
            at: published_at.before(TimeDelta::hours(1)),
            sha256: revision.sha256.clone(),
        }),
        publish_at: None,
        published_at: Some(published_at),
        forced: None,
        withdrawal: None,
    }
}

fn entry(
    ground: &Ground,
    revision: &Revision,
    (first, updated): (Moment, Moment),
    number: u64,
) -> Entry {
    Entry {
        id: revision.entry,
        site: ground.site.id,
        kind: ContentKind::Article,
        locale: Locale::vietnamese(),
        translation_group: id_of(8, number, 0),
        version: 4,
        open: None,
        live: Some(revision.edition),
        submitted: true,
        first_published_at: Some(first),
        public_updated_at: Some(updated),
        created_by: revision.author,
        created_at: revision.created_at,
        updated_at: updated,
    }
}

fn render(
    ground: &Ground,
    entry: &Entry,
    edition: &Edition,
    revision: &Revision,
    snapshot: &Snapshot,
) -> Outcome<PublishedEntry> {
    let section = ground
        .sections
        .iter()
        .find(|section| section.id == snapshot.section);
    let section = section.ok_or("no such section")?;
    let path = projection::path_of(&ground.settings, &entry.locale, section, &snapshot.slug);
    Ok(projection::render(&Ingredients {
        site: &ground.site,
        settings: &ground.settings,
        sections: &ground.sections,
        entry,
        edition,
        revision,
        path: &path,
        translations: &[],
    })?)
}

impl Made {
    /// Puts all its rows in.
    ///
    /// # Errors
    /// Of the database.
    pub(super) fn insert(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        entries::insert(tx, &self.entry, &self.head)?;
        editions::insert(tx, &self.edition, self.entry.updated_at)?;
        revisions::insert(tx, &self.revision)?;
        let (site, locale, slug) = (self.site(), &self.entry.locale, &self.published.slug);
        slugs::reserve(tx, site, locale, slug, self.entry.id)?;
        slugs::publish(tx, site, locale, slug)?;
        published::replace(tx, &self.published)?;
        published::add_path(tx, &self.published)
    }

    fn site(&self) -> SiteId {
        self.entry.site
    }

    /// What the change log says of it.
    pub(super) fn change(&self) -> NewChange {
        NewChange {
            site: Some(self.site()),
            subject: SubjectKind::Entry,
            subject_id: self.entry.id.to_string(),
            kind: ChangeKind::Published,
        }
    }
}
