//! The working list in every shape.

use std::collections::BTreeSet;

use loa_domain::actor::Sites;
use loa_domain::content::ContentKind;
use loa_domain::entry::State;
use loa_domain::ids::SiteId;
use loa_domain::paging::Key;
use loa_store::entries::{self, WorkingQuery};

use super::bulk::{self, ROWS, SITES};
use super::{Sorting, asks, look, minute, no_faults};
use crate::{database, desk, seed, statements};

/// Whose entries somebody may read.
fn scopes() -> [(&'static str, Sites); 4] {
    let only = |sites: &[u64]| -> Sites {
        let ids: BTreeSet<SiteId> = sites.iter().map(|n| seed::id(2, *n)).collect();
        Sites::Only(ids)
    };
    let all: Vec<u64> = (0..SITES).collect();
    [
        ("everything", Sites::All),
        ("one site", only(&[1])),
        ("three sites", only(&[1, 7, 9])),
        ("sixty sites", only(&all)),
    ]
}

/// What one may filter by.
fn filters() -> Vec<(&'static str, WorkingQuery)> {
    let none = WorkingQuery::default;
    let open = vec![State::Draft, State::InReview, State::InApproval];
    vec![
        ("no filter", none()),
        (
            "a site",
            WorkingQuery {
                sites: vec![seed::id(2, 1)],
                ..none()
            },
        ),
        (
            "two sites",
            WorkingQuery {
                sites: vec![seed::id(2, 1), seed::id(2, 7)],
                ..none()
            },
        ),
        (
            "a state",
            WorkingQuery {
                states: vec![State::InReview],
                ..none()
            },
        ),
        (
            "states",
            WorkingQuery {
                states: open.clone(),
                ..none()
            },
        ),
        (
            "a type",
            WorkingQuery {
                kinds: vec![ContentKind::Page],
                ..none()
            },
        ),
        (
            "types",
            WorkingQuery {
                kinds: vec![ContentKind::Page, ContentKind::Article],
                ..none()
            },
        ),
        (
            "a section",
            WorkingQuery {
                sections: vec![seed::id(3, 9)],
                ..none()
            },
        ),
        (
            "sections",
            WorkingQuery {
                sections: vec![seed::id(3, 9), seed::id(3, 10), seed::id(3, 57)],
                ..none()
            },
        ),
        (
            "an author",
            WorkingQuery {
                author: Some(desk::person(8)),
                ..none()
            },
        ),
        (
            "an assignee",
            WorkingQuery {
                assignee: Some(desk::person(3)),
                ..none()
            },
        ),
        (
            "second look",
            WorkingQuery {
                needs_second_look: Some(true),
                ..none()
            },
        ),
        (
            "no second look",
            WorkingQuery {
                needs_second_look: Some(false),
                ..none()
            },
        ),
        (
            "an assignee and states",
            WorkingQuery {
                assignee: Some(desk::person(3)),
                states: open.clone(),
                ..none()
            },
        ),
        (
            "a section and states",
            WorkingQuery {
                sections: vec![seed::id(3, 9)],
                states: open,
                ..none()
            },
        ),
    ]
}

#[test]
fn every_working_list_is_read_in_the_order_of_an_index() {
    statements::listen();
    let all = std::cell::RefCell::new(Vec::new());
    database::each(|database| {
        bulk::fill(database);
        let mut faults = all.borrow_mut();
        for (scope, readable) in scopes() {
            for (filter, query) in filters() {
                for oldest_first in [false, true] {
                    let nine_tenths = if oldest_first {
                        ROWS * 9 / 10
                    } else {
                        ROWS / 10
                    };
                    let place = Key {
                        key: minute(nine_tenths).micros().to_string(),
                        id: seed::id::<SiteId>(11, nine_tenths).to_string(),
                    };
                    let query = WorkingQuery {
                        oldest_first,
                        ..query.clone()
                    };
                    let context = format!("{scope}, {filter}, oldest first: {oldest_first}");
                    // An author has few entries beside the others' many: 60 of 24,000 here.
                    let sorting = if query.author.is_some() {
                        Sorting::Bounded
                    } else {
                        Sorting::No
                    };
                    for ask in asks(&place) {
                        let page =
                            look(database, "entries", sorting, &mut faults, &context, || {
                                database
                                    .store
                                    .read(|conn| entries::list(conn, &readable, &query, &ask))
                            });
                        page.unwrap();
                    }
                }
            }
        }
    });
    no_faults(&all.borrow());
}
