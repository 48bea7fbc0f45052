//! How many queries a list takes does not depend on how long it is.

use loa_domain::paging::{PageAsk, Start};
use loa_store::delivery::lists::list;
use loa_testkit::statements;

use super::pages;
use crate::{database, seed};

#[test]
fn a_page_of_fifty_takes_as_many_queries_as_a_page_of_one() {
    statements::listen();
    database::each(|database| {
        let site = seed::one_site(&database.store);
        let all: Vec<_> = (0..160).map(|n| seed::entry(site, n)).collect();
        seed::publish(&database.store, &all);
        for sort in pages::sorts() {
            for filter in pages::FILTERS {
                let query = pages::query(site, sort, *filter);
                let queries = [1, 50].map(|size| {
                    let ask = PageAsk {
                        size,
                        start: Start::First,
                        count: true,
                    };
                    let read = || database.store.read(|conn| list(conn, &query, &ask));
                    let (page, heard) = statements::of(read);
                    let found = page.unwrap().items.len();
                    assert!(size == 1 || found > 20, "{query:?}: {found}");
                    heard.len()
                });
                assert_eq!(queries[0], queries[1], "{query:?}");
                assert!(queries[1] <= 6, "{query:?}");
            }
        }
    });
}
