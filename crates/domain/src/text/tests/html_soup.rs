//! Cleaning HTML, at random: whatever the markup, the output is safe and final.

use super::{assert_safe, assert_settled};
use crate::text::clean_html;
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn soup_becomes_safe_and_settles(html in soup()) {
        let cleaned = clean_html(&html);
        assert_safe(&cleaned.html);
        assert_settled(&cleaned.html);
        prop_assert!(cleaned.removed.is_sorted());
    }
}
