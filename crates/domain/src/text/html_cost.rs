//! A guard against markup nested so deeply that parsing it would take minutes.
//!
//! The parser walks its open elements for many tags, so its time grows with tags times depth.
//! Not a parser and not for cleaning: it only estimates, never below the truth by design.

/// Steps the parser may take; a second or so. Well-formed documents stay far below.
const BUDGET: usize = 50_000_000;

/// Elements that never lie open: they have no content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements that cannot nest without another one, which is counted, in between.
const SELF_ENDING: &[&str] = &[
    "caption", "colgroup", "dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Elements whose content is text up to their end tag.
const RAW_TEXT: &[&str] = &[
    "iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp",
];

/// Elements after which end tags may mean something else or nothing.
const CONFUSING: &[&str] = &[
    "frameset",
    "math",
    "plaintext",
    "script",
    "select",
    "svg",
    "template",
];

/// Whether parsing the markup could cost more than it is worth.
pub(super) fn is_too_costly(html: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    let mut doubt: Option<Doubt> = None;
    let mut cost = 0_usize;
    for piece in html.split('<').skip(1) {
        if doubt.as_ref().is_some_and(|doubt| doubt.ends(piece)) {
            doubt = None;
        }
        let name = name(piece);
        if piece.starts_with('/') {
            if doubt.is_none() && piece.contains('>') && open.last() == Some(&name) {
                open.pop();
            }
        } else if piece.starts_with(|c: char| c.is_ascii_alphabetic()) {
            doubt = doubt.or_else(|| Doubt::after(&name, piece));
            if !VOID.contains(&name.as_str()) && !SELF_ENDING.contains(&name.as_str()) {
                open.push(name);
            }
        } else if piece.starts_with(['!', '?']) {
            doubt = doubt.or_else(|| Doubt::after_comment(piece));
        }
        cost = cost.saturating_add(open.len());
        if cost > BUDGET {
            return true;
        }
    }
    false
}

/// Why an end tag may not be one. In doubt, nothing is taken to be closed.
enum Doubt {
    Comment,
    RawText(String),
    ForGood,
}

impl Doubt {
    fn after(name: &str, piece: &str) -> Option<Self> {
        if CONFUSING.contains(&name) || !piece.contains('>') {
            Some(Self::ForGood)
        } else {
            RAW_TEXT
                .contains(&name)
                .then(|| Self::RawText(name.to_owned()))
        }
    }

    fn after_comment(piece: &str) -> Option<Self> {
        let ended = if piece.starts_with("!--") {
            piece.contains("-->")
        } else {
            piece.contains('>')
        };
        (!ended).then_some(Self::Comment)
    }

    /// Whether the piece, which follows a `<`, leaves no room for the doubt.
    fn ends(&self, piece: &str) -> bool {
        match self {
            Self::Comment => piece.contains("-->"),
            Self::RawText(element) => piece.starts_with('/') && name(piece) == *element,
            Self::ForGood => false,
        }
    }
}

fn name(piece: &str) -> String {
    piece
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(20)
        .collect::<String>()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::paragraphs("<p>một <b>hai</b><p>ba<br>", false)]
    #[case::rows("<table><tr><td><span>1</span></table>", false)]
    #[case::comments("<div>a<!-- <b> --></div>", false)]
    #[case::word("<!--[if mso]><xml></xml><![endif]--><p><span>a</span></p>", false)]
    #[case::style("<style>a<b</style><span>a</span>", false)]
    #[case::nested("<div>", true)]
    #[case::end_in_comment("<div><!--</div>-->", true)]
    #[case::end_in_attribute("<div><a title=\"</div></a>\"></a>", true)]
    #[case::end_in_text("<div><textarea></div></textarea>", true)]
    #[case::end_in_cell("<div><table><tr><td></div></td></tr></table>", true)]
    #[case::end_in_script("<div><script><!--<script></script></div></script>-->", true)]
    #[case::other_name("<div></section>", true)]
    fn sees_depth(#[case] repeated: &str, #[case] expected: bool) {
        assert_eq!(is_too_costly(&repeated.repeat(20_000)), expected);
    }
}
