//! How the databases carry out the lists: one range of an index, never a sort or a scan.

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
                let query = pages::query(site, sort, *filter);
                let place = deep(&all, sort);
                for start in [
                    Start::First,
                    Start::After(place.clone()),
                    Start::Before(place),
                ] {
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
