//! Cleaning HTML, at random: whatever the markup, the output is safe and final, and the words of
//! honest markup are kept.

use super::{assert_safe, assert_settled, dom};
use crate::text::{clean_html, plain_text};
use proptest::prelude::*;

/// Elements the parser treats in special ways, and some it does not.
const SOUP_TAGS: &str = "p b i a table tr td tbody caption ul li pre span h1 h2 div svg math mtext mglyph \
    annotation-xml foreignObject style script noscript template title textarea select \
    option button marquee object form input img br hr details summary ruby rt frameset \
    body html iframe xmp dd dt figure nobr font desc image plaintext col colgroup s u \
    code custom-x";

/// Pieces of broken markup; joined at random they make the soup.
fn soup() -> impl Strategy<Value = String> {
    let names = prop::sample::select(SOUP_TAGS.split(' ').collect::<Vec<_>>());
    let attributes = prop::sample::select(vec![
        "",
        " onclick=x",
        " style='a:b'",
        " href=javascript:x",
        " href='/a'",
        " src=x",
        " title=\"<b>\"",
        " title='",
        " lang=vi",
        " colspan=2",
        " encoding=text/html",
        "/",
        " =",
        " cite=data:x",
        " rel=x",
        " width=1e3",
        " x<y",
    ]);
    let texts = prop::sample::select(vec![
        "chữ",
        " ",
        "\n",
        "&lt;script&gt;",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "<?x",
        "&#x338;",
        "\u{338}",
        "&nbsp;",
        "&#13;",
        "\0",
        "\u{301}",
        "&#x202e;",
        "javascript:",
        "onclick=\"x\"",
        "\u{c}",
        "</",
        "&#x301;",
    ]);
    let piece = prop_oneof![
        4 => (names.clone(), attributes).prop_map(|(n, a)| format!("<{n}{a}>")),
        2 => names.prop_map(|n| format!("</{n}>")),
        2 => texts.prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

/// What attackers want to run.
const PAYLOADS: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "--><img src=x onerror=alert(1)>",
    "</style><img src=x onerror=alert(1)>",
    "</title><img src=x onerror=alert(1)>",
    "</noscript><img src=x onerror=alert(1)>",
    "</textarea><img src=x onerror=alert(1)>",
    "</xmp><svg onload=alert(1)>",
    "]]><img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "<p title=\"</style><img src=x onerror=alert(1)>\">",
    "<p title='--><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<base href=//x.vn/>",
    "<a href=\"java&#x9;script:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
];

/// What they wrap it in: start and end.
const SHELLS: &[(&str, &str)] = &[
    ("<svg>", "</svg>"),
    ("<math>", "</math>"),
    ("<math><mtext>", "</mtext></math>"),
    ("<math><mtext><table><mglyph><style>", "</style>"),
    (
        "<math><annotation-xml encoding=\"text/html\">",
        "</annotation-xml></math>",
    ),
    ("<svg><foreignObject>", "</foreignObject></svg>"),
    ("<svg><desc>", "</desc></svg>"),
    ("<svg><style>", "</style></svg>"),
    ("<svg><title><style>", "</style></title></svg>"),
    ("<svg></p><style>", "</style>"),
    ("<style>", "</style>"),
    ("<style><!--", "--></style>"),
    ("<noscript>", "</noscript>"),
    ("<noscript><p title=\"", "\"></noscript>"),
    ("<template>", "</template>"),
    ("<template><style>", "</style></template>"),
    ("<!--", "-->"),
    ("<!-->", "-->"),
    ("<!--!>", "--!>"),
    ("<![CDATA[", "]]>"),
    ("<svg><![CDATA[", "]]></svg>"),
    ("<?", "?>"),
    ("<textarea>", "</textarea>"),
    ("<title>", "</title>"),
    ("<xmp>", "</xmp>"),
    ("<iframe>", "</iframe>"),
    ("<noembed>", "</noembed>"),
    ("<select>", "</select>"),
    ("<table>", "</table>"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<table><caption>", "</caption>"),
    ("<form><math><mtext></form><form><mglyph>", "</mglyph>"),
    ("<a><p>", "</a></p>"),
    ("<b><p>", "</b></p>"),
    ("<p>", "</p>"),
    ("<pre>\n", "</pre>"),
    ("<plaintext>", ""),
    ("<frameset>", "</frameset>"),
];

/// Fragments known from attacks on cleaners, where a second parse sees something else than the
/// first: other name spaces, raw text, templates, comments and tables, opened and rarely closed.
fn nasty() -> impl Strategy<Value = String> {
    let payload = prop::sample::select(PAYLOADS);
    let shell = prop::sample::select(SHELLS);
    let leaf = prop_oneof![3 => payload.prop_map(str::to_owned), 1 => soup()];
    leaf.prop_recursive(6, 24, 3, move |inner| {
        let parts = prop::collection::vec(inner, 1..3);
        (shell.clone(), parts, 0_u8..4).prop_map(|((open, close), parts, ends)| {
            let close = if ends == 0 { "" } else { close };
            format!("{open}{}{close}", parts.concat())
        })
    })
}

/// Markup as editors write it, with the words in it: allowed elements and those that go without
/// their content.
fn honest() -> impl Strategy<Value = (String, Vec<String>)> {
    let word = "[a-zđếộ]{3,8}".prop_map(|word| (word.clone(), vec![word]));
    let elements = prop::sample::select(vec![
        "p",
        "div",
        "b",
        "em",
        "h2",
        "h1",
        "section",
        "ul><li",
        "blockquote",
        "font color=red",
        "custom-x",
        "a href='/x'",
        "a href='javascript:x'",
        "span style='x'",
        "p onclick='x'",
        "details",
        "td",
        "center",
    ]);
    word.prop_recursive(4, 16, 4, move |inner| {
        (elements.clone(), prop::collection::vec(inner, 1..4)).prop_map(|(element, parts)| {
            let inside: Vec<&str> = parts.iter().map(|(html, _)| html.as_str()).collect();
            let words = parts.iter().flat_map(|(_, words)| words.clone()).collect();
            let names: Vec<&str> = element
                .split('>')
                .map(|tag| tag.split(' ').next().unwrap_or(tag))
                .collect();
            let ends: Vec<String> = names
                .iter()
                .rev()
                .map(|name| format!("</{name}>"))
                .collect();
            (
                format!("<{element}>{}{}", inside.join(" "), ends.concat()),
                words,
            )
        })
    })
}

/// Addresses: pieces that mean something in them, joined at random.
fn addresses() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "http",
        "https",
        "javascript",
        "mailto",
        "tel",
        "data",
        "file",
        "HTTPS",
        ":",
        ":",
        "/",
        "/",
        "//",
        "\\",
        "@",
        "?",
        "#",
        ".",
        "..",
        "ngoai.example",
        "trang.example",
        "a",
        "1",
        "%40",
        "%2f",
        "%5c",
        "\t",
        "\n",
        "\r",
        " ",
        "\0",
        "\u{1}",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{ff0f}",
        "\u{ff20}",
        "\u{3002}",
        "&Tab;",
        "&NewLine;",
        "&sol;",
        "&bsol;",
        "&colon;",
        "&commat;",
        "&#x2f;",
        "&#92;",
        "[::1]",
        ":80",
        "ế",
    ]);
    prop::collection::vec(pieces, 0..10).prop_map(|pieces| pieces.concat())
}

