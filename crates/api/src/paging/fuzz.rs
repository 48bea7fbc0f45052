//! Cursors, at random: what was not sealed here does not open, and nothing breaks trying.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loa_app::Secrets;
use loa_domain::paging::Key;
use proptest::prelude::*;

use super::{ListIdentity, open, seal};

const LIST: &str = "/api/v1/sites/hai-tien/articles";

const SECRET: &str = "a secret for these tests, and nothing else";

fn secrets() -> Secrets {
    static OWN: LazyLock<Secrets> = LazyLock::new(|| Secrets::new(SECRET, None).unwrap());
    OWN.clone()
}

fn of(route: &str, sort: &'static str, filters: &str) -> ListIdentity {
    ListIdentity::new(route, sort, filters)
}

fn list() -> ListIdentity {
    of(LIST, "title", "()")
}

fn opens(cursor: &str, list: &ListIdentity) -> bool {
    open(cursor, "page[after]", list, &secrets()).is_ok()
}

fn key() -> impl Strategy<Value = Key> {
    (any::<String>(), any::<String>()).prop_map(|(key, id)| Key { key, id })
}

proptest! {
    #[test]
    fn fuzz_cursor_round_trips_and_is_safe_in_a_url(key in key()) {
        let cursor = seal(&key, &list(), &secrets());
        prop_assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(open(&cursor, "page[after]", &list(), &secrets()).ok(), Some(key));
    }

    #[test]
    fn fuzz_cursor_of_any_text_is_refused(cursor in any::<String>()) {
        prop_assert!(!opens(&cursor, &list()));
    }

    #[test]
    fn fuzz_cursor_of_any_bytes_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!opens(&URL_SAFE_NO_PAD.encode(bytes), &list()));
    }

    #[test]
    fn fuzz_cursor_with_a_turned_bit_is_refused(key in key(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = URL_SAFE_NO_PAD.decode(seal(&key, &list(), &secrets())).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(!opens(&URL_SAFE_NO_PAD.encode(bytes), &list()));
    }

    #[test]
    fn fuzz_cursor_with_another_letter_is_refused(key in key(), at in any::<prop::sample::Index>(), other in any::<char>()) {
        let cursor = seal(&key, &list(), &secrets());
        let mut letters: Vec<char> = cursor.chars().collect();
        let at = at.index(letters.len());
        letters[at] = other;
        let changed: String = letters.into_iter().collect();
        prop_assert_eq!(opens(&changed, &list()), changed == cursor);
    }

    #[test]
    fn fuzz_cursor_that_is_longer_or_shorter_is_refused(key in key(), more in "[A-Za-z0-9_=-]{1,8}", less in 1_usize..40) {
        let cursor = seal(&key, &list(), &secrets());
        let (after, before) = (format!("{cursor}{more}"), format!("{more}{cursor}"));
        prop_assert!(!opens(&after, &list()));
        prop_assert!(!opens(&before, &list()));
        let kept = cursor.len().saturating_sub(less);
        prop_assert!(!opens(&cursor[..kept], &list()));
    }

    #[test]
    fn fuzz_cursor_fits_its_own_list_only(key in key(), route in any::<String>(), filters in any::<String>()) {
        let cursor = seal(&key, &of(&route, "title", &filters), &secrets());
        prop_assert!(opens(&cursor, &of(&route, "title", &filters)));
        prop_assert!(!opens(&cursor, &of(&route, "-title", &filters)));
        prop_assert!(!opens(&cursor, &of(&(route.clone() + "/"), "title", &filters)));
        prop_assert!(!opens(&cursor, &of(&route, "title", &(filters.clone() + " "))));
    }

    #[test]
    fn fuzz_cursor_of_another_secret_is_refused(key in key(), secret in "[ -~]{40,60}") {
        prop_assume!(secret != SECRET);
        if let Ok(other) = Secrets::new(&secret, None) {
            prop_assert!(!opens(&seal(&key, &list(), &other), &list()));
            let turned = Secrets::new("a secret of the time after that one, long", Some(&secret)).unwrap();
            let cursor = seal(&key, &list(), &other);
            prop_assert!(open(&cursor, "page[after]", &list(), &turned).is_ok());
        }
    }
}
