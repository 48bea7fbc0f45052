//! The working list, over one site or all that somebody may read.

use std::collections::BTreeSet;

use diesel::prelude::*;
use loa_domain::actor::{Desks, Sites};
use loa_domain::content::ContentKind;
use loa_domain::entry::State;
use loa_domain::ids::{EditionId, EntryId, SectionId, SiteId, UserId};
use loa_domain::locale::Locale;
use loa_domain::paging::{COUNT_LIMIT, Key, Page, PageAsk, Total};
use loa_domain::time::Moment;

use super::Row;
use crate::conn::{AnyConn, Conn};
use crate::error::Error;
use crate::keyset::{Order, count_to_limit, keyset, range, time_key};
use crate::row::At;
use crate::schema::{edition_authors, entries, held_publications};

/// What the list is narrowed to. Empty lists do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingQuery {
    /// Only these sites, of those one may read.
    pub sites: Vec<SiteId>,
    /// Any of these states.
    pub states: Vec<State>,
    /// Any of these types.
    pub kinds: Vec<ContentKind>,
    /// Any of these sections.
    pub sections: Vec<SectionId>,
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

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingItem {
    /// Identity.
    pub id: EntryId,
    /// Site.
    pub site: SiteId,
    /// Type.
    pub kind: ContentKind,
    /// Language.
    pub locale: Locale,
    /// State of the open edition, or else of the live one.
    pub state: State,
    /// The open edition.
    pub open: Option<EditionId>,
    /// The live edition.
    pub live: Option<EditionId>,
    /// Section.
    pub section: SectionId,
    /// Title.
    pub title: String,
    /// Who has it on the desk.
    pub assignee: Option<UserId>,
    /// Whether an edition awaits confirmation.
    pub needs_second_look: bool,
    /// Version of the entry.
    pub version: i64,
    /// Last change.
    pub updated_at: Moment,
}

type Boxed<'q> = entries::BoxedQuery<'q, <AnyConn as Connection>::Backend>;

/// Up to this many sites or sections are read as a range of an index each and merged; with more of
/// them, the order of all entries is walked until the page is full.
const RANGES: usize = 16;

/// What is read in one go, in the order of the list.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Site(SiteId),
    Section(SectionId),
}

/// Sites of which the same sections are read.
struct Scope {
    /// None when that is all there are.
    sites: Option<Vec<SiteId>>,
    /// With the sections that are read, where not all are.
    query: WorkingQuery,
}

/// A page of the list. The number of queries depends on how many sites or sections are asked for,
/// at most on twice sixteen of them, and not on how many entries there are.
///
/// # Errors
/// Of the database.
pub fn list(
    conn: &mut Conn,
    readable: &Desks,
    query: &WorkingQuery,
    ask: &PageAsk,
) -> Result<Page<WorkingItem>, Error> {
    let order = if query.oldest_first {
        Order::Ascending
    } else {
        Order::Descending
    };
    let scopes = scopes(readable, query);
    let range = range(ask, order);
    let mut rows: Vec<Row> = Vec::new();
    for scope in &scopes {
        let sites = scope.sites.as_deref();
        for part in parts(sites, &scope.query) {
            let base = in_order(sites, &scope.query, part);
            let page = keyset!(base, range, entries::updated_at, entries::id, time_key);
            rows.extend(page.select(Row::as_select()).load(conn.any())?);
        }
    }
    rows.sort_by(|a, b| {
        let ascending = (a.updated_at, &a.id).cmp(&(b.updated_at, &b.id));
        match range.order {
            Order::Ascending => ascending,
            Order::Descending => ascending.reverse(),
        }
    });
    rows.truncate(usize::try_from(range.limit).unwrap_or(usize::MAX));
    let items: Vec<WorkingItem> = rows.into_iter().map(item).collect::<Result<_, _>>()?;
    let total = if ask.count {
        Some(count(conn, &scopes)?)
    } else {
        None
    };
    Ok(Page::of(ask, items, total, |item| Key {
        key: item.updated_at.micros().to_string(),
        id: item.id.to_string(),
    }))
}

