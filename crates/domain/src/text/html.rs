//! Cleaning HTML from editors, imports and pasted documents down to the allow list.
//!
//! Cleaning is done on a parsed tree and serialised anew, never by search and replace on what
//! came in. Not for deciding what is allowed (`html_policy`) or for layout.

use super::html_cost::html_excess;
use super::html_policy as policy;
use super::html_report::{char_token, disallowed, note, start_tags, unlisted};
use super::nfc::{is_forbidden, nfc};
use super::plain::plain_text;
use ammonia::Builder;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Broken markup can need more than one parse to settle; honest content settles after one.
const MAX_PASSES: usize = 4;

/// HTML that is safe to show, and what had to go to make it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanHtml {
    /// Well-formed HTML from the allow list, in NFC. Cleaning it again changes nothing.
    pub html: String,
    /// What was taken out, sorted, each once: `<script>`, `onclick`, `style`, `javascript:`,
    /// `<!-- -->`, `U+202E`; at most [`REMOVED_MAX`](super::REMOVED_MAX) of them. `markup` means that
    /// only the words could be kept.
    pub removed: Vec<String>,
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(&[]));

/// Keeps dropped block elements for one pass, to leave a line break where they stood.
static BLOCK_CLEANER: LazyLock<Builder<'static>> =
    LazyLock::new(|| builder(policy::DROPPED_BLOCKS));

/// Reduces HTML to the allow list and tells what was removed. Of HTML that
/// [`html_excess`] is against only the words are kept.
pub fn clean_html(html: &str) -> CleanHtml {
    let source = nfc_markup(html);
    if html_excess(&source).is_some() {
        return words_only(&source, unlisted(&source));
    }
    let mut removed = disallowed(&source);
    let mut current = without_dropped_blocks(source);
    for _ in 0..MAX_PASSES {
        let next = tidy(&CLEANER.clean(&current).to_string(), &mut removed);
        if next == current {
            return finish(current, removed);
        }
        current = next;
    }
    words_only(&current, removed)
}

/// The way out for crafted input, which alone gets here: its words are kept, its structure not.
fn words_only(html: &str, mut removed: BTreeSet<String>) -> CleanHtml {
    removed.insert("markup".to_owned());
    let text = plain_text(html)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let html = tidy(&format!("<p>{text}</p>"), &mut removed);
    finish(html, removed)
}

fn finish(html: String, removed: BTreeSet<String>) -> CleanHtml {
    CleanHtml {
        html,
        removed: removed.into_iter().collect(),
    }
}

fn builder(extra_tags: &'static [&'static str]) -> Builder<'static> {
    let attributes: HashMap<_, _> = policy::ATTRIBUTES
        .iter()
        .map(|&(tag, names)| (tag, names.iter().copied().collect()))
        .collect();
    let mut builder = Builder::empty();
    builder
        .tags(policy::TAGS.iter().chain(extra_tags).copied().collect())
        .clean_content_tags(policy::DROPPED_WITH_CONTENT.iter().copied().collect())
        .generic_attributes(policy::GLOBAL_ATTRIBUTES.iter().copied().collect())
        .tag_attributes(attributes)
        .url_schemes(policy::SCHEMES.iter().copied().collect())
        .link_rel(Some(policy::LINK_REL))
        .strip_comments(true)
        .attribute_filter(|tag: &str, attribute: &str, value: &str| keep(tag, attribute, value));
    builder
}

/// The last word on an attribute, after the library's own lists.
fn keep<'v>(tag: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let fixed_rel = tag == "a" && attribute == "rel" && value == policy::LINK_REL;
    let listed = policy::allows_tag(tag)
        && policy::allows_attribute(tag, attribute)
        && policy::allows_value(attribute, value);
    (fixed_rel || listed).then_some(Cow::Borrowed(value))
}

/// Puts a line break in the place of each block element that is not kept.
///
/// Replacing in the output is safe: the serialiser writes `<` only where a tag starts, and the
/// filter leaves these elements no attributes.
fn without_dropped_blocks(source: String) -> String {
    let names = start_tags(&source);
    let present = |tag: &&&str| names.contains(**tag);
    if !policy::DROPPED_BLOCKS.iter().any(|tag| present(&tag)) {
        return source;
    }
    let output = BLOCK_CLEANER.clean(&source).to_string();
    policy::DROPPED_BLOCKS
        .iter()
        .filter(present)
        .fold(output, |html, tag| {
            html.replace(&format!("<{tag}>"), "\n")
                .replace(&format!("</{tag}>"), "\n")
        })
}

/// Brings serialised HTML to a form that a second parse leaves alone.
fn tidy(html: &str, removed: &mut BTreeSet<String>) -> String {
    let mut kept = String::with_capacity(html.len());
    for c in html.chars() {
        if is_forbidden(c) {
            note(removed, char_token(c));
        } else {
            kept.push(c);
        }
    }
    nfc_markup(&without_first_line_breaks(&kept))
}

/// Takes line breaks from the start of each `pre`; a parser skips the first one every time.
fn without_first_line_breaks(html: &str) -> String {
    let mut pieces = html.split("<pre");
    let mut output = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        output += "<pre";
        match piece.split_once('>') {
            Some((attributes, content)) => {
                output += attributes;
                output.push('>');
                output += content.trim_start_matches(['\r', '\n']);
            }
            None => output += piece,
        }
    }
    output
}

/// NFC for markup: a combining slash after `>` would melt with it into `≯` and break the tag.
fn nfc_markup(html: &str) -> String {
    const SLASH: char = '\u{338}';
    if !html.contains(SLASH) {
        return nfc(html);
    }
    let mut after_tag = false;
    let kept: String = html
        .chars()
        .filter(|&c| {
            let mark = unicode_normalization::char::is_combining_mark(c);
            after_tag = c == '>' || (after_tag && mark);
            !(after_tag && c == SLASH)
        })
        .collect();
    nfc(&kept)
}
