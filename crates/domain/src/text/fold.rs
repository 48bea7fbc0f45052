//! Folding: the form of a text in which search and slugs ignore case and marks.
//!
//! Not for display and not for sorting; "ma", "má" and "mà" become the same here.

use unicode_normalization::UnicodeNormalization;

/// The text in lower case and without diacritics; `Đ` becomes `d`.
///
/// Text in NFC and text in NFD give the same result. Scripts that do not use Latin-style
/// diacritics keep their own marks.
pub fn fold(text: &str) -> String {
    letters(text)
        .filter(|&c| !is_diacritic(c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .nfc()
        .collect()
}

/// Lower-case letters, each followed by its marks, with look-alikes of `đ` made one letter.
///
/// `đ` has no decomposition, and older keyboards and converters wrote the Icelandic `Ð` or the
/// African `Ɖ` in its place, which look the same in capitals.
pub(super) fn letters(text: &str) -> impl Iterator<Item = char> {
    text.nfkd()
        .flat_map(char::to_lowercase)
        .flat_map(|c| match c {
            'ð' | 'ɖ' => ['đ', '\0'],
            'ı' => ['i', '\0'],
            'ł' => ['l', '\0'],
            'ø' => ['o', '\0'],
            'ß' => ['s', 's'],
            'æ' => ['a', 'e'],
            'œ' => ['o', 'e'],
            other => [other, '\0'],
        })
        .filter(|&c| c != '\0')
}

/// Whether the character is a mark of the kind put on Latin letters.
pub(super) fn is_diacritic(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("Đỗ Ước đi", "do uoc di")]
    #[case("ĐƯỜNG VỀ XÃ HẢI LÝ", "duong ve xa hai ly")]
    #[case("Ðường", "duong")]
    #[case("hòa thủy", "hoa thuy")]
    #[case("hoà thuỷ", "hoa thuy")]
    #[case("Nguyễn Thị Ệ", "nguyen thi e")]
    #[case("Zoë Ångström Ľ", "zoe angstrom l")]
    #[case("Straße Łódź", "strasse lodz")]
    #[case("ﬁle Ｈａ\u{a0}Nội", "file ha noi")]
    #[case("東京が", "東京が")]
    #[case("İstanbul", "istanbul")]
    fn folds(#[case] input: &str, #[case] expected: &str) {
        assert_eq!(fold(input), expected);
        assert_eq!(fold(expected), expected);
    }

    /// Every letter of the alphabet in every tone, in both cases.
    #[test]
    fn folds_all_vietnamese_vowels() {
        for (plain, family) in [
            ('a', "aàảãáạăằẳẵắặâầẩẫấậ"),
            ('e', "eèẻẽéẹêềểễếệ"),
            ('i', "iìỉĩíị"),
            ('o', "oòỏõóọôồổỗốộơờởỡớợ"),
            ('u', "uùủũúụưừửữứự"),
            ('y', "yỳỷỹýỵ"),
            ('d', "dđ"),
        ] {
            let expected: String = family.chars().map(|_| plain).collect();
            assert_eq!(fold(family), expected);
            assert_eq!(fold(&family.to_uppercase()), expected);
        }
    }

    proptest! {
        #[test]
        fn normal_form_makes_no_difference(text in "\\PC{0,40}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn vietnamese_folds_to_ascii(text in "[a-zA-ZàảãáạăằẳẵắặâầẩẫấậđĐƠỜỢƯỨỰỆỘ ]{0,40}") {
            let folded = fold(&text);
            prop_assert!(folded.is_ascii());
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
