//! Cleaning HTML, by example: what stays, what goes and is reported, and attacks that fail.

use super::{assert_safe, assert_settled};
use crate::text::{clean_html, plain_text};
use rstest::rstest;

#[rstest]
#[case::text("Xin chào <b>bà con</b> &amp; các em")]
#[case::list("<ol start=\"3\" type=\"a\"><li>một</li></ol><ul><li>hai</li></ul>")]
#[case::headings("<h2>Mục</h2><h3 lang=\"en\">Part</h3><hr><pre>x\n y</pre>")]
#[case::link(
    "<p><a href=\"https://x.vn/?a=1&amp;b=2\" title=\"t\" rel=\"noopener noreferrer\">x</a></p>"
)]
#[case::relative("<a href=\"/tin-tuc#a\" hreflang=\"vi\" rel=\"noopener noreferrer\">x</a>")]
#[case::mail("<a href=\"mailto:ubnd@x.gov.vn\" rel=\"noopener noreferrer\">x</a>")]
#[case::phone("<a href=\"tel:+842283\" rel=\"noopener noreferrer\">x</a>")]
#[case::image(
    "<figure><img src=\"/a.jpg\" alt=\"Cổng\" width=\"640\" height=\"480\"><figcaption>c</figcaption></figure>"
)]
#[case::table(
    "<table><caption>c</caption><thead><tr><th scope=\"col\" colspan=\"2\">a</th></tr></thead><tbody><tr><td rowspan=\"2\">1</td></tr></tbody><tfoot><tr><td>s</td></tr></tfoot></table>"
)]
#[case::inline(
    "<p><em>a</em><i>b</i><u>c</u><s>d</s><sub>1</sub><sup>2</sup><code>e</code><abbr title=\"Ủy ban\">UB</abbr><time datetime=\"2025-07-01\">1/7</time><span lang=\"en\">f</span></p>"
)]
#[case::other(
    "<dl><dt>a</dt><dd>b</dd></dl><details><summary>s</summary>t</details><blockquote cite=\"https://x.vn/\">q</blockquote>"
)]
#[case::tag_in_attribute("<abbr title=\"&lt;script&gt; &lt;td&gt; &lt;!-- --&gt;\">x</abbr>")]
fn allowed_html_stays_as_it_is(#[case] html: &str) {
    let cleaned = clean_html(html);
    assert_eq!(cleaned.html, html);
    assert!(cleaned.removed.is_empty(), "{:?}", cleaned.removed);
}

#[rstest]
#[case("a<script>alert(1)</script>b", "ab", &["<script>"])]
#[case("<p onclick=\"x()\" style=\"color:red\" class=\"c\" id=\"i\">a</p>", "<p>a</p>",
    &["class", "id", "onclick", "style"])]
#[case("<h1>Tên</h1><p>a</p>", "\nTên\n<p>a</p>", &["<h1>"])]
#[case("<div>a</div><div>b</div>", "\na\n\nb\n", &["<div>"])]
#[case("<b>x</b><!-- ghi chú -->", "<b>x</b>", &["<!-- -->"])]
#[case("<iframe src=\"https://x.vn\"><p>a</iframe>b", "b", &["<iframe>"])]
#[case("<a href=\"javascript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer\">x</a>",
    &["javascript:"])]
#[case("<a href=\"http://[\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<img src=\"https://ngoai.example/a.png\" alt=\"Cổng\">", "<img alt=\"Cổng\">", &["src"])]
#[case("<img src=\"//ngoai.example/a.png\">", "<img>", &["src"])]
#[case("<a href=\"//ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"\\\\ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"/\\ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"/&Tab;/ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"https:/ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"htt&#10;ps://ngoai.example\">x</a>", "<a rel=\"noopener noreferrer\">x</a>", &["href"])]
#[case("<a href=\"https://ninhbinh.gov.vn@ngoai.example/\">x</a>", "<a rel=\"noopener noreferrer\">x</a>",
    &["href"])]
#[case("<blockquote cite=\"//ngoai.example\">x</blockquote>", "<blockquote>x</blockquote>", &["cite"])]
#[case("<blockquote cite=\"javascript:1\">x</blockquote>", "<blockquote>x</blockquote>",
    &["javascript:"])]
#[case("<font color=red>x</font>", "x", &["<font>"])]
#[case("<td>x</td>", "x", &["<td>"])]
#[case("<!DOCTYPE html><html><head><title>t</title></head><body onload=\"x\"><p>a</p></body></html>",
    "<p>a</p>", &["<!DOCTYPE>", "<body>", "<head>", "<html>", "<title>"])]
