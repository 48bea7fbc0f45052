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
        "src" => is_own(value),
        "href" | "cite" => is_own(value) || leads_away(value),
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

/// Whether the address is a path, a query or a fragment of this site. Pictures come from nowhere else:
/// whoever serves one learns who reads what.
fn is_own(address: &str) -> bool {
    // A scheme is looked for up to the first of these, and a host behind two slashes of any kind.
    let before_query = path_part(address);
    let first = before_query.split('/').next().unwrap_or_default();
    is_plain(address) && !before_query.starts_with("//") && !first.contains(':')
}

/// Whether the address is one of another site, or a way to write or call, in a form that everything
/// that reads addresses understands alike, and that does not pretend to be another one.
pub fn leads_away(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let Some((scheme, rest)) = trimmed(address).split_once(':') else {
        return false;
    };
    if !is_plain(address) || !scheme.eq_ignore_ascii_case(url.scheme()) {
        return false;
    }
    match url.scheme() {
        "http" | "https" => rest
            .strip_prefix("//")
            .and_then(|rest| path_part(rest).split('/').next())
            .is_some_and(|host| !host.is_empty() && !host.contains('@')),
        scheme => SCHEMES.contains(&scheme),
    }
}

/// Whether nothing in the address is read by browsers as something else: they drop control
/// characters, and take a backslash for a slash.
fn is_plain(address: &str) -> bool {
    !trimmed(address).contains(|c: char| c.is_control()) && !path_part(address).contains('\\')
}

/// The address without what browsers drop at its ends.
fn trimmed(address: &str) -> &str {
    address.trim_matches(|c: char| c <= ' ')
}

fn path_part(address: &str) -> &str {
    let address = trimmed(address);
    address.split(['?', '#']).next().unwrap_or_default()
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
