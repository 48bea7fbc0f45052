//! The words of clean HTML, for search, feeds and summaries.
//!
//! Not for cleaning: it trusts its input to come from [`clean_html`](super::clean_html), where
//! every `<` starts a tag and every `>` ends one. Its output is text, never to be put into a
//! page unescaped.

/// Elements that start and end a line.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "blockquote", "br", "caption", "dd", "details", "dl", "dt", "figcaption", "figure", "h2",
    "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
];

/// The text of clean HTML: one line for each block, spaces between words, pictures by their
/// alternative text.
pub fn plain_text(html: &str) -> String {
    let mut lines = Lines::default();
    let mut pieces = html.split('<');
    lines.push(&decode(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/');
        let name = name.split_ascii_whitespace().next().unwrap_or_default();
        if BLOCKS.contains(&name) {
            lines.gap = Gap::Line;
        } else if matches!(name, "td" | "th") {
            lines.widen();
        } else if name == "img" {
            lines.widen();
            lines.push(&decode(alternative(tag)));
            lines.widen();
        }
        lines.push(&decode(text));
    }
    lines.text
}

/// What separates the next word from the text so far; the larger gap wins.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

/// Text in the making.
#[derive(Default)]
struct Lines {
    text: String,
    gap: Gap,
}

impl Lines {
    fn widen(&mut self) {
        if self.gap == Gap::None {
            self.gap = Gap::Space;
        }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.widen();
                continue;
            }
            match self.gap {
                _ if self.text.is_empty() => {}
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
            self.gap = Gap::None;
            self.text.push(c);
        }
    }
}

fn alternative(tag: &str) -> &str {
    tag.split_once(" alt=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("", |(value, _)| value)
}

/// Resolves the character references a serialiser writes, and numeric ones.
fn decode(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut output = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let reference = piece
            .split_once(';')
            .and_then(|(name, rest)| Some((character(name)?, rest)));
        if let Some((c, rest)) = reference {
            output.push(c);
            output += rest;
        } else {
            output.push('&');
            output += piece;
        }
    }
    output
}

fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{A0}'),
            _ => None,
        };
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean_html;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "")]
    #[case("<p>Một  hai\n ba</p><p>bốn</p>", "Một hai ba\nbốn")]
    #[case("<ul><li>một</li><li><b>h</b>ai</li></ul>cuối", "một\nhai\ncuối")]
    #[case("a<br>b&nbsp;c", "a\nb c")]
    #[case(
        "<p>1 &lt; 2 &amp;&amp; \"x\" &#7897; &#x1ED9;</p>",
        "1 < 2 && \"x\" ộ ộ"
    )]
    #[case("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;")]
    #[case("A&B; &#xFFFFFFFF; &", "A&B; &#xFFFFFFFF; &")]
    #[case(
        "<p>xem<img src=\"a.jpg\" alt=\"Cổng &quot;chào&quot;\">đây</p>",
        "xem Cổng \"chào\" đây"
    )]
    #[case("<img src=\"a.jpg\">", "")]
    #[case(
        "<table><tbody><tr><th>A</th><td>1</td></tr><tr><td>B</td></tr></tbody></table>",
        "A 1\nB"
    )]
    fn reads_text(#[case] html: &str, #[case] expected: &str) {
        assert_eq!(plain_text(html), expected);
    }

    proptest! {
        #[test]
        fn any_text_survives_escaping(text in "[a-zộ<>&\"'#;=]{0,40}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(plain_text(&clean_html(&escaped).html), text);
        }
    }
}