/// Scopes have no entry in common.
fn count(conn: &mut Conn, scopes: &[Scope]) -> Result<Total, Error> {
    let limit = u64::from(COUNT_LIMIT);
    let mut sum = Total {
        total: 0,
        is_lower_bound: false,
    };
    for scope in scopes {
        let all = || in_no_order(scope.sites.as_deref(), &scope.query);
        let own = count_to_limit!(conn, entries::id, all());
        sum.is_lower_bound |= own.is_lower_bound || sum.total + own.total > limit;
        sum.total = limit.min(sum.total + own.total);
    }
    Ok(sum)
}

/// How many entries of a site are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCount {
    /// Site.
    pub site: SiteId,
    /// State.
    pub state: State,
    /// How many.
    pub count: i64,
}

/// Counts by site and state over all that one may read.
///
/// # Errors
/// Of the database.
pub fn counts(conn: &mut Conn, readable: &Desks) -> Result<Vec<StateCount>, Error> {
    let columns = (entries::site_id, entries::state, diesel::dsl::count_star());
    let mut found = Vec::new();
    for scope in scopes(readable, &WorkingQuery::default()) {
        let mut grouped = entries::table
            .group_by((entries::site_id, entries::state))
            .select(columns)
            .order((entries::site_id, entries::state))
            .into_boxed();
        if let Some(sites) = &scope.sites {
            grouped = grouped.filter(entries::site_id.eq_any(texts(sites)));
        }
        if !scope.query.sections.is_empty() {
            grouped = grouped.filter(entries::section_id.eq_any(texts(&scope.query.sections)));
        }
        let rows: Vec<(String, String, i64)> = grouped.load(conn.any())?;
        for (site, state, count) in rows {
            let at = At {
                table: "entries",
                id: &site,
            };
            found.push(StateCount {
                site: at.parse("site_id", &site)?,
                state: at.parse("state", &state)?,
                count,
            });
        }
    }
    found.sort_by_key(|count| (count.site.to_string(), count.state.as_str()));
    Ok(found)
}

/// The sites that are read whole, and those of which some sections are.
fn scopes(readable: &Desks, query: &WorkingQuery) -> Vec<Scope> {
    let sites = sites(&readable.sites, query);
    if readable.limited.is_empty() {
        return vec![Scope {
            sites,
            query: query.clone(),
        }];
    }
    // Whoever reads a part of some site holds no role on the platform.
    let (limited, whole): (Vec<SiteId>, Vec<SiteId>) = sites
        .unwrap_or_default()
        .into_iter()
        .partition(|site| readable.limited.contains_key(site));
    let mut scopes = Vec::new();
    if !whole.is_empty() {
        scopes.push(Scope {
            sites: Some(whole),
            query: query.clone(),
        });
    }
    let sections: BTreeSet<SectionId> = limited
        .iter()
        .filter_map(|site| readable.limited.get(site))
        .flatten()
        .filter(|own| query.sections.is_empty() || query.sections.contains(own))
        .copied()
        .collect();
    if !sections.is_empty() {
        scopes.push(Scope {
            sites: Some(limited),
            query: WorkingQuery {
                sections: sections.into_iter().collect(),
                ..query.clone()
            },
        });
    }
    scopes
}

/// The sites to read; none when that is all there are.
fn sites(readable: &Sites, query: &WorkingQuery) -> Option<Vec<SiteId>> {
    let wanted: BTreeSet<SiteId> = query.sites.iter().copied().collect();
    match readable {
        Sites::All if wanted.is_empty() => None,
        Sites::All => Some(wanted.into_iter().collect()),
        Sites::Only(some) if wanted.is_empty() => Some(some.iter().copied().collect()),
        Sites::Only(some) => Some(wanted.intersection(some).copied().collect()),
    }
}

fn parts(sites: Option<&[SiteId]>, query: &WorkingQuery) -> Vec<Part> {
    let sections: BTreeSet<SectionId> = query.sections.iter().copied().collect();
    if query.author.is_some() || query.assignee.is_some() || query.held == Some(true) {
        // What one person has is little, and so is what is held; both have indexes of their own.
        return vec![Part::Whole];
    }
    match (sites, sections.len()) {
        (_, 2..=RANGES) => sections.into_iter().map(Part::Section).collect(),
        (Some(sites), 0) if (2..=RANGES).contains(&sites.len()) => {
            sites.iter().copied().map(Part::Site).collect()
        }
        _ => vec![Part::Whole],
    }
}

fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// The entries of a part, to be read in the order of the list. One site or section is an equality,
/// so that its index gives the order too. Several are joined to nothing, and so are several states:
/// `SQLite` would read all their rows by an index that does not give the order, and sort them.
fn in_order<'q>(sites: Option<&[SiteId]>, query: &WorkingQuery, part: Part) -> Boxed<'q> {
    let boxed = narrowed(query);
    let boxed = match (part, sites) {
        (Part::Site(site), _) | (Part::Whole | Part::Section(_), Some(&[site])) => {
            boxed.filter(entries::site_id.eq(site.to_string()))
        }
        (_, Some(sites)) => boxed.filter(entries::site_id.concat("").eq_any(texts(sites))),
        (_, None) => boxed,
    };
    match (part, query.sections.as_slice()) {
        (Part::Section(section), _) | (Part::Whole | Part::Site(_), &[section]) => {
            boxed.filter(entries::section_id.eq(section.to_string()))
        }
        (_, []) => boxed,
        (_, sections) => boxed.filter(entries::section_id.concat("").eq_any(texts(sections))),
    }
}

/// All entries of the list, to be counted.
fn in_no_order<'q>(sites: Option<&[SiteId]>, query: &WorkingQuery) -> Boxed<'q> {
    let mut boxed = narrowed(query);
    if let Some(sites) = sites {
        boxed = boxed.filter(entries::site_id.eq_any(texts(sites)));
    }
    if !query.sections.is_empty() {
        boxed = boxed.filter(entries::section_id.eq_any(texts(&query.sections)));
    }
    boxed
}

/// Everything but sites and sections.
fn narrowed<'q>(query: &WorkingQuery) -> Boxed<'q> {
    let mut boxed = entries::table.into_boxed();
    boxed = match query.states.as_slice() {
        [] => boxed,
        [state] => boxed.filter(entries::state.eq(state.as_str())),
        states => boxed.filter(entries::state.concat("").eq_any(texts(states))),
    };
    if !query.kinds.is_empty() {
        boxed = boxed.filter(entries::kind.eq_any(texts(&query.kinds)));
    }
    if let Some(author) = query.author {
        let written = edition_authors::table
            .filter(edition_authors::user_id.eq(author.to_string()))
            .select(edition_authors::entry_id);
        boxed = boxed.filter(entries::id.eq_any(written));
    }
    if let Some(assignee) = query.assignee {
        boxed = boxed.filter(entries::assignee_id.eq(assignee.to_string()));
    }
    if let Some(held) = query.held {
        let waiting = held_publications::table.select(held_publications::entry_id);
        boxed = if held {
            boxed.filter(entries::id.eq_any(waiting))
        } else {
            boxed.filter(entries::id.ne_all(waiting))
        };
    }
    match query.needs_second_look {
        // The bare column, so that the partial index is seen to fit.
        Some(true) => boxed.filter(entries::needs_second_look),
        Some(false) => boxed.filter(diesel::dsl::not(entries::needs_second_look)),
        None => boxed,
    }
}

fn item(row: Row) -> Result<WorkingItem, Error> {
    let at = At {
        table: "entries",
        id: &row.id,
    };
    Ok(WorkingItem {
        id: at.parse("id", &row.id)?,
        site: at.parse("site_id", &row.site_id)?,
        kind: at.parse("kind", &row.kind)?,
        locale: at.parse("locale", &row.locale)?,
        state: at.parse("state", &row.state)?,
        open: at.parse_some("open_edition_id", row.open_edition_id.as_deref())?,
        live: at.parse_some("live_edition_id", row.live_edition_id.as_deref())?,
        section: at.parse("section_id", &row.section_id)?,
        assignee: at.parse_some("assignee_id", row.assignee_id.as_deref())?,
        needs_second_look: row.needs_second_look,
        version: row.version,
        updated_at: Moment::from_naive(row.updated_at),
        title: row.title,
    })
}
