//! Walking lists: every row exactly once, forwards and backwards, in every sort and filter.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use loa_domain::content::ContentKind;
use loa_domain::ids::SiteId;
use loa_domain::paging::{Page, PageAsk, Start, Total};
use loa_domain::published::{AttributeName, PublishedEntry};
use loa_store::delivery::lists::{CardRow, ListQuery, Listed, SortBy, list};
use loa_store::delivery::{Ends, ends_at};
use loa_store::{Order, Store};

use crate::{database, seed};

/// Every list that can be asked for, but for its filters.
pub(crate) fn sorts() -> Vec<(Listed, Order)> {
    let by = [SortBy::PublicUpdated, SortBy::FirstPublished, SortBy::Title];
    by.map(|by| Listed::Kind(ContentKind::Article, by))
        .into_iter()
        .chain([Listed::All])
        .flat_map(|listed| [(listed, Order::Ascending), (listed, Order::Descending)])
        .collect()
}

/// Sections and tags to filter by.
pub(crate) const FILTERS: &[(&[&str], &[&str])] = &[
    (&[], &[]),
    (&["tin-tuc"], &[]),
    (&[], &["half"]),
    (&["tin-xa", "tin-thon", "khong-co"], &[]),
    (&[], &["half", "third"]),
    (&["tin-xa"], &["third"]),
    (&["tin-xa", "tin-thon"], &["half", "third"]),
];

pub(crate) fn query(
    site: SiteId,
    (listed, order): (Listed, Order),
    (sections, tags): (&[&str], &[&str]),
) -> ListQuery {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    ListQuery {
        site,
        locale: seed::vi(),
        listed,
        order,
        sections: owned(sections),
        tags: owned(tags),
        published_from: None,
        published_to: None,
        not_ended_by: None,
    }
}

pub(crate) fn page(store: &Store, query: &ListQuery, size: u32, start: Start) -> Page<CardRow> {
    let ask = PageAsk {
        size,
        start,
        count: true,
    };
    store.read(|conn| list(conn, query, &ask)).unwrap()
}

/// What a list has to hold, in its order.
pub(crate) fn expected(all: &[PublishedEntry], query: &ListQuery) -> Vec<String> {
    let has = |entry: &PublishedEntry, name, values: &[String]| {
        let fits = |value: &String| {
            entry
                .attributes
                .iter()
                .any(|own| own.name == name && own.value == *value)
        };
        values.is_empty() || values.iter().any(fits)
    };
    let mut found: Vec<&PublishedEntry> = all
        .iter()
        .filter(|entry| match query.listed {
            Listed::Kind(kind, _) => entry.kind == kind,
            Listed::All => true,
        })
        .filter(|entry| has(entry, AttributeName::Section, &query.sections))
        .filter(|entry| has(entry, AttributeName::Tag, &query.tags))
        .filter(|entry| {
            let at = entry.sort.first_published_at;
            query.published_from.is_none_or(|from| from <= at)
                && query.published_to.is_none_or(|to| at <= to)
        })
        .collect();
    found.sort_by_key(|entry| {
        let key = match query.listed {
            Listed::Kind(_, SortBy::Title) => entry.sort.title.clone(),
            Listed::Kind(_, SortBy::FirstPublished) => entry.sort.first_published_at.to_string(),
            Listed::Kind(_, SortBy::PublicUpdated) | Listed::All => {
                entry.sort.public_updated_at.to_string()
            }
        };
        (key, entry.entry)
    });
    if query.order == Order::Descending {
        found.reverse();
    }
    found.into_iter().map(|entry| entry.card.clone()).collect()
}

fn cards(page: &Page<CardRow>) -> Vec<String> {
    page.items.iter().map(|row| row.card.clone()).collect()
}

pub(crate) fn walk(store: &Store, query: &ListQuery, wanted: &[String]) {
    let (mut seen, mut start) = (Vec::new(), Start::First);
    let mut last = loop {
        let page = page(store, query, 7, start);
        let exact = Total {
            total: u64::try_from(wanted.len()).unwrap(),
            is_lower_bound: false,
        };
        assert_eq!(page.total, Some(exact));
        assert_eq!(page.prev.is_none(), seen.is_empty());
        seen.extend(cards(&page));
        match page.next.clone() {
            Some(next) => start = Start::After(next),
            None => break page,
        }
    };
    assert_eq!(seen, wanted, "forwards, {query:?}");
    let mut back = cards(&last);
    while let Some(prev) = last.prev {
        last = page(store, query, 7, Start::Before(prev));
        back.splice(0..0, cards(&last));
    }
    assert_eq!(back, wanted, "backwards, {query:?}");
    assert_eq!(back.iter().collect::<BTreeSet<_>>().len(), back.len());
}

