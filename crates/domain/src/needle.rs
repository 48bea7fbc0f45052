//! Finding a text that is to go, wherever an entry may hold it.
//!
//! Not for search: nothing is ranked, and diacritics count. What is found is shown to a second person
//! before anything happens, so rather too much is found than too little.

use serde_json::Value;

use crate::text;

/// Fewer characters would be found everywhere.
const SHORTEST: usize = 4;

/// A text to be found.
#[derive(Clone)]
pub struct Needle {
    words: String,
    slug: Option<String>,
}

impl Needle {
    /// None for a text of fewer than four characters.
    pub fn new(text: &str) -> Option<Self> {
        let words = normal(text);
        let long_enough = |text: &str| text.chars().count() >= SHORTEST;
        long_enough(&words).then(|| Self {
            slug: text::slugify(&words).filter(|slug| long_enough(slug)),
            words,
        })
    }

    /// Whether a text holds it; a text with markup, also when the markup stands in between.
    pub fn is_in(&self, text: &str) -> bool {
        normal(text).contains(&self.words)
            || (text.contains(['<', '&']) && normal(&text::plain_text(text)).contains(&self.words))
    }

    /// Whether a slug spells it.
    pub fn is_in_slug(&self, slug: &str) -> bool {
        self.slug.as_ref().is_some_and(|own| slug.contains(own)) || self.is_in(slug)
    }

    /// JSON Pointers of the texts of a stored snapshot that hold it.
    pub fn places(&self, snapshot: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.walk("", snapshot, &mut found);
        found.sort();
        found
    }

    fn walk(&self, pointer: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                if self.is_in(text) || (pointer == "/slug" && self.is_in_slug(text)) {
                    found.push(pointer.to_owned());
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(&format!("{pointer}/{index}"), item, found);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.walk(&format!("{pointer}/{name}"), member, found);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Normal form, lower case, one space between words.
fn normal(text: &str) -> String {
    let lower = text::nfc(text).to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn needle(text: &str) -> Needle {
        Needle::new(text).unwrap()
    }

    #[test]
    fn case_form_spaces_and_markup_make_no_difference() {
        let own = needle("  Số  036097\n001234 ");
        for text in [
            "số 036097 001234",
            "<p>Ông A, SỐ <b>036097</b>&nbsp;001234.</p>",
            "So\u{302}\u{301} 036097\u{a0}001234",
        ] {
            assert!(own.is_in(text), "{text}");
        }
        assert!(!own.is_in("so 036097 001234"), "diacritics count");
        assert!(needle("036097001234").is_in("<p>036<b>097</b>001234</p>"));
    }

    #[test]
    fn what_is_too_short_is_refused() {
        for text in ["", "   ", "abc", " a  b "] {
            assert!(Needle::new(text).is_none(), "{text}");
        }
    }

    #[test]
    fn places_are_named_and_slugs_are_spelt() {
        let snapshot = json!({"title": "Ông Trần Văn Mẫu", "slug": "ong-tran-van-mau-2", "tags": ["x", "trần văn mẫu"],
            "content": {"body": "<p>Trần <i>Văn Mẫu</i></p>"}, "summary": null});
        let found = needle("Trần Văn Mẫu").places(&snapshot);
        assert_eq!(found, ["/content/body", "/slug", "/tags/1", "/title"]);
        assert!(needle("Trần Văn Nọ").places(&snapshot).is_empty());
    }
}
