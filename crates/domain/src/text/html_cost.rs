//! What cleaning a piece of HTML would cost, estimated in one pass over it, before any parser sees it.
//!
//! Most markup takes time in proportion to its length. What does not is counted here: open elements
//! that are walked for each tag, formatting that is opened again, attributes that are compared in
//! pairs, content that is moved out of tables, characters that the serialiser looks for to the end
//! of the text. Not a parser and not for cleaning: it only estimates, never below the truth by
//! design. Tests compare it with steps and allocations counted in the parser.

use super::html_attributes::Attributes;
use super::html_reading::{Reading, ends_comment, name, read_on};
use super::slug::cut;

/// Nanoseconds, roughly, that cleaning may take on the machine of docs/adr/0019, all passes together.
const BUDGET: usize = 500_000_000;

/// Most attributes of one tag.
const ATTRIBUTES_MAX: usize = 200;

/// A tag: its element, its place in the tree, reading and writing it.
const TAG: usize = 1_500;
/// A `<` that starts no tag: it goes with a comment or a script, or stays as text, escaped.
const STRAY: usize = 800;
/// An attribute.
const ATTRIBUTE: usize = 500;
/// One step along the open elements.
const STEP: usize = 5;
/// An element that is opened again.
const REOPENING: usize = 2_500;
/// A character reference, or a character that may have to be escaped.
const SPECIAL: usize = 200;
/// Bytes that the serialiser looks through in a nanosecond.
const BYTES_LOOKED_THROUGH: usize = 40;

/// Elements that never lie open: they have no content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements that cannot nest without another one, which is counted, in between.
const SELF_ENDING: &[&str] = &[
    "caption", "colgroup", "p", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Elements of lists. One ends another of its kind that was opened last, but `li` and `dd` nest in
/// each other without end.
const ITEMS: &[&str] = &["dd", "dt", "li"];

/// Elements whose end ends an item that was opened last in them.
const LISTS: &[&str] = &["dir", "div", "dl", "menu", "ol", "ul"];

/// Elements the parser copies into every later block while they lie open, which costs memory.
const REOPENED: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements that tables are made of. Between them there is no place for content: the parser moves
/// it in front of the table, whose place it looks for among all that stands there.
const TABLE_PARTS: &[&str] = &["colgroup", "table", "tbody", "tfoot", "thead", "tr"];

/// Elements of tables that do have a place for content.
const CELLS: &[&str] = &["caption", "td", "th"];

/// Why a piece of HTML is not worth its cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// A tag has too many attributes.
    Attributes,
    /// Reading it takes too long.
    Work,
}

impl Excess {
    /// The same in words.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::Attributes => "at most 200 attributes on one tag",
            Self::Work => {
                "too many tags, too many of them open at once, or too much between the cells of a table"
            }
        }
    }
}

/// Why the HTML must not be parsed, if it must not.
pub fn html_excess(html: &str) -> Option<Excess> {
    let mut gauge = Gauge::of(html);
    let lower = html.to_ascii_lowercase();
    for piece in lower.split('<').skip(1) {
        if let Err(excess) = gauge.take(piece) {
            return Some(excess);
        }
    }
    (gauge.cost > BUDGET).then_some(Excess::Work)
}

/// The whole estimate, in nanoseconds roughly, however large: for comparing it with what was counted.
pub fn html_cost(html: &str) -> usize {
    let mut gauge = Gauge::of(html);
    let lower = html.to_ascii_lowercase();
    for piece in lower.split('<').skip(1) {
        // What is beyond the limits goes on costing.
        gauge.take(piece).unwrap_or_default();
    }
    gauge.cost
}

/// The estimate so far.
struct Gauge<'a> {
    cost: usize,
    /// What each tag to come costs for the elements that lie open.
    load: usize,
    /// Elements that may lie open, each with its part of the load.
    open: Vec<(&'a str, usize)>,
    reading: Reading,
    attributes: Attributes,
    /// Pieces so far: as many nodes at least could stand in front of a table.
    nodes: usize,
    /// Whether content could be moved out of a table.
    between_cells: bool,
    /// Attributes of `html` and `body`, which are gathered on one element.
    root_attributes: usize,
}

impl<'a> Gauge<'a> {
    fn of(html: &str) -> Self {
        let specials = html.bytes().filter(|&b| b == b'&' || b == 0xC2).count();
        let letters = letter_references(html);
        let special = SPECIAL + html.len() / BYTES_LOOKED_THROUGH;
        let cost = specials.saturating_sub(letters).saturating_mul(special) + letters * SPECIAL;
        Self {
            cost,
            load: 0,
            open: Vec::new(),
            reading: Reading::Markup,
            attributes: Attributes::default(),
            nodes: 0,
            between_cells: false,
            root_attributes: 0,
        }
    }

