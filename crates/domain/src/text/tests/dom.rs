//! Reads cleaned HTML with a parser as browsers have it, in every place it may be put, and says
//! what does not belong there.
//!
//! An opinion of its own: nothing here asks the policy that cleaning goes by.

use html5ever::tendril::TendrilSink;
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_document, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements and their attributes besides `lang`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "hreflang", "rel"]),
    ("abbr", &["title"]),
    ("b", &[]),
    ("blockquote", &["cite"]),
    ("br", &[]),
    ("caption", &[]),
    ("code", &[]),
    ("dd", &[]),
    ("details", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height"]),
    ("li", &[]),
    ("ol", &["start", "type"]),
    ("p", &[]),
    ("pre", &[]),
    ("s", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["scope", "colspan", "rowspan"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("u", &[]),
    ("ul", &[]),
];

/// What is wrong with the HTML inside a `div`, inside other elements and as a page of its own, each
/// with scripts switched on and off, which changes what `noscript` holds.
pub(super) fn complaints(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for scripting in [false, true] {
        let mut options = ParseOpts::default();
        options.tree_builder.scripting_enabled = scripting;
        for context in [
            local_name!("div"),
            local_name!("td"),
            local_name!("p"),
            local_name!("template"),
        ] {
            let name = QualName::new(None, ns!(html), context);
            let dom = parse_fragment(
                RcDom::default(),
                options.clone(),
                name,
                Vec::new(),
                scripting,
            )
            .one(html);
            let root = dom.document.children.borrow();
            for node in root.iter().flat_map(|html| html.children.borrow().clone()) {
                look(&node, &mut found);
            }
        }
        let page = format!("<!DOCTYPE html><title>t</title><body>{html}");
        let dom = parse_document(RcDom::default(), options).one(page);
        for body in bodies(&dom.document) {
            for node in body.children.borrow().iter() {
                look(node, &mut found);
            }
        }
    }
    found
}

/// All the text of the HTML, as a browser would have it.
pub(super) fn text(html: &str) -> String {
    let name = QualName::new(None, ns!(html), local_name!("div"));
    let dom = parse_fragment(
        RcDom::default(),
        ParseOpts::default(),
        name,
        Vec::new(),
        false,
    )
    .one(html);
    let mut text = String::new();
    gather(&dom.document, &mut text);
    text
}

fn gather(node: &Handle, into: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        into.push_str(&contents.borrow());
    }
    for child in node.children.borrow().iter() {
        gather(child, into);
    }
}

fn bodies(node: &Handle) -> Vec<Handle> {
    let is_body =
        matches!(&node.data, NodeData::Element { name, .. } if name.local == local_name!("body"));
    if is_body {
        return vec![node.clone()];
    }
    node.children.borrow().iter().flat_map(bodies).collect()
}

fn look(node: &Handle, found: &mut Vec<String>) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            if name.ns != ns!(html) {
                found.push(format!("<{}> in {}", name.local, name.ns));
            }
            match ALLOWED.iter().find(|(allowed, _)| *allowed == &*name.local) {
                Some((_, allowed)) => {
                    for attribute in attrs.borrow().iter() {
                        look_at(&name.local, attribute, allowed, found);
                    }
                }
                None => found.push(format!("<{}>", name.local)),
            }
        }
        NodeData::Text { .. } => {}
        NodeData::Document
        | NodeData::Doctype { .. }
        | NodeData::Comment { .. }
        | NodeData::ProcessingInstruction { .. } => found.push(format!("{:?}", node.data)),
    }
    for child in node.children.borrow().iter() {
        look(child, found);
    }
}

fn look_at(element: &str, attribute: &Attribute, allowed: &[&str], found: &mut Vec<String>) {
    let (name, value) = (&*attribute.name.local, &*attribute.value);
    if name != "lang" && !allowed.contains(&name) {
        found.push(format!("{name} at <{element}>"));
    }
    if matches!(name, "href" | "src" | "cite") && !is_harmless(value) {
        found.push(format!("{name}={value:?} at <{element}>"));
    }
}

/// The scheme as browsers find it: controls and spaces go from the ends, line ends and tabs from
/// everywhere, and case does not count.
fn is_harmless(address: &str) -> bool {
    let bare: String = address
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let before_path = bare.split(['/', '?', '#']).next().unwrap_or_default();
    match before_path.split_once(':') {
        None => true,
        Some((scheme, _)) => {
            let scheme = scheme.to_ascii_lowercase();
            let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
            !is_scheme || ["http", "https", "mailto", "tel"].contains(&scheme.as_str())
        }
    }
}

#[test]
fn what_could_run_is_complained_about() {
    for bad in [
        "<script>x</script>",
        "<p onclick=x>a",
        "<a href=\" java\tscript:x\">a</a>",
        "<a href=JavaScript:x>a</a>",
        "<img src=data:x>",
        "<svg><a></a></svg>",
        "<!-- x -->",
        "<noscript><p>a</p></noscript>",
    ] {
        assert!(!complaints(bad).is_empty(), "{bad}");
    }
    let good = "<p lang=\"vi\">a<a href=\"/a:b\" rel=\"x\">b</a><img src=\"https://x.vn/\"></p>";
    assert_eq!(complaints(good), Vec::<String>::new());
}
