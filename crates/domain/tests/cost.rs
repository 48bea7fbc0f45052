//! What cleaning HTML takes of memory, counted by the allocator, is within what its estimate foresees: so what
//! is let through is bounded, whatever the markup. The parser's steps are counted beside the cleaner.
//!
//! A binary of its own, because it counts in place of the usual allocator.

use std::fmt::Write;

use allocation_counter::{AllocationInfo, measure};
use loa_domain::text::{clean_html, html_cost, html_excess};
use proptest::prelude::*;

const TAGS: &str = "p b i a font table tr td caption col ul li span h1 div svg math mtext script noscript template \
    title select option button object img br hr details dd html body em custom-x image plaintext pre";

/// One to three pieces that are repeated; the number sign becomes the number of the repetition.
fn unit() -> impl Strategy<Value = String> {
    let names = prop::sample::select(TAGS.split_ascii_whitespace().collect::<Vec<_>>());
    let attributes = prop::sample::select(vec![
        "",
        "",
        " a#",
        " a=1 b=2 c=3",
        " href=/x",
        " title='&amp;#'",
        " id=x#",
        " style='a:b'",
        "/",
    ]);
    let texts = prop::sample::select(vec![
        "a",
        "Xin chào ",
        "&",
        "&amp;",
        "&notit",
        "&#x1EBF;",
        "\u{a0}",
        "\0",
        "\r",
        "<",
        "<!---->",
        "<!x#>",
        "<x#>",
        "\u{301}",
    ]);
    let piece = prop_oneof![
        4 => (names.clone(), attributes).prop_map(|(name, attribute)| format!("<{name}{attribute}>")),
        2 => names.prop_map(|name| format!("</{name}>")),
        3 => texts.prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

fn repeated(units: &[String], count: usize) -> String {
    let one = |unit: &String| {
        (0..count)
            .map(|n| unit.replace('#', &n.to_string()))
            .collect::<String>()
    };
    units.iter().map(one).collect()
}

fn taken(html: &str) -> AllocationInfo {
    // What is made once for all is not this one's.
    clean_html("<p onclick=x>a");
    measure(|| {
        clean_html(html);
    })
}

/// Bytes at once, and allocations, for what the estimate comes to and the length. At the most that is
/// let through, five hundred million, this is 150 MB.
fn foreseen(html: &str) -> (u64, u64) {
    let (cost, length) = (html_cost(html) as u64, html.len() as u64);
    (
        cost * 3 / 10 + 60 * length + 100_000,
        cost / 20 + 30 * length + 2_000,
    )
}

#[track_caller]
fn check(html: &str, what: &dyn std::fmt::Debug) {
    let (info, (bytes, count)) = (taken(html), foreseen(html));
    assert!(
        info.bytes_max <= bytes,
        "{} bytes at once, {bytes} foreseen: {what:?}",
        info.bytes_max
    );
    assert!(
        info.count_total <= count,
        "{} allocations, {count} foreseen: {what:?}",
        info.count_total
    );
}

proptest! {
    #[test]
    fn fuzz_html_memory_is_foreseen(units in prop::collection::vec(unit(), 1..4)) {
        check(&repeated(&units, 60), &units);
    }
}

#[test]
fn memory_of_what_was_found_is_foreseen() {
    for units in [
        vec!["<p>a</p>"],
        vec!["<p>"],
        vec!["<td>1"],
        vec!["<table><tr><td>"],
        vec!["<font a#>", "<p>a"],
        vec!["<x#>"],
        vec!["<p a# b# c# d# e# f#>"],
        vec!["&notanentity"],
        vec!["<!---->"],
        vec!["<a href=\"https://a.vn/\">x</a>"],
    ] {
        let units: Vec<String> = units.into_iter().map(str::to_owned).collect();
        check(&repeated(&units, 800), &units);
    }
}

/// What 0.2 was attacked with, in the length that a body has room for: not parsed at all.
#[test]
fn what_took_minutes_takes_no_memory() {
    let attributes: String = (0..410_000).fold(String::new(), |mut all, n| {
        write!(all, " {n:x}").unwrap();
        all
    });
    for html in [
        format!("<p{attributes}>x</p>"),
        "&notanentity".repeat(175_000),
        "<p>a</p>".repeat(237_000),
        format!("<table>{}", "<br>".repeat(240_000)),
        "<li><dd>".repeat(120_000),
        "&".repeat(1_000_000),
    ] {
        let mut excess = None;
        let info = measure(|| excess = html_excess(&html));
        assert!(excess.is_some(), "{html:.40}");
        // A copy in lower case, and little else.
        let most = 2 * html.len() as u64 + 100_000;
        assert!(
            info.bytes_max <= most,
            "{} bytes for {}",
            info.bytes_max,
            html.len()
        );
        assert!(info.count_total < 1_000, "{}", info.count_total);
    }
}
