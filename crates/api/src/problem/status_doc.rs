//! `docs/status-codes.md`, written from the list of codes.
//!
//! For: keeping the page and the code in step; the committed file must equal what this gives. Not
//! for: writing files, which the caller does, nor for statuses of success, which are in the
//! `OpenAPI` document.

use super::code::Code;
use super::lang::Lang;

const HEAD: &str = "\
<!-- Generated from crates/api/src/problem/table/. Do not edit by hand. -->

# Status codes of errors

Every error is an `application/problem+json` document (RFC 9457). Its `code` is one of this closed
list: stable, never translated, and the last segment of `type`, where it is explained in Vietnamese
and English. `title` and `detail` follow `Accept-Language`; programs should look at `code` only.

| Status | Code | Title (en) | Title (vi) | When, and what to do |
|---|---|---|---|---|
";

/// The Markdown page: one table row per code.
pub fn status_codes_md() -> String {
    let rows: Vec<String> = Code::ALL.iter().copied().map(row).collect();
    [HEAD, &rows.concat()].concat()
}

fn row(code: Code) -> String {
    format!(
        "| {} | `{}` | {} | {} | {} |\n",
        code.status(),
        code.as_str(),
        escape(code.title(Lang::En)),
        escape(code.title(Lang::Vi)),
        escape(code.description(Lang::En)),
    )
}

/// Text for a table cell. Spans between backticks stay code, where only the bar is special.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    for letter in text.chars() {
        match letter {
            '`' => in_code = !in_code,
            '|' => escaped.push('\\'),
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' if !in_code => escaped.push('\\'),
            _ => {}
        }
        escaped.push(if letter == '\n' { ' ' } else { letter });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped_outside_code() {
        assert_eq!(
            escape("a|b *c* <d> [e]_f"),
            "a\\|b \\*c\\* \\<d\\> \\[e\\]\\_f"
        );
        assert_eq!(escape("`page[after]` a_b\nc"), "`page[after]` a\\_b c");
        assert_eq!(escape("`a|b`"), "`a\\|b`");
    }

    #[test]
    fn every_code_has_one_row_of_five_cells() {
        let page = status_codes_md();
        let rows: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("| "))
            .skip(1)
            .collect();
        assert_eq!(rows.len(), Code::ALL.len());
        for (row, code) in rows.iter().zip(Code::ALL) {
            assert!(row.starts_with(&format!("| {} | `{}` | ", code.status(), code.as_str())));
            let bars = row.matches('|').count() - row.matches("\\|").count();
            assert_eq!(bars, 6, "{row}");
        }
        assert!(page.ends_with("|\n"));
    }
}
