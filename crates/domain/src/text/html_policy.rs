//! The allow list: which HTML an editor may store, in one place for cleaning and reporting.
//!
//! Not for how pages look; style, class and id are never content here.

use ammonia::Url;

/// Elements that stay.
#[rustfmt::skip]
pub(super) const TAGS: &[&str] = &[
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "details", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p",
    "pre", "s", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul",
];

/// Elements that go together with everything inside them.
#[rustfmt::skip]
pub(super) const DROPPED_WITH_CONTENT: &[&str] = &[
    "applet", "audio", "canvas", "embed", "frameset", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
];

/// Elements that go but stood on lines of their own, so that their words must not run together.
#[rustfmt::skip]
pub(super) const DROPPED_BLOCKS: &[&str] = &[
    "address", "article", "aside", "center", "dir", "div", "fieldset", "footer", "form", "h1",
    "header", "hgroup", "legend", "main", "menu", "nav", "section",
];

/// Elements the parser itself leaves out when they stand outside a document or a table.
#[rustfmt::skip]
pub(super) const PARSER_DROPS: &[&str] = &[
    "body", "caption", "col", "colgroup", "frame", "frameset", "head", "html", "tbody", "td",
    "tfoot", "th", "thead", "tr",
];

/// Attributes any element may have.
pub(super) const GLOBAL_ATTRIBUTES: &[&str] = &["lang"];

/// Attributes of single elements.
pub(super) const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "hreflang"]),
    ("abbr", &["title"]),
    ("blockquote", &["cite"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ol", &["start", "type"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["scope", "colspan", "rowspan"]),
    ("time", &["datetime"]),
];

/// Schemes an address may have; a relative address needs none.
pub(super) const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

/// Attributes that hold an address, on allowed elements and on others worth naming.
#[rustfmt::skip]
pub(super) const ADDRESS_ATTRIBUTES: &[&str] = &[
    "action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src",
    "xlink:href",
];

/// The value every link's `rel` is given, whatever its writer said.
pub(super) const LINK_REL: &str = "noopener noreferrer";

/// Whether the element stays.
pub(super) fn allows_tag(tag: &str) -> bool {
    TAGS.contains(&tag)
}

/// Whether the attribute may stand on the element at all.
pub(super) fn allows_attribute(tag: &str, attribute: &str) -> bool {
    GLOBAL_ATTRIBUTES.contains(&attribute)
        || ATTRIBUTES
            .iter()
            .any(|(owner, names)| *owner == tag && names.contains(&attribute))
}

/// Whether an allowed attribute may have this value.
pub(super) fn allows_value(attribute: &str, value: &str) -> bool {
    match attribute {
        "href" | "src" | "cite" => allows_address(value),
        "width" | "height" | "colspan" | "rowspan" => is_number(value),
        "start" => is_number(value.strip_prefix('-').unwrap_or(value)),
        "type" => matches!(value, "1" | "a" | "A" | "i" | "I"),
        "scope" => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        "lang" | "hreflang" => is_language(value),
        _ => true,
    }
}

/// The scheme of an absolute address.
pub(super) fn scheme(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.scheme().to_owned())
}

fn allows_address(address: &str) -> bool {
    match Url::parse(address) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(error) => error == ammonia::url::ParseError::RelativeUrlWithoutBase,
    }
}

fn is_number(value: &str) -> bool {
    (1..=6).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

fn is_language(value: &str) -> bool {
    (2..=35).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
