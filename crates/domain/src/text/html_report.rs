//! Tells what cleaning will take out of a piece of HTML, so that an editor or a tool can see it.
//!
//! Not for cleaning: nothing here changes what is stored.

use super::html_policy as policy;
use super::nfc::is_forbidden;
use super::slug::cut;
use ammonia::Builder;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// An attribute given to every element to make it visible. No HTML can contain a name with a
/// space, so it cannot be mistaken for one.
const MARKER: &str = " seen";

/// A `<` can be followed by text without end; a longer name is reported without being looked up.
const LONGEST_NAME: usize = 64;

/// Most tokens that are told; an editor needs no more to see what was wrong.
pub const REMOVED_MAX: usize = 50;

/// Elements that are kept while looking, so that the parser's other name spaces stay intact and
/// what stands inside them is looked at as well.
const FOREIGN_ROOTS: &[&str] = &[
    "annotation-xml",
    "foreignObject",
    "math",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "svg",
];

/// What was met while looking.
#[derive(Default)]
struct Seen {
    elements: BTreeSet<String>,
    tokens: BTreeSet<String>,
}

/// The tokens for everything in `html` that is not allowed: `<script>`, `onclick`,
/// `javascript:`, `<!-- -->`, `U+202E`.
///
/// The parser that cleans also does the looking: a filter hears of each element and attribute
/// exactly as a browser would understand them. A separate scanner could be led astray by broken
/// quotes or raw text.
pub(super) fn disallowed(html: &str) -> BTreeSet<String> {
    let names = start_tags(html);
    let seen = Arc::new(Mutex::new(Seen::default()));
    let output = look(html, &names, &seen);

    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tokens = std::mem::take(&mut seen.tokens);
    if output.contains("<!--") {
        note(&mut tokens, "<!-- -->".to_owned());
    }
    for name in &names {
        if name == "!doctype" {
            note(&mut tokens, "<!DOCTYPE>".to_owned());
        } else if is_lost(name, &seen) {
            note(&mut tokens, tag_token(name));
        }
    }
    for c in html.chars().filter(|&c| is_forbidden(c)) {
        note(&mut tokens, char_token(c));
    }
    tokens
}

/// Adds a token, while there is room.
pub(super) fn note(tokens: &mut BTreeSet<String>, token: String) {
    if tokens.len() < REMOVED_MAX {
        tokens.insert(token);
    }
}

/// Whether an element goes without having been seen.
fn is_lost(name: &str, seen: &Seen) -> bool {
    name.len() > LONGEST_NAME
        || (policy::PARSER_DROPS.contains(&name) && !seen.elements.contains(name))
}

/// The tokens for elements that are not on the list, found without parsing.
pub(super) fn unlisted(html: &str) -> BTreeSet<String> {
    start_tags(html)
        .iter()
        .filter(|name| !policy::allows_tag(name))
        .map(|name| tag_token(name))
        .take(REMOVED_MAX - 1)
        .collect()
}

/// The token for a character that is taken out.
pub(super) fn char_token(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Names that follow a `<` anywhere, in lower case: every element of the document and perhaps
/// some that are only text. A name longer than [`LONGEST_NAME`] is cut just above that length.
pub(super) fn start_tags(html: &str) -> BTreeSet<String> {
    html.match_indices('<')
        .filter_map(|(at, _)| html.get(at + 1..))
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'))
        .filter_map(|rest| cut(rest, LONGEST_NAME + 4).split(is_name_end).next())
        // The parser reads NUL in a name as the replacement character.
        .map(|name| name.to_ascii_lowercase().replace('\0', "\u{FFFD}"))
        .collect()
}

/// Whether the character ends the name of an element in a tag.
pub(super) fn is_name_end(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{C}' | '\r' | ' ' | '/' | '>')
}

/// Parses the text once with everything marked and nothing but foreign roots kept.
fn look(html: &str, names: &BTreeSet<String>, seen: &Arc<Mutex<Seen>>) -> String {
    let marked: HashMap<&str, HashMap<&str, &str>> = names
        .iter()
        .map(|name| (name.as_str(), HashMap::from([(MARKER, "")])))
        .collect();
    let listener = Arc::clone(seen);
    Builder::empty()
        .tags(FOREIGN_ROOTS.iter().copied().collect())
        .generic_attribute_prefixes(HashSet::from([""]))
        .set_tag_attribute_values(marked)
        .link_rel(None)
        .strip_comments(false)
        .attribute_filter(move |tag: &str, attribute: &str, value: &str| {
            let mut seen = listener.lock().unwrap_or_else(PoisonError::into_inner);
            if !seen.elements.contains(tag) {
                seen.elements.insert(tag.to_owned());
            }
            for token in judge(tag, attribute, value) {
                note(&mut seen.tokens, token);
            }
            None::<Cow<'_, str>>
        })
        .clean(html)
        .to_string()
}

/// The tokens one attribute of one element gives rise to.
fn judge(tag: &str, attribute: &str, value: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let allowed_tag = policy::allows_tag(tag);
    if !allowed_tag {
        tokens.push(tag_token(tag));
    }
    if attribute == MARKER || (tag == "a" && attribute == "rel") {
        return tokens;
    }
    let allowed = allowed_tag && policy::allows_attribute(tag, attribute);
    if allowed && policy::allows_value(attribute, value) {
        return tokens;
    }
    let bad_scheme = policy::ADDRESS_ATTRIBUTES
        .contains(&attribute)
        .then(|| policy::scheme(value))
        .flatten()
        .filter(|scheme| !policy::SCHEMES.contains(&scheme.as_str()));
    // The other attributes of an element that goes as a whole are not worth a line each.
    if !allowed && (allowed_tag || attribute.starts_with("on")) {
        tokens.push(cut(attribute, 40).to_owned());
    }
    match bad_scheme {
        Some(scheme) => tokens.push(format!("{}:", cut(&scheme, 40))),
        None if allowed => tokens.push(attribute.to_owned()),
        None => {}
    }
    tokens
}

fn tag_token(name: &str) -> String {
    format!("<{}>", cut(name, 40))
}
