//! Hashing passwords: Argon2id at the cost OWASP advises, at most two at once.
//!
//! Each hash takes 19 MiB and tens of milliseconds, so whoever wants one waits for a place, and is
//! told to come back later when none comes free. Not for which passwords are good enough.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use loa_domain::text::nfc;

use crate::Error;

const AT_ONCE: u32 = 2;
const WAIT: Duration = Duration::from_secs(2);

/// Memory in KiB, passes and lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// The hash of nothing, at the same cost: for accounts that do not exist or have no password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Places for hashing.
#[derive(Default)]
pub(crate) struct Passwords {
    taken: Mutex<u32>,
    freed: Condvar,
}

/// A place for hashing, free again when dropped.
pub(crate) struct Place<'p>(&'p Passwords);

impl Passwords {
    /// Waits for a place.
    ///
    /// # Errors
    /// Busy, when none comes free in time.
    pub(crate) fn place(&self) -> Result<Place<'_>, Error> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut taken, _) = self
            .freed
            .wait_timeout_while(taken, WAIT, |taken| *taken >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        if *taken >= AT_ONCE {
            return Err(loa_store::Error::Busy.into());
        }
        *taken += 1;
        Ok(Place(self))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        *taken = taken.saturating_sub(1);
        self.0.freed.notify_one();
    }
}

#[expect(
    clippy::unused_self,
    reason = "the place is the permission to hash; nobody does it without one"
)]
impl Place<'_> {
    /// The hash of a password, in PHC form.
    ///
    /// # Errors
    /// Internal, when it cannot be made.
    pub(crate) fn hash(&self, password: &str) -> Result<String, Error> {
        argon2()?
            .hash_password(nfc(password).as_bytes())
            .map(|hash| hash.to_string())
            .map_err(fault)
    }

    /// Whether the password belongs to the hash. Without a hash it does not, and that takes as
    /// long to find out.
    ///
    /// # Errors
    /// Internal, when the hash is no hash.
    pub(crate) fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let parsed = PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(fault)?;
        match argon2()?.verify_password(nfc(password).as_bytes(), &parsed) {
            Ok(()) => Ok(hash.is_some()),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(fault(error)),
        }
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("hashing a password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_in_either_normal_form() {
        let passwords = Passwords::default();
        let place = passwords.place().unwrap();
        let hash = place.hash("mật khẩu của tôi").unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let decomposed = "mâ\u{323}t kh\u{e2}\u{309}u cu\u{309}a tôi";
        assert!(place.verify(decomposed, Some(&hash)).unwrap());
        assert!(!place.verify("mật khẩu", Some(&hash)).unwrap());
        assert!(!place.verify("", None).unwrap());
        assert!(place.verify("x", Some("no hash")).is_err());
    }

    #[test]
    fn a_third_waits_and_is_sent_away() {
        let passwords = Passwords::default();
        let (first, second) = (passwords.place().unwrap(), passwords.place().unwrap());
        assert!(matches!(
            passwords.place(),
            Err(Error::Store(loa_store::Error::Busy))
        ));
        drop(first);
        assert!(passwords.place().is_ok());
        drop(second);
    }
}
