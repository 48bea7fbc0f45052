//! The working list over every site somebody may read, and its counts.

use std::collections::HashMap;

use loa_domain::actor::{Actor, Desks, Sites};
use loa_domain::content::ContentKind;
use loa_domain::entry::State;
use loa_domain::ids::{EntryId, SectionId, SiteId, UserId};
use loa_domain::locale::Locale;
use loa_domain::paging::{Page, PageAsk, Total};
use loa_domain::right::Right;
use loa_domain::section::Section;
use loa_domain::site::{Site, localised};
use loa_domain::time::Moment;
use loa_store::entries::{self, WorkingItem, WorkingQuery};
use loa_store::held::{self, Held};
use loa_store::{Conn, editions, names, sections, settings, sites};
use serde::Serialize;

use super::Editorial;
use super::views::{HeldView, PersonRef, SectionView, held_view, person};
use crate::Error;

/// What the list is narrowed to. Empty lists do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingFilter {
    /// Slugs of sites. Those one may not read are unknown.
    pub sites: Vec<String>,
    /// States.
    pub states: Vec<State>,
    /// Types.
    pub kinds: Vec<ContentKind>,
    /// Slugs of sections; of whatever site.
    pub sections: Vec<String>,
    /// Written by this person.
    pub author: Option<UserId>,
    /// On this person's desk.
    pub assignee: Option<UserId>,
    /// Awaiting confirmation, or not.
    pub needs_second_look: Option<bool>,
    /// Held by the clock, or not.
    pub held: Option<bool>,
    /// Oldest change first instead of newest.
    pub oldest_first: bool,
}

/// An entry in the working list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct WorkingEntry {
    /// Identity.
    pub id: EntryId,
    /// Content type.
    #[serde(rename = "type")]
    pub kind: ContentKind,
    /// Slug of the site.
    pub site: String,
    /// Language.
    pub locale: Locale,
    /// State of the open edition, or else of the live one.
    pub state: State,
    /// Title.
    pub title: String,
    /// Section.
    pub section: SectionView,
    /// Everyone who wrote a revision of that edition.
    pub authors: Vec<PersonRef>,
    /// Who has it on the desk.
    #[schema(required)]
    pub assignee: Option<PersonRef>,
    /// When it is to be published.
    #[schema(required)]
    pub publish_at: Option<Moment>,
    /// Whose time came, and which was not published; null for all others.
    #[schema(required)]
    pub held: Option<HeldView>,
    /// Whether an edition is on its way.
    pub has_open: bool,
    /// Whether an edition is or was public.
    pub has_live: bool,
    /// Whether an edition was published without approval and is not confirmed.
    pub needs_second_look: bool,
    /// Version of the entry.
    pub version: i64,
    /// Last change of any kind.
    pub updated_at: Moment,
}

/// How many entries of a site are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StateCountView {
    /// Slug of the site.
    pub site: String,
    /// State.
    pub state: State,
    /// How many.
    pub count: i64,
}

impl Editorial {
    /// The working list.
    ///
    /// # Errors
    /// `NotFound` for a named site that the actor may not read.
    pub fn list(
        &self,
        actor: &Actor,
        filter: &WorkingFilter,
        ask: &PageAsk,
    ) -> Result<Page<WorkingEntry>, Error> {
        self.context.store.read(|conn| {
            let readable = desks(conn, actor)?;
            let query = resolve(conn, &readable.sites, filter)?;
            if !filter.sections.is_empty() && query.sections.is_empty() {
                return Ok(Page {
                    items: Vec::new(),
                    next: None,
                    prev: None,
                    total: ask.count.then_some(Total {
                        total: 0,
                        is_lower_bound: false,
                    }),
                });
            }
            let page = entries::list(conn, &readable, &query, ask)?;
            let lookups = Lookups::load(conn, &page.items)?;
            let mut page = page;
            // A draft that was deleted between two reads is no longer in the list.
            page.items
                .retain(|item| lookups.editions.contains_key(&item.id));
            page.try_map(|item| lookups.view(item))
        })
    }

    /// How many entries of each site are in each state.
    ///
    /// # Errors
    /// Of the database.
    pub fn counts(&self, actor: &Actor) -> Result<Vec<StateCountView>, Error> {
        self.context.store.read(|conn| {
            let readable = desks(conn, actor)?;
            let counts = entries::counts(conn, &readable)?;
            let ids: Vec<SiteId> = counts.iter().map(|count| count.site).collect();
            let slugs: HashMap<SiteId, String> = sites::get_many(conn, &ids)?
                .into_iter()
                .map(|site| (site.id, site.slug))
                .collect();
            Ok(counts
                .into_iter()
                .map(|count| StateCountView {
                    site: slugs.get(&count.site).cloned().unwrap_or_default(),
                    state: count.state,
                    count: count.count,
                })
                .collect())
        })
    }
}

