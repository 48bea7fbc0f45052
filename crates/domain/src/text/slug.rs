//! Slugs: the readable part of an address, made from a title.
//!
//! Not for deciding whether a slug is free or reserved; whoever stores it knows that.

use super::fold::fold;

/// The longest slug, in bytes.
const MAX: usize = 96;

/// The slug for a title, or nothing when the title has no letter or digit to keep.
///
/// A title that is too long is cut between words when that keeps at least half of the room.
pub fn slugify(title: &str) -> Option<String> {
    let mut slug = String::new();
    for c in fold(title).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let whole = slug.trim_end_matches('-');
    let short = if whole.len() <= MAX {
        whole
    } else {
        // One byte more, so that a cut which falls just before a hyphen keeps the last word.
        match cut(whole, MAX + 1).rfind('-') {
            Some(at) if at >= MAX / 2 => cut(whole, at),
            _ => cut(whole, MAX),
        }
    };
    let short = short.trim_end_matches('-');
    (!short.is_empty()).then(|| short.to_owned())
}

/// Whether the text is a slug: it has the form, and at most 96 bytes.
pub fn is_slug(text: &str) -> bool {
    text.len() <= MAX && has_slug_form(text)
}

/// Whether the text has the form of a slug, `^[a-z0-9]+(-[a-z0-9]+)*$`. A longer one is nobody's slug,
/// but may be asked for.
pub fn has_slug_form(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// The slug with a number added, for the second and later uses of one title.
///
/// A slug is given and a slug comes back: a long one is shortened to leave room.
pub fn numbered(slug: &str, n: u32) -> String {
    let number = n.to_string();
    let base = cut(slug, MAX - number.len() - 1).trim_end_matches('-');
    if base.is_empty() {
        number
    } else {
        format!("{base}-{number}")
    }
}

/// The longest start of the text that is no longer than `max` bytes.
pub(super) fn cut(text: &str, max: usize) -> &str {
    (0..=max.min(text.len()))
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Đường về xã Hải Lý", Some("duong-ve-xa-hai-ly"))]
    #[case(
        "  Quyết định số 12/2025/QĐ-UBND (bản mới)! ",
        Some("quyet-dinh-so-12-2025-qd-ubnd-ban-moi")
    )]
    #[case("o\u{323}\u{302}", Some("o"))]
    #[case("--- ***", None)]
    #[case("東京", None)]
    #[case("", None)]
    fn makes_slugs(#[case] title: &str, #[case] expected: Option<&str>) {
        assert_eq!(slugify(title).as_deref(), expected);
    }

    #[test]
    fn cuts_between_words_when_possible() {
        let words = "thông báo ".repeat(20);
        let slug = slugify(&words).unwrap_or_default();
        assert_eq!(slug, ["thong-bao"; 10].join("-").get(..95).unwrap_or(""));
        assert_eq!(slugify(&"x".repeat(300)).map(|s| s.len()), Some(96));
        assert_eq!(
            slugify(&format!("a {}", "x".repeat(300))).map(|s| s.len()),
            Some(96)
        );
        let exact = format!("{} đuôi", "x".repeat(96));
        assert_eq!(slugify(&exact), Some("x".repeat(96)));
    }

    #[rstest]
    #[case("thong-bao", true)]
    #[case("2", true)]
    #[case("a--b", false)]
    #[case("-a", false)]
    #[case("a-", false)]
    #[case("A", false)]
    #[case("á", false)]
    #[case("", false)]
    fn knows_slugs(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_slug(text), expected);
    }

    #[rstest]
    #[case("thong-bao", 2, "thong-bao-2")]
    #[case("", 2, "2")]
    fn numbers(#[case] slug: &str, #[case] n: u32, #[case] expected: &str) {
        assert_eq!(numbered(slug, n), expected);
    }
}
