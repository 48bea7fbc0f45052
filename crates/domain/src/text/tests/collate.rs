//! Sort keys: known lists in dictionary order, and properties of every key.

use crate::text::{nfc, person_sort_key, sort_key};
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case::letters(&["", "(a)", "1", "2", "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g",
    "h", "i", "j", "k", "l", "m", "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v",
    "w", "x", "y", "z", "日"])]
#[case::tones(&["ma", "mà", "mả", "mã", "má", "mạ", "mä", "man", "màn", "mán", "mạn", "măn"])]
#[case::words(&["an", "An Bình", "An Dương", "Ân Thi", "Bà Rịa", "Ba Vì", "Da", "đa", "đá",
    "em", "êm", "Hai Lý", "Hải Lý", "Hải Lý 2", "Hải Lýa", "Hải Minh", "o", "ôn", "ơn", "ung",
    "ưng", "Xuân Bắc", "Xuân Trường", "Ý Yên"])]
#[case::tone_is_after_the_whole_text(&["mả an", "ma bình", "mà bình"])]
#[case::numbers(&["Thôn 1", "Thôn 2", "Thôn Bắc"])]
fn keeps_dictionary_order(#[case] sorted: &[&str]) {
    let mut shuffled: Vec<&str> = sorted.iter().rev().copied().collect();
    shuffled.sort_by_cached_key(|word| sort_key(word));
    assert_eq!(shuffled, sorted);
}

#[test]
fn sorts_people_by_given_name() {
    let sorted = [
        "Trần Văn An",
        "Lê Thị Ánh",
        "Nguyễn Ân",
        "Phạm Văn Bình",
        "Đỗ Văn Dũng",
        "Lê Thị Đào",
        "Ngô Thị Ha",
        "Bùi Thị Hà",
        "Đỗ Thị Hà",
        "Nguyễn Thị Hà",
        "Nguyễn Văn Hà",
        "An Thị Hoa",
        "Vũ Thị Yến",
    ];
    let mut shuffled = sorted;
    shuffled.reverse();
    shuffled.sort_by_cached_key(|name| person_sort_key(name));
    assert_eq!(shuffled, sorted);
}

#[rstest]
#[case("HẢI LÝ", "Hải Lý")]
#[case("  Hải \u{a0} Lý ", "Hải Lý")]
#[case("Ðường", "Đường")]
#[case("o\u{302}\u{323}", "ộ")]
fn makes_these_equal(#[case] left: &str, #[case] right: &str) {
    assert_eq!(sort_key(left), sort_key(right));
}

proptest! {
    #[test]
    fn keys_are_short_ascii(text in "\\PC{0,300}") {
        for key in [sort_key(&text), person_sort_key(&text)] {
            prop_assert!(key.len() <= 200);
            prop_assert!(key.bytes().all(|b| b.is_ascii_graphic()));
        }
        prop_assert_eq!(sort_key(&text), sort_key(&nfc(&text)));
    }

    #[test]
    fn a_prefix_sorts_first(text in "[a-zđăơ ]{0,30}[a-z]", more in "[a-z0-9ệ]{1,10}") {
        let longer = format!("{text}{more}");
        prop_assert!(sort_key(&text) < sort_key(&longer));
    }
}
