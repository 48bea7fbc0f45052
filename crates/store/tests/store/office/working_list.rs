//! The working list in every shape.

use std::collections::BTreeSet;

use loa_domain::actor::{Desks, Sites};
use loa_domain::content::ContentKind;
use loa_domain::entry::State;
use loa_domain::ids::{EntryId, SectionId, SiteId};
use loa_domain::paging::{Key, Page, PageAsk, Start, Total};
use loa_store::Conn;
use loa_store::entries::{self, WorkingItem, WorkingQuery};

use super::bulk::{self, ROWS, SITES};
use super::{Sorting, asks, look, minute};
use crate::database::Database;
use crate::{desk, seed};

/// Whose entries somebody may read.
fn scopes() -> [(&'static str, Desks); 4] {
    let only = |sites: &[u64]| {
        let ids: BTreeSet<SiteId> = sites.iter().map(|n| seed::id(2, *n)).collect();
        seed::whole(Sites::Only(ids))
    };
    let all: Vec<u64> = (0..SITES).collect();
    [
        ("everything", seed::whole(Sites::All)),
        ("one site", only(&[1])),
        ("three sites", only(&[1, 3, 53])),
        ("sixty sites", only(&all)),
    ]
}

type Set = fn(&mut WorkingQuery);

/// What one may filter by.
const FILTERS: &[(&str, Set)] = &[
    ("no filter", |_| {}),
    ("a site", |it| it.sites = vec![seed::id(2, 1)]),
    ("two sites", |it| {
        it.sites = vec![seed::id(2, 1), seed::id(2, 7)];
    }),
    ("a state", |it| it.states = vec![State::InReview]),
    ("states", |it| it.states = open()),
    ("a type", |it| it.kinds = vec![ContentKind::Page]),
    ("types", |it| {
        it.kinds = vec![ContentKind::Page, ContentKind::Article];
    }),
    ("a section", |it| it.sections = vec![seed::id(3, 9)]),
    ("sections", |it| it.sections = sections()),
    ("an author", |it| it.author = Some(desk::person(8))),
    ("an assignee", |it| it.assignee = Some(desk::person(3))),
    ("second look", |it| it.needs_second_look = Some(true)),
    ("no second look", |it| it.needs_second_look = Some(false)),
    ("held", |it| it.held = Some(true)),
    ("not held", |it| it.held = Some(false)),
    ("an assignee and states", |it| {
        it.assignee = Some(desk::person(3));
        it.states = open();
    }),
    ("a section and states", |it| {
        it.sections = vec![seed::id(3, 9)];
        it.states = open();
    }),
];

fn open() -> Vec<State> {
    vec![State::Draft, State::InReview]
}

/// Two sections of site 1 and one of site 3.
fn sections() -> Vec<SectionId> {
    [9, 10, 25].map(|n| seed::id(3, n)).into()
}

pub(super) fn check(database: &Database, faults: &mut Vec<String>) {
    for (scope, readable) in scopes() {
        for (filter, set) in FILTERS {
            let mut query = WorkingQuery::default();
            set(&mut query);
            // An author has few entries beside the others' many: 60 of 24,000 here. Held ones are
            // fewer still.
            let sorting = if query.author.is_some() || query.held == Some(true) {
                Sorting::Bounded
            } else {
                Sorting::No
            };
            for oldest_first in [false, true] {
                let deep = if oldest_first {
                    ROWS * 9 / 10
                } else {
                    ROWS / 10
                };
                let query = WorkingQuery {
                    oldest_first,
                    ..query.clone()
                };
                let context = format!("{scope}, {filter}, oldest first: {oldest_first}");
                for ask in asks(&place(deep)) {
                    let page = look(database, "entries", sorting, faults, &context, || {
                        let list = |conn: &mut Conn| entries::list(conn, &readable, &query, &ask);
                        database.store.read(list)
                    });
                    page.unwrap();
                }
            }
        }
    }
}

/// The place of an entry in the order of changes.
fn place(number: u64) -> Key {
    Key {
        key: minute(number).micros().to_string(),
        id: seed::id::<EntryId>(11, number).to_string(),
    }
}

/// That what is merged from several ranges holds every entry once, forwards and backwards.
pub(super) fn walk(database: &Database) {
    let [_, _, (_, three), (_, sixty)] = scopes();
    let by = |sections, states| WorkingQuery {
        sections,
        states,
        ..WorkingQuery::default()
    };
    let open_in_three: Fits = |i| [1, 3, 53].contains(&bulk::site_of(i)) && is_open(i);
    let cases = [
        (&three, by(vec![], open()), open_in_three),
        (&three, by(sections(), vec![]), in_sections),
        (&sixty, by(sections(), vec![]), in_sections),
        (&sixty, by(vec![], open()), is_open),
    ];
    for (readable, query, fits) in cases {
        let mut wanted: Vec<EntryId> = (0..ROWS)
            .filter(|i| fits(*i))
            .map(|i| seed::id(11, i))
            .collect();
        assert!(wanted.len() > 200);
        for oldest_first in [true, false] {
            let query = WorkingQuery {
                oldest_first,
                ..query.clone()
            };
            there_and_back(database, readable, &query, &wanted);
            wanted.reverse();
        }
    }
}

type Fits = fn(u64) -> bool;

fn is_open(i: u64) -> bool {
    i % 20 == 3 || i % 100 == 13
}

fn in_sections(i: u64) -> bool {
    [9, 10, 25].contains(&(bulk::site_of(i) * 8 + i / 2 % 8))
}

fn there_and_back(database: &Database, readable: &Desks, query: &WorkingQuery, all: &[EntryId]) {
    let read = |start: Start| {
        let ask = PageAsk {
            size: 170,
            start,
            count: true,
        };
        let list = |conn: &mut Conn| entries::list(conn, readable, query, &ask);
        let page = database.store.read(list).unwrap();
        let exact = Total {
            total: u64::try_from(all.len()).unwrap(),
            is_lower_bound: false,
        };
        assert_eq!(page.total, Some(exact), "{query:?}");
        page
    };
    let ids = |page: &Page<WorkingItem>| -> Vec<EntryId> {
        page.items.iter().map(|item| item.id).collect()
    };
    let mut page = read(Start::First);
    let mut seen = ids(&page);
    while let Some(next) = page.next.take() {
        page = read(Start::After(next));
        seen.extend(ids(&page));
    }
    assert_eq!(seen, all, "forwards, {query:?}");
    let mut back = ids(&page);
    while let Some(before) = page.prev.take() {
        page = read(Start::Before(before));
        back.splice(0..0, ids(&page));
    }
    assert_eq!(back, all, "backwards, {query:?}");
}
