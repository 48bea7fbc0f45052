//! Whether the estimate of what HTML costs keeps up with the parser: its steps are counted, not timed, in a
//! tree that works as the cleaner's does, for markup made up to be costly.
//!
//! What grows in proportion to the markup is bounded by its length; so two lengths of the same pattern are
//! compared, and what is left when the proportional part is taken away has to be in the estimate.

use std::borrow::Cow;
use std::cell::Cell;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, RcDom};
use proptest::prelude::*;

use crate::text::html_cost;

/// A tree that counts what is done to it.
#[derive(Default)]
struct Counting {
    tree: RcDom,
    steps: Cell<usize>,
}

impl Counting {
    fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    /// A child's place in its parent is looked for from the front.
    fn count_siblings(&self, child: &Handle) {
        let parent = child.parent.take();
        let found = parent.as_ref().and_then(std::rc::Weak::upgrade);
        child.parent.set(parent);
        self.count(found.map_or(0, |parent| parent.children.borrow().len()));
    }
}

impl TreeSink for Counting {
    type Handle = Handle;
    type Output = usize;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> usize {
        self.steps.get()
    }

    fn parse_error(&self, _: Cow<'static, str>) {
        self.count(1);
    }

    fn get_document(&self) -> Handle {
        self.tree.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.count(1);
        self.tree.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.count(10 + attrs.len());
        self.tree.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.tree.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.tree.create_pi(target, data)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.count(1);
        self.tree.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        before: &Handle,
        child: NodeOrText<Handle>,
    ) {
        self.count_siblings(element);
        self.tree
            .append_based_on_parent_node(element, before, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.tree.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.tree.get_template_contents(target)
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.count(1);
        self.tree.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.count_siblings(sibling);
        self.tree.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let markup5ever_rcdom::NodeData::Element { attrs, .. } = &target.data {
            self.count(attrs.borrow().len());
        }
        self.tree.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.count_siblings(target);
        self.tree.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        self.count(node.children.borrow().len());
        self.tree.reparent_children(node, parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        self.tree.is_mathml_annotation_xml_integration_point(handle)
    }
}

fn steps(html: &str) -> usize {
    let name = QualName::new(None, ns!(html), local_name!("div"));
    parse_fragment(
        Counting::default(),
        ParseOpts::default(),
        name,
        Vec::new(),
        false,
    )
    .one(html)
}

const TAGS: &str = "p b i a font nobr table tr td th tbody caption colgroup col ul li span h1 div svg math \
    mtext foreignObject style script noscript template title textarea select option optgroup button \
    marquee object form input img br hr details dd dt body html frameset ruby rt em custom-x \
    annotation-xml desc image plaintext isindex address pre";

/// One to four pieces that are repeated.
fn unit() -> impl Strategy<Value = String> {
    let names = prop::sample::select(TAGS.split_ascii_whitespace().collect::<Vec<_>>());
    let attributes = prop::sample::select(vec!["", "", "", " a", " a=1 b=2", " href=/x", "/"]);
    let texts = prop::sample::select(vec![
        "a",
        "a",
        " ",
        "<!---->",
        "<!x>",
        "<",
        "</",
        "\0",
        "<![CDATA[",
    ]);
    let piece = prop_oneof![
        // The number sign becomes the number of the repetition, so that no two tags are the same.
        5 => (names.clone(), attributes).prop_map(|(name, attribute)| format!("<{name}{attribute}>")),
        1 => names.clone().prop_map(|name| format!("<{name} c#>")),
        3 => names.prop_map(|name| format!("</{name}>")),
        2 => texts.prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

fn repeated(units: &[String], count: usize) -> String {
    let one = |unit: &String| {
        (0..count)
            .map(|n| unit.replace('#', &n.to_string()))
            .collect::<String>()
    };
    units.iter().map(one).collect()
}

/// What of a measure is not in proportion to the length, when a pattern gets twice as long.
fn excess(measure: impl Fn(&str) -> usize, units: &[String], count: usize) -> usize {
    let [once, twice] = [count, 2 * count].map(|count| measure(&repeated(units, count)));
    twice.saturating_sub(2 * once)
}

/// Repetitions, and steps for each piece that may come and go with them.
const COUNT: usize = 120;
const SLACK: usize = 60 * COUNT;

fn check(units: &[String]) -> Result<(), TestCaseError> {
    let (walked, foreseen) = (excess(steps, units, COUNT), excess(html_cost, units, COUNT));
    prop_assert!(
        walked <= foreseen + SLACK,
        "{walked} steps, {foreseen} foreseen: {units:?}"
    );
    let html = repeated(units, COUNT);
    let (all, estimated) = (steps(&html), html_cost(&html));
    prop_assert!(
        all <= estimated + SLACK,
        "{all} steps, {estimated} estimated: {units:?}"
    );
    Ok(())
}

proptest! {
    #[test]
    fn fuzz_html_steps_are_foreseen(units in prop::collection::vec(unit(), 1..4)) {
        check(&units)?;
    }
}

#[test]
fn what_was_found_costly_is_foreseen() {
    for units in [
        vec!["<table>", "<br>"],
        vec!["<table>", "a<p>"],
        vec!["<table><tr>a"],
        vec!["<html a#>"],
        vec!["<b><p>"],
        vec!["<font a#>", "<p>a"],
        vec!["<div>", "</b>"],
        vec!["<a href=x><div>", "</a>"],
        vec!["<select><option>"],
        vec!["<svg><g>", "<p>"],
        vec!["<table><tr><td><table>", "a"],
        vec!["<li><dd>"],
        vec!["<table></b></table>", "<td>a"],
    ] {
        let units: Vec<String> = units.into_iter().map(str::to_owned).collect();
        check(&units).unwrap();
    }
}
