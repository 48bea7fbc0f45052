//! Name, status and wording of every problem code, one row each, checked when compiling.
//!
//! For: looking up the row of a code. Not for: deciding which code applies, which is the business
//! of whoever refuses the request. The rows stand in two files by status: `refused` (400 to 408)
//! and `conflict` (409 and above).

mod conflict;
mod refused;

use super::code::Code;

/// What is fixed about one code.
pub(super) struct Row {
    pub(super) code: Code,
    pub(super) name: &'static str,
    pub(super) status: u16,
    pub(super) title_vi: &'static str,
    pub(super) title_en: &'static str,
    pub(super) text_vi: &'static str,
    pub(super) text_en: &'static str,
}

const _: () = {
    let rest = assert_starts_with(Code::ALL, refused::ROWS);
    let rest = assert_starts_with(rest, conflict::ROWS);
    assert!(rest.is_empty(), "a problem code has no row");
};

/// The row of a code.
pub(super) const fn row(code: Code) -> &'static Row {
    if let Some(row) = find(refused::ROWS, code) {
        return row;
    }
    match find(conflict::ROWS, code) {
        Some(row) => row,
        // Never taken: the check above finds a row for every code.
        None => &conflict::INTERNAL,
    }
}

const fn find(rows: &'static [Row], code: Code) -> Option<&'static Row> {
    let mut rest = rows;
    while let [row, tail @ ..] = rest {
        if row.code as usize == code as usize {
            return Some(row);
        }
        rest = tail;
    }
    None
}

/// The codes that are left after one for each row, in the same order.
const fn assert_starts_with(codes: &'static [Code], rows: &'static [Row]) -> &'static [Code] {
    let mut codes = codes;
    let mut rows = rows;
    while let [row, more_rows @ ..] = rows {
        let [code, more_codes @ ..] = codes else {
            assert!(!codes.is_empty(), "more rows than problem codes");
            return codes;
        };
        assert!(
            row.code as usize == *code as usize,
            "rows and problem codes are in different orders"
        );
        codes = more_codes;
        rows = more_rows;
    }
    codes
}
