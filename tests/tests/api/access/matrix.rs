//! The table of rights, cell by cell, on both databases; what is refused leaves nothing behind.

use std::collections::BTreeSet;

use loa_testkit::Backend;
use rstest::rstest;

use super::cells::{CALLERS, Row, Stage};
use super::{operations, table};

#[rstest]
#[case::reading(table::READING)]
#[case::writing(table::WRITING)]
#[case::actions(table::ACTIONS)]
#[case::administration(table::ADMINISTRATION)]
#[case::account(table::ACCOUNT)]
fn everybody_is_answered_as_the_table_says(
    #[case] rows: &[Row],
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(stage) = Stage::open(backend) else {
        return;
    };
    let operations = operations::all();
    let mut wrong = Vec::new();
    for row in rows {
        // What is refused leaves the situation as it was: the next caller finds the same.
        let mut kept = None;
        for (who, expected) in CALLERS.iter().zip(row.expected) {
            let call = kept.take().unwrap_or_else(|| (row.call)(&stage, who));
            let known = operations
                .iter()
                .find(|operation| operation.id == row.operation)
                .unwrap_or_else(|| panic!("{} is in the table alone", row.operation));
            assert!(
                known.fits(call.method, &call.path),
                "{}: {call:?}",
                known.id
            );
            // Signing in writes a session; it is not what the cell is about.
            stage.office.token(who);
            let before = stage.tally();
            let answer = stage.send(who, &call);
            let cell = format!("{} {}, {who}", row.operation, row.case);
            if answer.status != expected {
                wrong.push(format!("{cell}: expected {expected}, got {answer}"));
            }
            let writes = call.method != "GET" && answer.status < 300;
            if (stage.tally() != before) != writes {
                wrong.push(format!(
                    "{cell}: {} and written: {}",
                    answer.status, !writes
                ));
            }
            kept = (!writes).then_some(call);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_signed_in_operation() {
    let covered: BTreeSet<&str> = table::all().map(|row| row.operation).collect();
    let missing: Vec<String> = operations::all()
        .into_iter()
        .filter(|operation| operation.secured && !covered.contains(operation.id.as_str()))
        .map(|operation| operation.id)
        .collect();
    assert!(
        missing.is_empty(),
        "say in tests/api/access/table who may call {missing:?}"
    );
}