fn check(html: &str) -> Result<(), TestCaseError> {
    let cleaned = clean_html(html);
    assert_safe(&cleaned.html);
    assert_settled(&cleaned.html);
    let complaints = dom::complaints(&cleaned.html);
    prop_assert!(
        complaints.is_empty(),
        "{:?} in {}",
        complaints,
        cleaned.html
    );
    prop_assert!(cleaned.removed.is_sorted());
    Ok(())
}

proptest! {
    #[test]
    fn fuzz_html_soup_becomes_safe_and_settles(html in soup()) {
        check(&html)?;
    }

    #[test]
    fn fuzz_html_attacks_become_safe_and_settle(html in nasty()) {
        check(&html)?;
    }

    #[test]
    fn fuzz_html_addresses_lead_where_they_say(address in addresses(), quote in prop::sample::select(vec!["\"", "'", ""])) {
        check(&format!("<a href={quote}{address}{quote}>a</a>"))?;
        check(&format!("<img src={quote}{address}{quote} alt=a>"))?;
        check(&format!("<blockquote cite={quote}{address}{quote}>a</blockquote>"))?;
    }

    #[test]
    fn fuzz_html_of_any_text_becomes_safe_and_settles(html in any::<String>()) {
        check(&html)?;
    }

    #[test]
    fn fuzz_html_keeps_the_words_of_honest_markup((html, words) in honest()) {
        check(&html)?;
        let cleaned = clean_html(&html).html;
        let (plain, seen) = (plain_text(&cleaned), dom::text(&cleaned));
        for word in words {
            prop_assert!(plain.contains(&word), "{} is not in {:?} of {}", word, plain, html);
            prop_assert!(seen.contains(&word), "{} is not in {:?} of {}", word, seen, html);
        }
    }
}
