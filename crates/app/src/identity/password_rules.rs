//! Which passwords are good enough: long, not the person's own name or address, and not one that
//! everyone tries first. No demand for signs of certain kinds, which only makes people write them
//! down.

use loa_domain::field::{FieldCode, FieldError};
use loa_domain::people::User;
use loa_domain::text::{fold, nfc};

use super::common_passwords::COMMON;
use crate::Error;

const MIN: usize = 12;
/// More would only cost memory.
pub(super) const MAX: usize = 128;

/// Refuses a weak password; `pointer` is where it stood in the request.
pub(super) fn check(password: &str, user: &User, pointer: &str) -> Result<(), Error> {
    let refuse = |code, detail: &str| Err(Error::field(FieldError::new(pointer, code, detail)));
    let length = nfc(password).chars().count();
    if length > MAX {
        return refuse(FieldCode::TooLong, "at most 128 characters");
    }
    if length < MIN {
        return refuse(FieldCode::WeakPassword, "at least 12 characters");
    }
    let plain = letters_and_digits(password);
    if own_words(user)
        .iter()
        .any(|word| plain.contains(word.as_str()))
    {
        return refuse(
            FieldCode::WeakPassword,
            "without your name and email address",
        );
    }
    if is_common(&plain) {
        return refuse(FieldCode::WeakPassword, "too common");
    }
    Ok(())
}

/// The local part of the address and the full name, where they are long enough to tell anything.
fn own_words(user: &User) -> Vec<String> {
    let local = user.email.split('@').next().unwrap_or("");
    [local, user.name.as_str()]
        .map(letters_and_digits)
        .into_iter()
        .filter(|word| word.len() >= 4)
        .collect()
}

/// Nothing but a common password, possibly repeated, with digits and signs around it, or hardly
/// any different characters.
fn is_common(plain: &str) -> bool {
    let different: std::collections::BTreeSet<char> = plain.chars().collect();
    if different.len() < 5 {
        return true;
    }
    let word = plain.trim_matches(|c: char| c.is_ascii_digit());
    if word.is_empty() {
        return is_run(plain);
    }
    COMMON.iter().any(|common| {
        [plain, word].iter().any(|text| {
            text.strip_prefix(common)
                .is_some_and(|_| text.replace(common, "").is_empty())
        })
    })
}

/// Digits that only count up or down, or repeat in a short circle.
fn is_run(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let steps = |by: u32| {
        values
            .iter()
            .zip(values.iter().skip(1))
            .all(|(a, b)| (a + by) % 10 == *b)
    };
    let circles = |length: usize| {
        values
            .iter()
            .zip(values.iter().skip(length))
            .all(|(a, b)| a == b)
    };
    steps(1) || steps(9) || (1..=6).any(circles)
}

fn letters_and_digits(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use loa_domain::ids::UserId;
    use loa_domain::people::UserStatus;
    use loa_domain::time::Moment;

    fn code(password: &str) -> Option<FieldCode> {
        let user = User {
            id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            email: "lanh.tran@haitien.example".to_owned(),
            name: "Trần Thị Lành".to_owned(),
            status: UserStatus::Active,
            has_password: false,
            created_by: None,
            created_at: Moment::new(chrono::DateTime::UNIX_EPOCH),
            version: 1,
        };
        match check(password, &user, "/password") {
            Ok(()) => None,
            Err(Error::Invalid(errors)) => errors.first().map(|error| error.code),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn weak_ones_are_refused() {
        for weak in [
            "ngắn quá",
            "11 ký tự nè",
            "matkhau12345",
            "Mật khẩu 2026!!",
            "passwordpassword1",
            "123456789012",
            "987654321098",
            "121212121212",
            "aaaaaaaabbbb",
            "tran thi lanh 1990",
            "lanh.tran-xyz-1",
            "vietnamvietnam2025",
        ] {
            assert_eq!(code(weak), Some(FieldCode::WeakPassword), "{weak}");
        }
        assert_eq!(code(&"dài".repeat(50)), Some(FieldCode::TooLong));
    }

    #[test]
    fn good_ones_are_taken() {
        for good in [
            "ba con trâu ăn cỏ bờ đê",
            "chín cây cầu vượt sông",
            "kR9-vu2_qqLx",
            "738105926471",
        ] {
            assert_eq!(code(good), None, "{good}");
        }
    }
}
