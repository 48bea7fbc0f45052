//! A password as somebody who guesses it sees it: without marks and case, with the signs that stand for
//! letters read as such, and with words taken out of it.
//!
//! Not for which words, nor for how much has to be left.

use loa_domain::text::fold;

/// More of a password is not looked at: folding makes some characters many.
const LONGEST: usize = 128;
/// Longer words are cut off: so many letters are one mask.
const WORD: usize = 64;

/// A folded password.
pub(super) struct PasswordText {
    chars: Vec<char>,
    taken: Vec<bool>,
}

impl PasswordText {
    pub(super) fn new(password: &str) -> Self {
        let chars: Vec<char> = fold(password).chars().take(LONGEST).collect();
        let taken = vec![false; chars.len()];
        Self { chars, taken }
    }

    /// Takes a word out wherever it stands; `word` is folded and has letters and digits only.
    pub(super) fn take_out(&mut self, word: &str) {
        let word: Vec<char> = word.chars().take(WORD).collect();
        for start in 0..self.chars.len() {
            let rest = self.chars.get(start..).unwrap_or_default();
            if let Some(length) = begins_with(rest, &word) {
                for taken in self.taken.iter_mut().skip(start).take(length) {
                    *taken = true;
                }
            }
        }
    }

    /// What is left.
    pub(super) fn rest(&self) -> String {
        self.chars
            .iter()
            .zip(&self.taken)
            .filter_map(|(c, taken)| (!taken).then_some(*c))
            .collect()
    }
}

/// The length of the text at the beginning that reads as the word. Whatever is no letter may stand
/// between its letters, and some of it may stand for one.
fn begins_with(text: &[char], word: &[char]) -> Option<usize> {
    let last = 1_u64.checked_shl(u32::try_from(word.len().checked_sub(1)?).ok()?)?;
    // Bit n is set where the text so far reads as the first n+1 letters.
    let mut read = 0_u64;
    for (at, c) in text.iter().enumerate() {
        let mut fits = 0_u64;
        for (n, letter) in word.iter().enumerate() {
            if reads_as(*c, *letter) {
                fits |= 1 << n;
            }
        }
        let begun = u64::from(at == 0);
        let stays = if c.is_alphabetic() { 0 } else { read };
        read = (((read << 1) | begun) & fits) | stays;
        if read & last != 0 {
            return Some(at + 1);
        }
        if read == 0 {
            return None;
        }
    }
    None
}

/// Whether a character is a letter or stands for it.
fn reads_as(c: char, letter: char) -> bool {
    c == letter
        || match c {
            '@' | '4' => letter == 'a',
            '0' => letter == 'o',
            '1' | '!' | '|' => letter == 'i' || letter == 'l',
            '3' => letter == 'e',
            '5' | '$' => letter == 's',
            '7' | '+' => letter == 't',
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(password: &str, words: &[&str]) -> String {
        let mut text = PasswordText::new(password);
        for word in words {
            text.take_out(word);
        }
        text.rest()
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        for (password, left) in [
            ("Mật khẩu 2026", " 2026"),
            ("M@tkh4u-x", "-x"),
            ("m.a.t.k.h.a.u", ""),
            ("m1a2tkhau", ""),
            ("matkhaumatkhau", ""),
            ("matkhamatkhau", "matkha"),
            ("mtkhau", "mtkhau"),
            ("ｍａｔｋｈａｕ!", "!"),
            ("", ""),
        ] {
            assert_eq!(rest(password, &["matkhau"]), left, "{password}");
        }
        assert_eq!(rest("P@ssw0rd", &["password"]), "");
        assert_eq!(rest("L0@-@dm1n", &["loa", "admin"]), "");
        assert_eq!(rest("pass@admin", &["password", "admin"]), "pass@");
        assert_eq!(rest("abc", &["", "abcd", "c"]), "ab");
    }

    #[test]
    fn words_that_overlap_are_both_taken_out() {
        assert_eq!(rest("haitienninhbinh", &["haitien", "tienninh"]), "binh");
    }

    #[test]
    fn no_text_is_longer_than_its_bound() {
        let grown = rest(&"\u{fdfa}".repeat(128), &["x"]);
        assert_eq!(grown.chars().count(), LONGEST);
        let long = "a".repeat(200);
        assert_eq!(rest(&"a".repeat(64), &[&long]), "");
    }
}