    /// Counts what follows a `<`, up to the next one.
    fn take(&mut self, piece: &'a str) -> Result<(), Excess> {
        let name = name(piece);
        self.cost += STRAY;
        match &self.reading {
            Reading::Comment if ends_comment(piece) => {
                self.reading = Reading::Markup;
                return Ok(());
            }
            Reading::RawText(element) if piece.starts_with('/') && element == name => {
                self.reading = Reading::Markup;
            }
            // Inside a script a comment changes what ends the script.
            Reading::RawText(element) if element == "script" && piece.starts_with("!--") => {
                self.reading = Reading::Doubt;
            }
            Reading::Comment | Reading::RawText(_) => return Ok(()),
            Reading::Markup | Reading::Doubt => {}
        }
        self.nodes += 1;
        let attributes = self.attributes.take(piece);
        if attributes.most > ATTRIBUTES_MAX {
            return Err(Excess::Attributes);
        }
        self.weigh(piece, name, attributes.begun);
        if self.cost > BUDGET {
            return Err(Excess::Work);
        }
        Ok(())
    }

    fn weigh(&mut self, piece: &'a str, name: &'a str, attributes: usize) {
        let starts = piece.starts_with(|c: char| c.is_ascii_alphabetic());
        if starts && !VOID.contains(&name) && !SELF_ENDING.contains(&name) {
            let believed = matches!(self.reading, Reading::Markup);
            if believed && self.last().is_some_and(|last| ends_item(last, name)) {
                self.close();
            }
            let weight = weight(name, attributes);
            self.open.push((name, weight));
            self.load += weight;
        }
        if matches!(self.reading, Reading::Markup) {
            self.reading = read_on(piece, name);
            if matches!(self.reading, Reading::RawText(_)) {
                self.close();
            } else if piece.starts_with('/') {
                self.end(name);
            }
        }
        let is_tag = !name.is_empty() || piece.starts_with(['/', '!', '?']);
        let own = if is_tag { TAG - STRAY } else { 0 };
        let mut cost = own + attributes * ATTRIBUTE + self.load;
        if starts && matches!(name, "html" | "body") {
            self.root_attributes += attributes;
            cost += self.root_attributes * ATTRIBUTE;
        }
        if self.leaves_table(piece, name) {
            cost = cost.saturating_add(self.nodes * 2);
        }
        self.cost = self.cost.saturating_add(cost);
    }

    fn last(&self) -> Option<&'a str> {
        self.open.last().map(|(name, _)| *name)
    }

    fn close(&mut self) {
        self.load -= self.open.pop().map_or(0, |(_, weight)| weight);
    }

    /// Believes an end tag where it can mean nothing else.
    fn end(&mut self, name: &str) {
        if let [.., (list, _), (item, _)] = self.open.as_slice()
            && *list == name
            && LISTS.contains(&name)
            && ITEMS.contains(item)
        {
            self.close();
        }
        if self.last() == Some(name) {
            self.close();
        }
    }

    /// Whether the parser may have to find the place in front of a table for the tag, or for the text
    /// behind it.
    fn leaves_table(&mut self, piece: &str, name: &str) -> bool {
        let doubt = matches!(self.reading, Reading::Doubt);
        let is_part = TABLE_PARTS.contains(&name) || CELLS.contains(&name);
        let before = self.between_cells;
        if is_part {
            let ends = piece.starts_with('/');
            let inside = if ends {
                name == "table"
            } else {
                CELLS.contains(&name)
            };
            self.between_cells = !inside || (doubt && self.between_cells);
        }
        let text = piece.split_once('>').map_or("", |(_, text)| text);
        let has_text = !text.trim_matches(is_html_space).is_empty();
        (before && !is_part) || (self.between_cells && has_text)
    }
}

/// Whether an item ends with the start of another one.
fn ends_item(item: &str, next: &str) -> bool {
    item == next && item == "li" || matches!((item, next), ("dd" | "dt", "dd" | "dt"))
}

fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{C}' | '\r')
}

/// How many references stand for letters, as texts of the time before UTF-8 are full of: these are
/// never escaped again.
fn letter_references(html: &str) -> usize {
    html.match_indices('&')
        .filter_map(|(at, _)| html.get(at + 1..))
        // Looking further for an end would take long by itself.
        .filter_map(|rest| cut(rest, 9).split_once(';'))
        .filter(|(name, _)| is_letter(name))
        .count()
}

/// Whether a reference of this name is a character above those that may be escaped.
fn is_letter(name: &str) -> bool {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.is_ok_and(|code| code > 0xBF);
    }
    let mut letters = name.chars();
    let vowel = letters.next().is_some_and(|c| "aeiouAEIOU".contains(c));
    vowel && matches!(letters.as_str(), "grave" | "acute" | "circ")
}

/// What an open element adds to the cost of each tag after it.
fn weight(name: &str, attributes: usize) -> usize {
    if REOPENED.contains(&name) {
        REOPENING + attributes * ATTRIBUTE
    } else {
        STEP
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
    #[case::items("<ul><li>a<li><b>b</b></ul><dl><dt>a<dd>b</dl>", false)]
    #[case::items_in_items("<li><dd>", true)]
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
        assert_eq!(html_excess(&repeated.repeat(20_000)).is_some(), expected);
    }
}