#[test]
fn every_row_comes_once_in_every_list() {
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let all: Vec<PublishedEntry> = (0..65).map(|n| seed::entry(site, n)).collect();
        seed::publish(&database.store, &all);
        for sort in sorts() {
            for filter in FILTERS {
                let query = query(site, sort, *filter);
                let wanted = expected(&all, &query);
                assert!(wanted.len() > 7, "{query:?}");
                walk(&database.store, &query, &wanted);
            }
        }
    });
}

#[test]
fn a_period_limits_any_list() {
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let all: Vec<PublishedEntry> = (0..65).map(|n| seed::entry(site, n)).collect();
        seed::publish(&database.store, &all);
        for sort in sorts() {
            for filter in FILTERS {
                let mut query = query(site, sort, *filter);
                query.published_from = Some(seed::moment().before(TimeDelta::minutes(6)));
                query.published_to = Some(seed::moment().before(TimeDelta::minutes(2)));
                let wanted = expected(&all, &query);
                assert!(!wanted.is_empty() && wanted.len() < 40, "{query:?}");
                walk(&database.store, &query, &wanted);
            }
        }
    });
}

#[test]
fn lists_keep_to_their_site_and_language() {
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let mut english = seed::entry(site, 1);
        english.locale = "en".parse().unwrap();
        let vietnamese = seed::entry(site, 2);
        seed::publish(&database.store, &[english.clone(), vietnamese.clone()]);
        let mut asked = query(site, (Listed::All, Order::Descending), (&[], &[]));
        let one = |query: &ListQuery| cards(&page(&database.store, query, 20, Start::First));
        assert_eq!(one(&asked), [vietnamese.card]);
        asked.locale = english.locale;
        assert_eq!(one(&asked), [english.card]);
        asked.site = seed::id(2, 99);
        assert!(one(&asked).is_empty());
    });
}

/// The worker that withdraws what has ended may be late: lists leave it out, and stay full.
#[test]
fn what_has_ended_is_in_no_list_and_shortens_no_page() {
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let now = seed::moment();
        let all: Vec<PublishedEntry> = (0..65)
            .map(|n| {
                let mut entry = seed::entry(site, n);
                entry.expire_at = match n % 5 {
                    0 => Some(now),
                    1 => Some(now.after(TimeDelta::minutes(i64::try_from(n).unwrap()))),
                    _ => None,
                };
                entry
            })
            .collect();
        seed::publish(&database.store, &all);
        let ends = database.store.read(|conn| ends_at(conn, site, now));
        let next = Some(now.after(TimeDelta::minutes(1)));
        assert_eq!(
            ends.unwrap(),
            Ends {
                overdue: true,
                next
            }
        );
        let before = database
            .store
            .read(|conn| ends_at(conn, site, now.before(TimeDelta::seconds(1))));
        let next = Some(now);
        assert_eq!(
            before.unwrap(),
            Ends {
                overdue: false,
                next
            }
        );
        let other = database
            .store
            .read(|conn| ends_at(conn, seed::id(2, 99), now));
        let nothing = Ends {
            overdue: false,
            next: None,
        };
        assert_eq!(other.unwrap(), nothing);
        let left: Vec<PublishedEntry> = all
            .iter()
            .filter(|entry| entry.expire_at.is_none_or(|end| end > now))
            .cloned()
            .collect();
        assert_eq!(left.len(), 52);
        for sort in sorts() {
            for filter in FILTERS {
                let mut query = query(site, sort, *filter);
                query.not_ended_by = Some(now);
                let wanted = expected(&left, &query);
                walk(&database.store, &query, &wanted);
                let first = page(&database.store, &query, 7, Start::First);
                assert_eq!(first.items.len(), wanted.len().min(7), "{query:?}");
            }
        }
    });
}
