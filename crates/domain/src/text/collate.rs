//! Sort keys: strings whose plain byte order is the Vietnamese dictionary order.
//!
//! A database sorts them with the C collation, the same everywhere. Not for equality or search:
//! a key ignores case, treats all punctuation alike and is bounded in length.

use super::fold::{is_diacritic, letters};

/// The alphabet of CLDR `vi`, in order. Each letter has its own primary weight.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
/// Printable weights for [`ALPHABET`], above the digits and in byte order.
const LETTER_WEIGHTS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";
/// Parts two levels of a key; lower than every weight, so that a shorter text sorts first.
const LEVEL: char = '!';
const SPACE: &str = "#";
const PUNCTUATION: char = '$';
/// Starts the hexadecimal code point of a letter from another script; above every letter.
const OTHER: char = 'z';

/// The key of a text: letters first, tones (ngang, huyền, hỏi, ngã, sắc, nặng) after the whole
/// text, case not at all. ASCII, at most 200 bytes.
pub fn sort_key(text: &str) -> String {
    let mut key = Key::new(120, 79);
    key.push_text(text);
    key.finish()
}

/// The key of a person's name: the given name, which Vietnamese writes last, then the full name.
///
/// ASCII, at most 200 bytes.
pub fn person_sort_key(name: &str) -> String {
    let mut given = Key::new(40, 20);
    given.push_text(name.split_whitespace().next_back().unwrap_or_default());
    let mut full = Key::new(86, 51);
    full.push_text(name);
    format!("{}{LEVEL}{}", given.finish(), full.finish())
}

/// A key in the making: one primary weight and one tone digit for each element of the text.
struct Key {
    primary: String,
    tones: String,
    primary_max: usize,
    tones_max: usize,
}

impl Key {
    fn new(primary_max: usize, tones_max: usize) -> Self {
        Self {
            primary: String::new(),
            tones: String::new(),
            primary_max,
            tones_max,
        }
    }

    /// Adds a text; runs of white space count as one space, outer ones not at all.
    fn push_text(&mut self, text: &str) {
        let mut rest = letters(text).peekable();
        let mut space_due = false;
        while let Some(base) = rest.next() {
            let mut marks = Marks::default();
            while let Some(mark) = rest.next_if(|&c| is_diacritic(c)) {
                marks.add(base, mark);
            }
            if base.is_whitespace() {
                space_due = !self.primary.is_empty();
                continue;
            }
            let fits = (!space_due || self.push(SPACE, '0'))
                && self.push(&weight(marks.letter.unwrap_or(base)), marks.tone());
            if !fits {
                return;
            }
            space_due = false;
        }
    }

    /// Adds one element; false when the key is full.
    fn push(&mut self, weight: &str, tone: char) -> bool {
        if self.primary.len() + weight.len() > self.primary_max {
            return false;
        }
        self.primary += weight;
        if self.tones.len() < self.tones_max {
            self.tones.push(tone);
        }
        true
    }

    fn finish(self) -> String {
        format!(
            "{}{LEVEL}{}",
            self.primary,
            self.tones.trim_end_matches('0')
        )
    }
}

/// What the marks after one base letter make of it.
#[derive(Default)]
struct Marks {
    letter: Option<char>,
    tone: Option<char>,
    foreign: bool,
}

impl Marks {
    fn add(&mut self, base: char, mark: char) {
        let letter = match (base, mark) {
            ('a', '\u{306}') => Some('ă'),
            ('a', '\u{302}') => Some('â'),
            ('e', '\u{302}') => Some('ê'),
            ('o', '\u{302}') => Some('ô'),
            ('o', '\u{31B}') => Some('ơ'),
            ('u', '\u{31B}') => Some('ư'),
            _ => None,
        };
        let tone = match mark {
            '\u{300}' => Some('1'),
            '\u{309}' => Some('2'),
            '\u{303}' => Some('3'),
            '\u{301}' => Some('4'),
            '\u{323}' => Some('5'),
            _ => None,
        };
        match (letter, tone) {
            (Some(_), _) if self.letter.is_none() => self.letter = letter,
            (_, Some(_)) if self.tone.is_none() => self.tone = tone,
            _ => self.foreign = true,
        }
    }

    fn tone(&self) -> char {
        self.tone.unwrap_or(if self.foreign { '6' } else { '0' })
    }
}

/// The primary weight of one letter, digit or sign.
fn weight(c: char) -> String {
    let vietnamese = ALPHABET.chars().zip(LETTER_WEIGHTS.chars());
    if let Some((_, weight)) = vietnamese.into_iter().find(|&(letter, _)| letter == c) {
        weight.into()
    } else if c.is_ascii_digit() {
        c.into()
    } else if c.is_alphanumeric() {
        format!("{OTHER}{:06x}", u32::from(c))
    } else {
        PUNCTUATION.into()
    }
}
