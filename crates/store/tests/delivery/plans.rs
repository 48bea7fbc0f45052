//! How the databases carry out the lists: one range of an index, never a sort or a scan.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::published::PublishedEntry;
use loa_store::delivery::lists::{ListQuery, Listed, SortBy, list};
use loa_store::{DatabaseUrl, Order};

use crate::{database, pages, seed, statements};

const ENTRIES: u64 = 6_000;

#[derive(QueryableByName)]
struct PgLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[derive(QueryableByName)]
struct SqliteLine {
    #[diesel(sql_type = Integer)]
    #[expect(unused, reason = "part of the row")]
    id: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The plan of a statement, with the values it was run with.
fn plan(url: &DatabaseUrl, statement: &str) -> String {
    let (sql, binds) = statement.split_once(" -- binds: ").unwrap();
    if let DatabaseUrl::Sqlite(path) = url {
        let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        let lines: Vec<SqliteLine> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(&mut conn)
            .unwrap();
        return lines.into_iter().map(|line| line.detail + "\n").collect();
    }
    let mut conn = postgres(url);
    let lines: Vec<PgLine> = diesel::sql_query(format!("EXPLAIN {}", inlined(sql, binds)))
        .load(&mut conn)
        .unwrap();
    lines.into_iter().map(|line| line.line + "\n").collect()
}

/// Puts the values in place of `$1` and so on.
fn inlined(sql: &str, binds: &str) -> String {
    let values = literals(binds);
    let mut sql = sql.to_owned();
    for (index, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", index + 1), value);
    }
    sql
}

/// The values of a statement, from their debug form. None of ours holds a comma or a bracket.
fn literals(binds: &str) -> Vec<String> {
    let list = binds.trim();
    let list = list.strip_prefix('[').unwrap().strip_suffix(']').unwrap();
    let (mut values, mut array) = (Vec::new(), None::<Vec<String>>);
    for value in list.split(", ") {
        let (opens, closes) = (value.starts_with('['), value.ends_with(']'));
        let text = value.trim_matches(|c| "[]\"".contains(c));
        let literal = match text.parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => format!("'{text}'"),
        };
        if opens {
            array = Some(Vec::new());
        }
        match &mut array {
            Some(array) => array.push(literal),
            None => values.push(literal),
        }
        if closes && let Some(array) = array.take() {
            values.push(format!("ARRAY[{}]", array.join(", ")));
        }
    }
    values
}

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
    let plan = plan(url, statement);
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
        analyse(&database.url);
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

fn analyse(url: &DatabaseUrl) {
    if matches!(url, DatabaseUrl::Postgres(_)) {
        diesel::sql_query("ANALYZE")
            .execute(&mut postgres(url))
            .unwrap();
    }
}

fn postgres(url: &DatabaseUrl) -> PgConnection {
    let DatabaseUrl::Postgres(url) = url else {
        unreachable!("asked for the other kind only");
    };
    PgConnection::establish(url).unwrap()
}
