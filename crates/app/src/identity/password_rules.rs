//! Which passwords are good enough.
//!
//! Twelve characters; eight letters that are left when marks, case and signs that stand for letters are
//! undone, and the words are taken out that belong to the person or that everybody tries; and what is left
//! takes many guesses. Digits are no letters, so years, dates and the numbers of identity cards and
//! telephones do not help. No demand for signs of certain kinds, which only makes people write them down.

use loa_domain::text::nfc;
use zxcvbn::{Score, zxcvbn};

use super::own_words::OwnWords;
use super::password_text::PasswordText;
use crate::Error;
use crate::error::Weakness;

const MIN: usize = 12;
/// More would only cost memory.
pub(super) const MAX: usize = 128;
/// Letters that have to be left.
const LETTERS: usize = 8;
/// The estimate grows with the square of the length; what is longer than this is strong by then or never.
const ESTIMATED: usize = 48;

/// Refuses a weak password; `pointer` is where it stood in the request.
pub(super) fn check(password: &str, own: &OwnWords, pointer: &'static str) -> Result<(), Error> {
    weakness(password, own).map_or(Ok(()), |why| Err(Error::WeakPassword { pointer, why }))
}

fn weakness(password: &str, own: &OwnWords) -> Option<Weakness> {
    // Nothing that long is worth normalising.
    if password.len() > MAX * 16 {
        return Some(Weakness::TooLong);
    }
    let length = nfc(password).chars().count();
    if length > MAX {
        return Some(Weakness::TooLong);
    }
    if length < MIN {
        return Some(Weakness::TooShort);
    }
    let mut text = PasswordText::new(password);
    for word in own.all() {
        text.take_out(word);
    }
    let rest = text.rest();
    if rest.chars().filter(|c| c.is_alphabetic()).count() < LETTERS {
        return Some(Weakness::OwnWords);
    }
    let rest: String = rest.chars().take(ESTIMATED).collect();
    let own: Vec<&str> = own.all().collect();
    (zxcvbn(&rest, &own).score() < Score::Three).then_some(Weakness::Guessable)
}