#[case("<ol type=\"x\" start=\"-2\"><li>a</ol>", "<ol start=\"-2\"><li>a</li></ol>", &["type"])]
#[case("<p>a\u{202e}b&#x202e;</p>", "<p>ab</p>", &["U+202E"])]
#[case("<p>o\u{323}&#x302;</p>", "<p>ộ</p>", &[])]
#[case("<p>&#x338;a</p>", "<p>a</p>", &[])]
#[case("<pre>\n\n\nx</pre>", "<pre>x</pre>", &[])]
#[case("<p>một<p>hai", "<p>một</p><p>hai</p>", &[])]
#[case("<a href=\"/\" target=\"_blank\" rel=\"opener\">x</a>",
    "<a href=\"/\" rel=\"noopener noreferrer\">x</a>", &["target"])]
fn the_rest_goes_and_is_reported(
    #[case] html: &str,
    #[case] expected: &str,
    #[case] removed: &[&str],
) {
    let cleaned = clean_html(html);
    assert_eq!(cleaned.html, expected);
    assert_eq!(cleaned.removed, removed);
}

/// Known attacks: the output is safe and the report is not empty and names the telling part.
#[rstest]
#[case("<SCRIPT SRC=//x.vn/x.js></SCRIPT>", "<script>")]
#[case("<scr<script>ipt>alert(1)</scr</script>ipt>", "<scr<script>")]
#[case("<custom-x>x</custom-x>", "<custom-x>")]
#[case("<<script>alert(1)//<</script>", "<script>")]
#[case("<script/x>alert(1)</script>", "<script>")]
#[case("<svg/onload=alert(1)>", "<svg>")]
#[case("<svg/onload=alert(1)>", "onload")]
#[case("<svg><g><script>alert(1)</script>", "<script>")]
#[case("<svg><style><img src=x onerror=alert(1)></style>", "onerror")]
#[case("<svg><foreignObject><script>alert(1)</script>", "<script>")]
#[case(
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg>"
)]
#[case("<img src=x onerror=alert(1)>", "onerror")]
#[case("<img src=\"x` `<script>alert(1)</script>\"` `>", "`")]
#[case("<img \"\"\"><script>alert(1)</script>\">", "<script>")]
#[case("<image src=x onerror=alert(1)>", "onerror")]
#[case("<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">", "data:")]
#[case("<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "data:")]
#[case("<a href=\" javascript:alert(1)\">x</a>", "javascript:")]
#[case("<a href=\"jav&#x09;ascript:alert(1)\">x</a>", "javascript:")]
#[case("<a href=\"&#1;&#106;avascript&colon;alert(1)\">x</a>", "javascript:")]
#[case("<a href='JaVaScRiPt:alert(1)'>x</a>", "javascript:")]
#[case("<a href=vbscript:x>x</a>", "vbscript:")]
#[case("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "<iframe>")]
#[case("<object data=\"javascript:alert(1)\"></object>", "javascript:")]
#[case(
    "<form action=\"javascript:alert(1)\"><button formaction=\"javascript:1\">x",
    "<form>"
)]
#[case("<base href=\"javascript:/a/\">", "<base>")]
#[case(
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<meta>"
)]
#[case("<style>@import 'x';</style>", "<style>")]
#[case("<link rel=stylesheet href=x.css>", "<link>")]
#[case("<p style=\"background:url(javascript:alert(1))\">x", "style")]
#[case(
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noscript>"
)]
#[case(
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math>"
)]
#[case(
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math>"
)]
#[case(
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script>",
    "<script>"
)]
#[case("<template><script>alert(1)</script></template>", "<template>")]
#[case("<xmp><p title=\"</xmp><script>alert(1)</script>\">", "<xmp>")]
#[case("<!--><script>alert(1)</script>-->", "<script>")]
#[case("<![CDATA[<script>alert(1)</script>]]>", "<!-- -->")]
#[case("<b <script>alert(1)</script>x</b>", "<script")]
#[case("<details ontoggle=alert(1) open>x</details>", "ontoggle")]
fn attacks_fail_and_are_named(#[case] html: &str, #[case] token: &str) {
    let cleaned = clean_html(html);
    assert_safe(&cleaned.html);
    assert!(
        cleaned.removed.iter().any(|removed| removed == token),
        "{:?} from {html}",
        cleaned.removed
    );
    assert_settled(&cleaned.html);
}

#[test]
fn deep_nesting_is_survived() {
    for tag in ["b", "blockquote", "span", "div", "table><tr><td", "a><p"] {
        let html = format!("<{tag}>").repeat(400) + "x";
        let cleaned = clean_html(&html);
        assert_safe(&cleaned.html);
        assert_settled(&cleaned.html);
        assert_eq!(plain_text(&cleaned.html), "x");
    }
}

#[test]
fn absurd_nesting_is_not_parsed() {
    let html = "<div><svg>&#x202e;".repeat(50_000) + "<b>a &lt; b</b>";
    let cleaned = clean_html(&html);
    assert_eq!(cleaned.html, "<p>a &lt; b</p>");
    assert_eq!(cleaned.removed, ["<div>", "<svg>", "U+202E", "markup"]);
    assert_settled(&cleaned.html);
}
