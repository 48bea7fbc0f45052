//! How the databases carry out the lists of the editorial and administrative side, on many rows.

mod admin_lists;
mod bulk;
mod system_lists;
mod working_list;

use std::cell::RefCell;

use chrono::TimeDelta;
use loa_domain::paging::{Key, PageAsk, Start};
use loa_domain::time::Moment;
use loa_testkit::statements;

use crate::database::Database;
use crate::{database, plan, seed};

/// What a plan may hold beside ranges of indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sorting {
    /// Nothing: the order comes from the index.
    No,
    /// A sort of a set whose size does not grow with the table; the place that says so gives the
    /// bound.
    Bounded,
}

/// PostgreSQL knows how many rows there are, and sorts so few of them sooner than it follows an
/// index through the table.
const FEW: u64 = 1_000;

/// What is wrong with how a statement is carried out, if anything.
fn fault(database: &Database, table: &str, statement: &str, sorting: Sorting) -> Option<String> {
    let plan = plan::of(&database.url, statement);
    let bad = plan.lines().any(|line| {
        let line = line.trim_start_matches([' ', '-', '>']);
        let (scans, sorts) = if database.is_sqlite() {
            (
                line.starts_with(&format!("SCAN {table}")) && !line.contains("INDEX"),
                line.contains("TEMP B-TREE"),
            )
        } else {
            (
                line.starts_with(&format!("Seq Scan on {table}")),
                line.starts_with("Sort  (") && rows(line) > FEW,
            )
        };
        scans || (sorts && sorting == Sorting::No)
    });
    let bad = bad || plan::is_along_a_site(statement, &plan);
    bad.then(|| format!("{statement}\n{plan}"))
}

/// How many rows PostgreSQL expects.
fn rows(line: &str) -> u64 {
    let (_, rest) = line.split_once("rows=").unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

/// Runs a list and looks at how its statements about a table were carried out.
fn look<T>(
    database: &Database,
    table: &str,
    sorting: Sorting,
    faults: &mut Vec<String>,
    context: &str,
    work: impl FnOnce() -> T,
) -> T {
    let (result, heard) = statements::of(work);
    let about: Vec<&String> = heard
        .iter()
        .filter(|it| it.starts_with("SELECT") && it.contains(table))
        .collect();
    assert!(!about.is_empty(), "{context}: nothing about {table}");
    for statement in about {
        if let Some(fault) = fault(database, table, statement, sorting) {
            faults.push(format!("{context}\n{fault}"));
        }
    }
    result
}

/// Minutes after the start of the data.
fn minute(number: u64) -> Moment {
    seed::moment().after(TimeDelta::minutes(i64::try_from(number).unwrap()))
}

/// The first page, and those before and after a place.
fn asks(place: &Key) -> [PageAsk; 3] {
    [
        Start::First,
        Start::After(place.clone()),
        Start::Before(place.clone()),
    ]
    .map(|start| PageAsk {
        size: 20,
        start,
        count: false,
    })
}

#[test]
fn every_list_of_the_office_is_a_range_of_an_index() {
    statements::listen();
    let faults = RefCell::new(Vec::new());
    // One test for all lists: filling the databases takes longer than asking them.
    database::each(|database| {
        bulk::fill(database);
        let faults = &mut faults.borrow_mut();
        working_list::check(database, faults);
        admin_lists::check(database, faults);
        working_list::walk(database);
        system_lists::check(database, faults);
    });
    let faults = faults.into_inner();
    assert!(faults.is_empty(), "{}: {}", faults.len(), faults.join("\n"));
}
