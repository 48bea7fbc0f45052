//! How HTML is to be read on after each `<`: as markup, as a comment, as text up to an end tag, or with
//! doubt. For the estimate of its cost alone: where a parser could read it otherwise, nothing is believed.

use super::html_report::is_name_end;

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
pub(super) enum Reading {
    Markup,
    Comment,
    RawText(String),
    /// No end tag is believed any more.
    Doubt,
}

/// How to read what comes after a piece that followed a `<` in markup.
pub(super) fn read_on(piece: &str, name: &str) -> Reading {
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

pub(super) fn ends_comment(piece: &str) -> bool {
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
pub(super) fn name(piece: &str) -> &str {
    let tag = piece.strip_prefix('/').unwrap_or(piece);
    if tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        tag.split(is_name_end).next().unwrap_or_default()
    } else {
        ""
    }
}
