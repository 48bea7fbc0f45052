//! The lists of administration, and the histories of an entry.

use loa_domain::actor::Sites;
use loa_domain::audit::Chain;
use loa_domain::ids::SiteId;
use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::sign_in::{SignInFilter, SignInOutcome};
use loa_domain::unit::UnitKind;
use loa_store::sign_ins::Whose;
use loa_store::units::UnitFilter;
use loa_store::users::PeopleInReach;
use loa_store::{
    Conn, Error, audit, memberships, previews, revisions, sections, sessions, sign_ins, sites,
    transitions, units, users,
};

use super::bulk::{HISTORY, ROWS};
use super::{Sorting, asks, look, minute};
use crate::database::Database;
use crate::{desk, seed};

type Read<'a> = &'a dyn Fn(&mut Conn) -> Result<(), Error>;

/// Looks at some ways to read a table.
fn all(
    database: &Database,
    table: &str,
    faults: &mut Vec<String>,
    lists: &[(&str, Sorting, Read<'_>)],
) {
    for (context, sorting, read) in lists {
        let read = || database.store.read(|conn| read(conn));
        look(database, table, *sorting, faults, context, read).unwrap();
    }
}

fn text_place(space: u16) -> Key {
    Key {
        key: format!("k{:06}", ROWS * 9 / 10),
        id: seed::id::<SiteId>(space, ROWS * 9 / 10).to_string(),
    }
}

fn people(database: &Database, faults: &mut Vec<String>) {
    for ask in asks(&text_place(10)) {
        let reach = PeopleInReach::Only {
            viewer: desk::person(7),
            sites: vec![seed::id(2, 1), seed::id(2, 7)],
            units: vec![seed::id(1, 1)],
        };
        let list = |conn: &mut Conn, reach| users::list(conn, reach, &ask).map(drop);
        all(
            database,
            "users",
            faults,
            &[
                ("everyone", Sorting::No, &|c| list(c, &PeopleInReach::All)),
                // Those with a role at one of the places: 24 here.
                ("people in reach", Sorting::Bounded, &|c| list(c, &reach)),
            ],
        );
    }
    let place = Key {
        key: minute(ROWS - 1_000).micros().to_string(),
        id: seed::id::<SiteId>(16, ROWS - 1_000).to_string(),
    };
    for ask in asks(&place) {
        all(
            database,
            "sessions",
            faults,
            // The live sessions of one person: 8 here.
            &[("sessions", Sorting::Bounded, &|c| {
                sessions::list(c, desk::person(5), &ask, seed::moment()).map(drop)
            })],
        );
    }
    // The roles of one person.
    all(
        database,
        "memberships",
        faults,
        &[("roles", Sorting::Bounded, &|c| {
            memberships::of_user(c, desk::person(5)).map(drop)
        })],
    );
}

fn sign_in_history(database: &Database, faults: &mut Vec<String>) {
    let place = Key {
        key: minute(ROWS - 1_000).micros().to_string(),
        id: seed::id::<SiteId>(19, ROWS - 1_000).to_string(),
    };
    let reach = PeopleInReach::Only {
        viewer: desk::person(7),
        sites: vec![seed::id(2, 1), seed::id(2, 7)],
        units: vec![seed::id(1, 1)],
    };
    let everybody = Whose::Of(PeopleInReach::All);
    let (own, reached) = (Whose::Own(desk::person(5)), Whose::Of(reach));
    let any = SignInFilter::default();
    let failed = SignInFilter {
        outcomes: vec![SignInOutcome::Failed],
        ..SignInFilter::default()
    };
    let since = SignInFilter {
        from: Some(minute(ROWS / 2)),
        to: Some(minute(ROWS - 10)),
        ..SignInFilter::default()
    };
    for ask in asks(&place) {
        let list =
            |conn: &mut Conn, whose, filter| sign_ins::list(conn, whose, filter, &ask).map(drop);
        all(
            database,
            "sign_ins",
            faults,
            &[
                ("everybody", Sorting::No, &|c| list(c, &everybody, &any)),
                ("failures", Sorting::No, &|c| list(c, &everybody, &failed)),
                ("a time", Sorting::No, &|c| list(c, &everybody, &since)),
                ("one's own", Sorting::No, &|c| list(c, &own, &any)),
                // What the people in reach have done: 24 of 3000 here.
                ("of people in reach", Sorting::Bounded, &|c| {
                    list(c, &reached, &any)
                }),
            ],
        );
    }
}

fn places(database: &Database, faults: &mut Vec<String>) {
    for ask in asks(&text_place(1)) {
        for descending in [false, true] {
            let list =
                |conn: &mut Conn, filter| units::list(conn, &filter, descending, &ask).map(drop);
            all(
                database,
                "units",
                faults,
                &[
                    ("units", Sorting::No, &|c| list(c, UnitFilter::default())),
                    // Few kinds, most of them common: the order is walked.
                    ("units of a kind", Sorting::No, &|c| {
                        let kinds = vec![UnitKind::Ward];
                        list(
                            c,
                            UnitFilter {
                                kinds,
                                ..UnitFilter::default()
                            },
                        )
                    }),
                    // The periods of as many codes as a query names.
                    ("units by code", Sorting::Bounded, &|c| {
                        let codes = vec!["k000007".to_owned(), "k000009".to_owned()];
                        list(
                            c,
                            UnitFilter {
                                codes,
                                ..UnitFilter::default()
                            },
                        )
                    }),
                    // The units right below one: 100 here, 129 in the largest province.
                    ("units below", Sorting::Bounded, &|c| {
                        let parents = vec![seed::id(1, 7)];
                        list(
                            c,
                            UnitFilter {
                                parents,
                                ..UnitFilter::default()
                            },
                        )
                    }),
                ],
            );
        }
    }
}

fn sites_and_trails(database: &Database, faults: &mut Vec<String>) {
    for ask in asks(&text_place(2)) {
        let some = Sites::Only([1, 7, 9].map(|n| seed::id(2, n)).into());
        all(
            database,
            "sites",
            faults,
            &[
                ("sites", Sorting::No, &|c| {
                    sites::list(c, &Sites::All, &ask).map(drop)
                }),
                // The sites one holds a role for: at most a province's 209.
                ("some sites", Sorting::Bounded, &|c| {
                    sites::list(c, &some, &ask).map(drop)
                }),
            ],
        );
    }
    let chains = [Chain::Platform, Chain::Site(seed::id(2, 1))];
    for chain in chains {
        for ask in asks(&Key {
            key: (ROWS / 20).to_string(),
            id: String::new(),
        }) {
            let list = |conn: &mut Conn| page(conn, chain, &ask);
            all(database, "audit", faults, &[("audit", Sorting::No, &list)]);
        }
    }
    // The sections of one site: 8 here.
    all(
        database,
        "sections",
        faults,
        &[("sections", Sorting::Bounded, &|c| {
            sections::of_site(c, seed::id(2, 1)).map(drop)
        })],
    );
}

fn page(conn: &mut Conn, chain: Chain, ask: &PageAsk) -> Result<(), Error> {
    audit::page_of(conn, chain, ask)?;
    audit::list(conn, chain, Some(i64::try_from(ROWS / 20).unwrap()), 20).map(drop)
}

fn histories(database: &Database, faults: &mut Vec<String>) {
    let deep = i32::try_from(HISTORY / 10).unwrap();
    for before in [None, Some(deep)] {
        all(
            database,
            "revisions",
            faults,
            &[("revisions", Sorting::No, &|c| {
                revisions::of_entry(c, seed::id(11, 0), before, 20).map(drop)
            })],
        );
        all(
            database,
            "transitions",
            faults,
            &[("transitions", Sorting::No, &|c| {
                transitions::of_entry(c, seed::id(11, 0), before, 20).map(drop)
            })],
        );
    }
    // The links of one entry that were made in the same microsecond.
    all(
        database,
        "preview_links",
        faults,
        &[("preview links", Sorting::Bounded, &|c| {
            let ask = PageAsk {
                size: 20,
                start: Start::First,
                count: false,
            };
            previews::of_entry(c, seed::id(11, 5), &ask).map(drop)
        })],
    );
}

pub(super) fn check(database: &Database, faults: &mut Vec<String>) {
    people(database, faults);
    sign_in_history(database, faults);
    places(database, faults);
    sites_and_trails(database, faults);
    histories(database, faults);
}
