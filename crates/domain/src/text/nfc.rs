//! Canonical form and character checks for every text that enters the system.
//!
//! Not for rewriting spelling: tone placement and i/y stay as the writer typed them.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in Unicode normal form C, the form TCVN 6909 text is stored in.
pub fn nfc(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

/// The first character that has no place in stored text, if there is one.
///
/// These are control characters other than tab and line ends, code points that are never
/// characters, and the bidirectional controls that can make text read differently from what
/// it says.
pub fn forbidden_char(text: &str) -> Option<char> {
    text.chars().find(|&c| is_forbidden(c))
}

/// Whether one character is among those [`forbidden_char`] looks for.
pub(super) fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE,
    }
}

/// Whether the text holds no line break and no tab.
pub fn single_line(text: &str) -> bool {
    !text.contains([
        '\t', '\n', '\u{B}', '\u{C}', '\r', '\u{85}', '\u{2028}', '\u{2029}',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("o\u{323}\u{302}", "ộ")]
    #[case("o\u{302}\u{323}", "ộ")]
    #[case("Đường", "Đường")]
    #[case("", "")]
    fn composes(#[case] input: &str, #[case] expected: &str) {
        assert_eq!(nfc(input), expected);
    }

    #[rstest]
    #[case("Xã Hải Lý\n\tthôn 1\r\n", None)]
    #[case("a\0b", Some('\0'))]
    #[case("a\u{1b}b\0", Some('\u{1b}'))]
    #[case("a\u{7f}", Some('\u{7f}'))]
    #[case("a\u{85}", Some('\u{85}'))]
    #[case("a\u{fffe}", Some('\u{fffe}'))]
    #[case("a\u{10ffff}", Some('\u{10ffff}'))]
    #[case("a\u{fdd0}", Some('\u{fdd0}'))]
    #[case("a\u{202e}gpj.exe", Some('\u{202e}'))]
    #[case("a\u{2067}b", Some('\u{2067}'))]
    #[case("\u{fffd}\u{200b}", None)]
    fn finds_forbidden(#[case] input: &str, #[case] expected: Option<char>) {
        assert_eq!(forbidden_char(input), expected);
    }

    #[rstest]
    #[case("Ủy ban nhân dân", true)]
    #[case("a\nb", false)]
    #[case("a\tb", false)]
    #[case("a\rb", false)]
    #[case("a\u{2028}b", false)]
    fn knows_single_lines(#[case] input: &str, #[case] expected: bool) {
        assert_eq!(single_line(input), expected);
    }
}
