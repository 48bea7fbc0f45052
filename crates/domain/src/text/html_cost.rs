//! A guard against markup nested so deeply that parsing it would take minutes.
//!
//! The parser walks its open elements for many tags, so its time grows with tags times depth.
//! Not a parser and not for cleaning: it only estimates, never below the truth by design.

use super::html_report::is_name_end;

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

/// Elements the parser copies into every later block while they lie open, which costs memory.
const REOPENED: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements whose content is text up to their end tag.
const RAW_TEXT: &[&str] = &[
    "iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp",
];

/// Elements after which tags may mean something else or nothing.
const CONFUSING: &[&str] = &[
    "frameset",
    "math",
    "noscript",
    "plaintext",
    "select",
    "svg",
    "template",
];

/// How the text at hand is to be read.
enum Reading {
    Markup,
    Comment,
    RawText(String),
    /// No end tag is believed any more.
    Doubt,
}

/// Whether parsing the markup could cost more than it is worth.
pub(super) fn is_too_costly(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut reading = Reading::Markup;
    let (mut cost, mut load) = (0_usize, 0_usize);
    let lower = html.to_ascii_lowercase();
    for piece in lower.split('<').skip(1) {
        let name = name(piece);
        match &reading {
            Reading::Comment if ends_comment(piece) => {
                reading = Reading::Markup;
                continue;
            }
            Reading::RawText(element) if piece.starts_with('/') && element == name => {
                reading = Reading::Markup;
            }
            // Inside a script a comment changes what ends the script.
            Reading::RawText(element) if element == "script" && piece.starts_with("!--") => {
                reading = Reading::Doubt;
            }
            Reading::Comment | Reading::RawText(_) => continue,
            Reading::Markup | Reading::Doubt => {}
        }
        let starts = piece.starts_with(|c: char| c.is_ascii_alphabetic());
        if starts && !VOID.contains(&name) && !SELF_ENDING.contains(&name) {
            open.push(name);
            load += weight(name);
        }
        if matches!(reading, Reading::Markup) {
            reading = read_on(piece, name);
            let ends = piece.starts_with('/') && open.last() == Some(&name);
            if ends || matches!(reading, Reading::RawText(_)) {
                load -= open.pop().map_or(0, weight);
            }
        }
        cost = cost.saturating_add(load);
        if cost > BUDGET {
            return true;
        }
    }
    false
}

/// What an open element adds to the cost of each tag after it.
fn weight(name: &str) -> usize {
    if REOPENED.contains(&name) { 50 } else { 1 }
}

/// How to read what comes after a piece that followed a `<` in markup.
fn read_on(piece: &str, name: &str) -> Reading {
    if piece.starts_with("!--") {
        if ends_comment(piece) {
            Reading::Markup
        } else {
            Reading::Comment
        }
    } else if piece.starts_with(['!', '?', '/']) || !name.is_empty() {
        let tag = piece.trim_start_matches('/');
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic());
        let ended = if is_tag {
            ends_tag(tag)
        } else {
            piece.contains('>')
        };
        if !ended || CONFUSING.contains(&name) {
            Reading::Doubt
        } else if RAW_TEXT.contains(&name) && !piece.starts_with('/') {
            Reading::RawText(name.to_owned())
        } else {
            Reading::Markup
        }
    } else {
        Reading::Markup
    }
}

fn ends_comment(piece: &str) -> bool {
    piece.contains("-->") || piece.contains("--!>")
}

/// Whether the tag ends within the piece, rather than go on behind a `<` in an attribute.
fn ends_tag(tag: &str) -> bool {
    enum At {
        Gap,
        Name,
        Equals,
        Bare,
        Quoted(char),
    }
    let mut at = At::Gap;
    for c in tag.chars().skip_while(|&c| !is_name_end(c)) {
        at = match (at, c) {
            (At::Quoted(quote), _) if c == quote => At::Gap,
            (At::Quoted(quote), _) => At::Quoted(quote),
            (_, '>') => return true,
            (At::Equals, '"' | '\'') => At::Quoted(c),
            (At::Equals, _) if c.is_ascii_whitespace() => At::Equals,
            (At::Equals, _) => At::Bare,
            (At::Bare, _) if !c.is_ascii_whitespace() => At::Bare,
            (At::Name, '=') => At::Equals,
            (At::Name, '/') | (At::Bare, _) => At::Gap,
            (At::Gap, _) if c.is_ascii_whitespace() || c == '/' => At::Gap,
            (At::Gap | At::Name, _) => At::Name,
        };
    }
    false
}

/// The name of the element in a start or end tag; nothing for other pieces.
fn name(piece: &str) -> &str {
    let tag = piece.strip_prefix('/').unwrap_or(piece);
    if tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        tag.split(is_name_end).next().unwrap_or_default()
    } else {
        ""
    }
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
    #[case::end_after_quote("<div><a title=\"></div></a>\"></a>", true)]
    #[case::end_behind_quotes("<div><b a=x=\" c=\"></div></b>\"></b>", true)]
    #[case::end_after_early_comment("<!--><div>--></b>", true)]
    #[case::end_in_foreign_text("<div><svg><title><!--</title></svg></div>--></title></svg>", true)]
    #[case::attributes("<a title='it\"s > b' href=/x/ =\"></a>", false)]
    #[case::script("<b><script>if (a<b) {}</script></b>", false)]
    #[case::formatting("<b><i></b></i>", true)]
    #[case::end_in_text("<div><textarea></div></textarea>", true)]
    #[case::end_in_cell("<div><table><tr><td></div></td></tr></table>", true)]
    #[case::end_in_script("<div><script><!--<script></script></div></script>-->", true)]
    #[case::other_name("<div></section>", true)]
    fn sees_depth(#[case] repeated: &str, #[case] expected: bool) {
        assert_eq!(is_too_costly(&repeated.repeat(20_000)), expected);
    }
}