/// What somebody reads of all desks. Only for those whose role is limited a site's settings matter.
fn desks(conn: &mut Conn, actor: &Actor) -> Result<Desks, Error> {
    let mut limited = actor.limited_with(Right::ReadEntries);
    if !limited.is_empty() {
        let held: Vec<SiteId> = limited.keys().copied().collect();
        let by_section = settings::read_by_section(conn, &held)?;
        limited.retain(|site, _| by_section.contains(site));
    }
    Ok(Desks {
        sites: actor.sites_with(Right::ReadEntries),
        limited,
    })
}

fn resolve(
    conn: &mut Conn,
    readable: &Sites,
    filter: &WorkingFilter,
) -> Result<WorkingQuery, Error> {
    let mut named = Vec::with_capacity(filter.sites.len());
    for slug in &filter.sites {
        let site = sites::by_slug(conn, slug)?.filter(|site| readable.contains(site.id));
        named.push(site.ok_or(Error::NotFound)?.id);
    }
    // Sections of sites one may not read are as unknown as those that are not there.
    let among = match readable {
        Sites::Only(some) if named.is_empty() => some.iter().copied().collect(),
        Sites::Only(_) | Sites::All => named.clone(),
    };
    let section_ids = if filter.sections.is_empty() {
        Vec::new()
    } else {
        sections::with_slugs(conn, &among, &filter.sections)?
    };
    Ok(WorkingQuery {
        sites: named,
        states: filter.states.clone(),
        kinds: filter.kinds.clone(),
        sections: section_ids,
        author: filter.author,
        assignee: filter.assignee,
        needs_second_look: filter.needs_second_look,
        held: filter.held,
        oldest_first: filter.oldest_first,
    })
}

/// What lines of the list refer to, read in a fixed number of queries.
struct Lookups {
    sites: HashMap<SiteId, Site>,
    sections: HashMap<SectionId, Section>,
    editions: HashMap<EntryId, (Vec<UserId>, Option<Moment>)>,
    names: HashMap<UserId, String>,
    held: HashMap<EntryId, Held>,
}

impl Lookups {
    fn load(conn: &mut Conn, items: &[WorkingItem]) -> Result<Self, Error> {
        let site_ids: Vec<_> = items.iter().map(|item| item.site).collect();
        let section_ids: Vec<_> = items.iter().map(|item| item.section).collect();
        let entry_ids: Vec<_> = items.iter().map(|item| item.id).collect();
        let heads: Vec<_> = items
            .iter()
            .filter_map(|item| item.open.or(item.live))
            .collect();
        let editions: HashMap<_, _> = editions::get_many(conn, &heads)?
            .into_iter()
            .map(|edition| (edition.entry, (edition.authors, edition.publish_at)))
            .collect();
        let mut people: Vec<UserId> = editions
            .values()
            .flat_map(|(authors, _)| authors.clone())
            .collect();
        people.extend(items.iter().filter_map(|item| item.assignee));
        Ok(Self {
            sites: sites::get_many(conn, &site_ids)?
                .into_iter()
                .map(|site| (site.id, site))
                .collect(),
            sections: sections::get_many(conn, &section_ids)?
                .into_iter()
                .map(|s| (s.id, s))
                .collect(),
            names: names::of(conn, &people)?,
            held: held::of_entries(conn, &entry_ids)?,
            editions,
        })
    }

    fn view(&self, item: WorkingItem) -> Result<WorkingEntry, Error> {
        let lost = || {
            Error::Internal(format!(
                "entry {} lacks its site, section or edition",
                item.id
            ))
        };
        let site = self.sites.get(&item.site).ok_or_else(lost)?;
        let section = self.sections.get(&item.section).ok_or_else(lost)?;
        let (authors, publish_at) = self.editions.get(&item.id).ok_or_else(lost)?;
        Ok(WorkingEntry {
            id: item.id,
            kind: item.kind,
            site: site.slug.clone(),
            state: item.state,
            section: SectionView {
                id: section.id,
                slug: section.slug.clone(),
                title: localised(&section.title, &item.locale, &Locale::vietnamese()).to_owned(),
            },
            locale: item.locale,
            title: item.title,
            authors: authors.iter().map(|id| person(&self.names, *id)).collect(),
            assignee: item.assignee.map(|id| person(&self.names, id)),
            publish_at: *publish_at,
            held: self.held.get(&item.id).cloned().map(held_view),
            has_open: item.open.is_some(),
            has_live: item.live.is_some(),
            needs_second_look: item.needs_second_look,
            version: item.version,
            updated_at: item.updated_at,
        })
    }
}
