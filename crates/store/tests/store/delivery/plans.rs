//! How the databases carry out the lists: one range of an index, never a sort or a scan.

use chrono::TimeDelta;
use loa_domain::content::ContentKind;
use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::published::PublishedEntry;
use loa_store::delivery::lists::{ListQuery, Listed, SortBy, list};
use loa_store::{DatabaseUrl, Order};
use loa_testkit::statements;

use super::pages;
use crate::{database, plan, seed};

const ENTRIES: u64 = 6_000;

/// The place nine tenths down a list.
fn deep(all: &[PublishedEntry], (listed, order): (Listed, Order)) -> Key {
    let mut keys: Vec<(String, String)> = all
        .iter()
        .map(|entry| {
            let key = match listed {
                Listed::Kind(_, SortBy::Title) => entry.sort.title.clone(),
                Listed::Kind(_, SortBy::FirstPublished) => {
                    entry.sort.first_published_at.micros().to_string()
                }
                Listed::Kind(_, SortBy::PublicUpdated) | Listed::All => {
                    entry.sort.public_updated_at.micros().to_string()
                }
            };
            (key, entry.entry.to_string())
        })
        .collect();
    keys.sort();
    if order == Order::Descending {
        keys.reverse();
    }
    let (key, id) = keys.swap_remove(keys.len() * 9 / 10);
    Key { key, id }
}

fn check(url: &DatabaseUrl, statement: &str, query: &ListQuery) {
    let plan = plan::of(url, statement);
    let context = format!("{query:?}\n{statement}\n{plan}");
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        assert!(!plan.contains("SCAN"), "{context}");
        assert!(!plan.contains("TEMP B-TREE"), "{context}");
        assert!(!plan::is_along_a_site(statement, &plan), "{context}");
        return;
    }
    assert!(!plan.contains("Seq Scan"), "{context}");
    if statement.contains("ORDER BY") {
        assert!(!plan.contains("Sort"), "{context}");
        assert!(!plan.contains("Bitmap"), "{context}");
        assert!(!plan.contains("Join"), "{context}");
        assert!(plan.contains("Index Cond"), "{context}");
    }
}

#[test]
fn every_list_is_a_range_of_an_index() {
    statements::listen();
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let all: Vec<PublishedEntry> = (0..ENTRIES).map(|n| seed::entry(site, n)).collect();
        seed::publish(&database.store, &all);
        plan::analyse(&database.url);
        for sort in pages::sorts() {
            for filter in pages::FILTERS
                .iter()
                .chain([&(&["hiem"][..], &["half"][..])])
            {
                let plain = pages::query(site, sort, *filter);
                let place = deep(&all, sort);
                let starts = [
                    Start::First,
                    Start::After(place.clone()),
                    Start::Before(place),
                ];
                for (start, late) in starts
                    .into_iter()
                    .flat_map(|it| [(it.clone(), false), (it, true)])
                {
                    let mut query = plain.clone();
                    query.not_ended_by = late.then(seed::moment);
                    let ask = PageAsk {
                        size: 20,
                        start,
                        count: false,
                    };
                    let (page, heard) =
                        statements::of(|| database.store.read(|conn| list(conn, &query, &ask)));
                    page.unwrap();
                    let heard: Vec<String> = heard
                        .into_iter()
                        .filter(|statement| statement.starts_with("SELECT"))
                        .collect();
                    assert!(!heard.is_empty() && heard.len() <= 4, "{heard:?}");
                    for statement in heard {
                        check(&database.url, &statement, &query);
                    }
                }
            }
        }
    });
}

#[test]
fn a_long_period_is_passed_through_in_the_order_of_the_list_and_a_short_one_sorted() {
    statements::listen();
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let all: Vec<PublishedEntry> = (0..2_400).map(|n| seed::entry(site, n)).collect();
        seed::publish(&database.store, &all);
        // Of seven entries a minute.
        for (minutes, sorted) in [(100, true), (300, false)] {
            for by in [SortBy::Title, SortBy::PublicUpdated] {
                let sort = (Listed::Kind(ContentKind::Article, by), Order::Ascending);
                let mut query = pages::query(site, sort, (&[], &[]));
                query.published_from = Some(seed::moment().before(TimeDelta::minutes(minutes)));
                let (_, heard) =
                    statements::of(|| pages::page(&database.store, &query, 20, Start::First));
                let list = heard.iter().find(|it| it.contains("`card`"));
                if database.is_sqlite() {
                    let plan = plan::of(&database.url, list.unwrap());
                    assert_eq!(plan.contains("TEMP B-TREE"), sorted, "{minutes}: {plan}");
                    assert_eq!(plan.contains("published_entries_first"), sorted, "{plan}");
                }
                let wanted = pages::expected(&all, &query);
                pages::walk(&database.store, &query, &wanted);
            }
        }
    });
}
