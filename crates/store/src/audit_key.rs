//! Keys of the audit chains. Each has the name of its generation: a fingerprint of the key.
//!
//! Not for where keys come from: the application derives them from `LOA_SECRET`.

use hmac::{Hmac, KeyInit, Mac};
use loa_domain::canonical;
use serde_json::Value;
use sha2::Sha256;

/// What is sealed to get a fingerprint. No record has this form.
const FINGERPRINT: &[u8] = b"loa audit generation";
/// Bytes of a fingerprint: enough to tell a few secrets apart.
const LENGTH: usize = 8;

/// A key of the audit chains.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditKey {
    generation: String,
    key: [u8; 32],
}

impl AuditKey {
    /// The key, with the fingerprint that can be computed from it and does not lead back to it.
    pub fn new(key: [u8; 32]) -> Self {
        let mut own = Self {
            generation: String::new(),
            key,
        };
        let mac = own.mac_of(FINGERPRINT);
        own.generation = canonical::hex(mac.get(..LENGTH).unwrap_or_default());
        own
    }

    /// The fingerprint, by which records and the table of generations name it.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// The seal of a value in its canonical form.
    pub(crate) fn seal(&self, value: &Value) -> String {
        canonical::hex(&self.mac_of(canonical::to_string(value).as_bytes()))
    }

    fn mac_of(&self, bytes: &[u8]) -> Vec<u8> {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return Vec::new();
        };
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    }
}

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuditKey({})", self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::AuditKey;

    #[test]
    fn a_fingerprint_tells_keys_apart_and_shows_none() {
        let (one, other) = (AuditKey::new([7; 32]), AuditKey::new([8; 32]));
        assert_ne!(one.generation(), other.generation());
        assert_eq!(one.generation(), AuditKey::new([7; 32]).generation());
        assert_eq!(one.generation().len(), 16);
        assert!(!format!("{one:?}").contains('7') || one.generation().contains('7'));
    }
}
