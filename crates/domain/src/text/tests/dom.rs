//! Reads cleaned HTML with a parser as browsers have it, in every place it may be put, and says
//! what does not belong there.
//!
//! An opinion of its own: nothing here asks the policy that cleaning goes by.

use ammonia::Url;
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
    let harmless = match name {
        "href" | "cite" => is_harmless(value),
        "src" => is_own(value),
        _ => true,
    };
    if !harmless {
        found.push(format!("{name}={value:?} at <{element}>"));
    }
}

/// Whether browsers make of the address what it says: looked up from a page, as they do, it is the page's
/// own site, or another one, a number or a mailbox that is written out in full, without an account.
fn is_harmless(address: &str) -> bool {
    let page = Url::parse("https://trang.example/tin/bai").expect("an address");
    let Ok(url) = page.join(address) else {
        return false;
    };
    let anonymous = url.username().is_empty() && url.password().is_none();
    let written = |start: &str| {
        let sent = address
            .trim_matches(|c: char| c <= ' ')
            .to_ascii_lowercase();
        sent.starts_with(start)
    };
    match url.scheme() {
        "mailto" | "tel" => written(&format!("{}:", url.scheme())),
        "http" | "https" if is_of(&page, &url) && !written("http:") && !written("https:") => {
            anonymous
        }
        "http" | "https" => anonymous && url.has_host() && written(&format!("{}://", url.scheme())),
        _ => false,
    }
}

/// Whether a picture comes from the site itself, whatever the page is.
fn is_own(address: &str) -> bool {
    ["https://trang.example/tin/bai", "http://khac.example:8080/"]
        .iter()
        .all(|page| {
            let page = Url::parse(page).expect("an address");
            page.join(address).is_ok_and(|url| is_of(&page, &url))
        })
}

fn is_of(page: &Url, url: &Url) -> bool {
    url.origin() == page.origin() && url.username().is_empty()
}

#[test]
fn what_could_run_is_complained_about() {
    for bad in [
        "<script>x</script>",
        "<p onclick=x>a",
        "<a href=\" java\tscript:x\">a</a>",
        "<a href=JavaScript:x>a</a>",
        "<img src=data:x>",
        "<img src=https://ngoai.example/a.png>",
        "<img src=//ngoai.example/a.png>",
        "<img src=/\\\\ngoai.example/a.png>",
        "<a href=//ngoai.example>a</a>",
        "<a href=\\\\\\\\ngoai.example>a</a>",
        "<a href=\"/\t/ngoai.example\">a</a>",
        "<a href=https:ngoai.example>a</a>",
        "<a href=https://ninhbinh.gov.vn@ngoai.example>a</a>",
        "<svg><a></a></svg>",
        "<!-- x -->",
        "<noscript><p>a</p></noscript>",
    ] {
        assert!(!complaints(bad).is_empty(), "{bad}");
    }
    let good = "<p lang=\"vi\">a<a href=\"/a:b\" rel=\"x\">b</a><img src=\"/x.png\">\
        <a href=\"https://x.vn/?a@b\">c</a><a href=\"mailto:a@x.vn\">d</a><a href=\"?trang=2\">e</a></p>";
    assert_eq!(complaints(good), Vec::<String>::new());
}
