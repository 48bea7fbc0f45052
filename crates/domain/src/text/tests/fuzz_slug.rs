//! Slugs, at random: every title gives a valid one or none, and always the same.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::text::{is_slug, numbered, slugify};

/// Each letter of the Vietnamese alphabet with every tone, and what is left of it in an address.
const LETTERS: &[(&str, char)] = &[
    ("aàáảãạăằắẳẵặâầấẩẫậ", 'a'),
    ("dđ", 'd'),
    ("eèéẻẽẹêềếểễệ", 'e'),
    ("iìíỉĩị", 'i'),
    ("oòóỏõọôồốổỗộơờớởỡợ", 'o'),
    ("uùúủũụưừứửữự", 'u'),
    ("yỳýỷỹỵ", 'y'),
    ("bcfghjklmnpqrstvwxz0123456789", '\0'),
];

/// A letter as people write it, with what it becomes.
fn letter() -> impl Strategy<Value = (char, char)> {
    let all: Vec<(char, char)> = LETTERS
        .iter()
        .flat_map(|(letters, plain)| letters.chars().map(move |letter| (letter, *plain)))
        .map(|(letter, plain)| (letter, if plain == '\0' { letter } else { plain }))
        .collect();
    prop::sample::select(all)
}

/// Words of Vietnamese letters with the slug they have to give.
fn title() -> impl Strategy<Value = (String, String)> {
    let word = prop::collection::vec(letter(), 1..8);
    prop::collection::vec(word, 1..8).prop_map(|words| {
        let join = |pick: fn(&(char, char)) -> char, gap: &str| {
            let words: Vec<String> = words
                .iter()
                .map(|word| word.iter().map(pick).collect())
                .collect();
            words.join(gap)
        };
        (join(|pair| pair.0, " "), join(|pair| pair.1, "-"))
    })
}

proptest! {
    #[test]
    fn fuzz_slug_is_valid_or_none_for_any_text(title in any::<String>()) {
        if let Some(slug) = slugify(&title) {
            prop_assert!(is_slug(&slug) && slug.len() <= 96, "{}", slug);
            prop_assert_eq!(slugify(&slug), Some(slug.clone()));
            prop_assert_eq!(slugify(&title), Some(slug));
        }
    }

    #[test]
    fn fuzz_slug_of_vietnamese_has_every_letter((title, slug) in title()) {
        let whole = slugify(&title).unwrap();
        prop_assert_eq!(&whole, &slug);
        prop_assert_eq!(slugify(&title.nfd().collect::<String>()), Some(slug.clone()));
        prop_assert_eq!(slugify(&title.to_uppercase()), Some(slug.clone()));
        prop_assert_eq!(slugify(&format!(" «{title}»!? ")), Some(slug));
    }

    #[test]
    fn fuzz_slug_of_a_long_title_begins_it((title, slug) in title(), times in 1_usize..9) {
        let titles = vec![title; times].join(" ");
        let slugs = vec![slug; times].join("-");
        let cut = slugify(&titles).unwrap();
        prop_assert!(is_slug(&cut), "{}", cut);
        prop_assert!(slugs.starts_with(&cut), "{} {}", slugs, cut);
        prop_assert!(cut.len() == slugs.len() || cut.len() >= 48, "{}", cut);
    }

    #[test]
    fn fuzz_slug_numbers_are_valid_and_apart(slug in "[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,9}", n in any::<u32>(), m in any::<u32>()) {
        prop_assume!(slug.len() <= 96);
        let (first, second) = (numbered(&slug, n), numbered(&slug, m));
        prop_assert!(is_slug(&first), "{}", first);
        prop_assert_eq!(first == second, n == m);
    }

    #[test]
    fn fuzz_slug_form_is_what_it_says(text in "[a-zA-Zđ0-9 -]{0,100}|[a-z-]{0,6}") {
        let by_hand = !text.is_empty()
            && text.len() <= 96
            && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        prop_assert_eq!(is_slug(&text), by_hand);
    }
}
