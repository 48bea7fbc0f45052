//! One secret for each purpose, derived from `LOA_SECRET`.
//!
//! Not for passwords, which have their own hash, and not for signing tokens, which has its own
//! keys. While a secret is being replaced, what the previous ones sealed still opens, and what the next one
//! sealed opens already.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use loa_store::AuditKey;
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that is too weak to be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// It is too short.
    #[error("a secret has to have at least 32 bytes")]
    Short,
    /// It can be guessed.
    #[error(
        "it is too easily guessed: a secret is made by chance, and not of sequences, rows of keys, \
         repeated or common words"
    )]
    Simple,
    /// Two of them are the same.
    #[error("the same secret stands in two settings")]
    Twice,
}

#[derive(Clone)]
struct Keys {
    cursor: [u8; 32],
    etag: [u8; 32],
    audit: AuditKey,
    backup: [u8; 32],
    typed: [u8; 32],
    device: [u8; 32],
    refresh: [u8; 32],
}

/// Keys for everything that is sealed or tagged.
#[derive(Clone)]
pub struct Secrets {
    current: Keys,
    /// What others sealed with these is believed: those of the past, and the one to come.
    accepted: Vec<Keys>,
    /// Of the accepted ones the one to come.
    next: Option<AuditKey>,
}

/// Bytes of a seal.
const SEAL: usize = 16;
/// Guesses a secret has to withstand, as a power of ten: 63 bits, about as far as zxcvbn counts.
const GUESSES: f64 = 19.1;
/// A secret is looked at to this length only: looking takes longer than the text is long.
const LOOKED_AT: usize = 72;

impl Secrets {
    /// Derives the keys.
    ///
    /// # Errors
    /// When a secret is too weak to be one.
    pub fn new(secret: &str, previous: Option<&str>) -> Result<Self, InvalidSecret> {
        Self::rotating(secret, previous, None)
    }

    /// Derives the keys while secrets change: what the previous ones sealed is still believed, and what
    /// the next one sealed, which other nodes use earlier, is believed already. A previous one may be
    /// weak: it has to be got rid of somehow.
    ///
    /// # Errors
    /// When a secret is too weak to be one, or named twice.
    pub fn rotating<'s>(
        secret: &str,
        previous: impl IntoIterator<Item = &'s str>,
        next: Option<&str>,
    ) -> Result<Self, InvalidSecret> {
        let strong = |secret| is_strong(secret).and_then(|()| derive(secret));
        let current = strong(secret)?;
        let previous: Vec<Keys> = previous.into_iter().map(derive).collect::<Result<_, _>>()?;
        let next = next.map(strong).transpose()?;
        let mut own = Self {
            current,
            next: next.as_ref().map(|keys| keys.audit.clone()),
            accepted: previous,
        };
        own.accepted.extend(next);
        let names: BTreeSet<&str> = own.all().map(|keys| keys.audit.generation()).collect();
        if names.len() <= own.accepted.len() {
            return Err(InvalidSecret::Twice);
        }
        Ok(own)
    }

    /// Today's first.
    fn all(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.current).chain(&self.accepted)
    }

    /// Key of the audit chains.
    pub fn audit_key(&self) -> AuditKey {
        self.current.audit.clone()
    }

    /// The same, borrowed.
    pub fn own_audit_key(&self) -> &AuditKey {
        &self.current.audit
    }

    /// Keys that may have sealed a record of the chains: today's first.
    pub fn audit_keys(&self) -> Vec<AuditKey> {
        self.all().map(|keys| keys.audit.clone()).collect()
    }

    /// The key that other nodes may write with before this one does.
    pub fn next_audit_key(&self) -> Option<&AuditKey> {
        self.next.as_ref()
    }

    /// A text that only this installation can have made, safe in a URL.
    pub fn seal(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend(mac(&self.current.cursor, text.as_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The text of a seal; none when it was not made here.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (text, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL)?)?;
        let fits = |keys: &Keys| bool::from(mac(&keys.cursor, text).as_slice().ct_eq(seal));
        let known = self.all().any(fits);
        known.then(|| String::from_utf8(text.to_vec()).ok())?
    }

    /// What is written under the manifest of a backup, so that nobody else can write one.
    pub fn backup_seal(&self, manifest: &str) -> String {
        backup_seal(&self.current, manifest)
    }

    /// Whether this installation wrote it under this manifest.
    pub fn is_backup_seal(&self, seal: &str, manifest: &str) -> bool {
        let fits = |keys: &Keys| {
            let own = backup_seal(keys, manifest);
            bool::from(own.as_bytes().ct_eq(seal.as_bytes()))
        };
        self.all().any(fits)
    }

    /// What stands in the security log for an address that was typed and belongs to no account: the same
    /// for the same text, and not to be guessed from, since people type passwords there.
    pub(crate) fn typed_hash(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.current.typed, text.as_bytes()))
    }

    /// What is written under a device token.
    pub(crate) fn device_seal(&self, text: &str) -> String {
        device_seal(&self.current, text)
    }

    /// Whether this installation wrote it under this device token.
    pub(crate) fn is_device_seal(&self, seal: &str, text: &str) -> bool {
        let fits = |keys: &Keys| {
            let own = device_seal(keys, text);
            bool::from(own.as_bytes().ct_eq(seal.as_bytes()))
        };
        self.all().any(fits)
    }

    /// The refresh token that follows what `text` says.
    pub(crate) fn refresh_successor(&self, text: &str) -> String {
        refresh_successor(&self.current, text)
    }

    /// The same by each secret that may have made it.
    pub(crate) fn refresh_successors(&self, text: &str) -> Vec<String> {
        self.all()
            .map(|keys| refresh_successor(keys, text))
            .collect()
    }

    /// An opaque strong tag of some bytes, told apart by `variant` (the encoding). Not a hash that a
    /// stranger could compute from a guess.
    pub fn content_tag(&self, variant: &str, bytes: &[u8]) -> String {
        content_tag(&self.current, variant, &Sha256::digest(bytes))
    }

    /// The same tag as nodes with another of the accepted secrets give it: none unless secrets change
    /// just now.
    pub fn other_content_tags(&self, variant: &str, bytes: &[u8]) -> Vec<String> {
        if self.accepted.is_empty() {
            return Vec::new();
        }
        let digest = Sha256::digest(bytes);
        let tag = |keys| content_tag(keys, variant, &digest);
        self.accepted.iter().map(tag).collect()
    }

    /// An opaque strong tag of a version of a thing.
    pub fn version_tag(&self, kind: &str, id: &str, version: i64) -> String {
        version_tag(&self.current, kind, id, version)
    }

    /// Whether a tag names this version; one made before the secret changed still does.
    pub(crate) fn is_version_tag(&self, tag: &str, kind: &str, id: &str, version: i64) -> bool {
        let fits = |keys: &Keys| {
            bool::from(
                version_tag(keys, kind, id, version)
                    .as_bytes()
                    .ct_eq(tag.as_bytes()),
            )
        };
        self.all().any(fits)
    }
}

fn content_tag(keys: &Keys, variant: &str, digest: &[u8]) -> String {
    let mut text = variant.as_bytes().to_vec();
    text.push(0);
    text.extend(digest);
    URL_SAFE_NO_PAD.encode(mac(&keys.etag, &text))
}

fn backup_seal(keys: &Keys, manifest: &str) -> String {
    URL_SAFE_NO_PAD.encode(mac(&keys.backup, manifest.as_bytes()))
}

fn device_seal(keys: &Keys, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(mac(&keys.device, text.as_bytes()))
}

fn refresh_successor(keys: &Keys, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(full_mac(&keys.refresh, text.as_bytes()))
}

fn version_tag(keys: &Keys, kind: &str, id: &str, version: i64) -> String {
    URL_SAFE_NO_PAD.encode(mac(
        &keys.etag,
        format!("{kind}\0{id}\0{version}").as_bytes(),
    ))
}

fn derive(secret: &str) -> Result<Keys, InvalidSecret> {
    let hkdf = Hkdf::<Sha256>::new(Some(b"loa"), secret.as_bytes());
    let key = |purpose: &str| {
        let mut key = [0; 32];
        // 32 bytes are within what HKDF gives, so this cannot fail.
        hkdf.expand(purpose.as_bytes(), &mut key)
            .map_err(|_| InvalidSecret::Short)
            .map(|()| key)
    };
    Ok(Keys {
        cursor: key("cursor")?,
        etag: key("etag")?,
        audit: AuditKey::new(key("audit")?),
        backup: key("backup")?,
        typed: key("typed")?,
        device: key("device")?,
        refresh: key("refresh")?,
    })
}

/// Refuses what somebody could guess.
fn is_strong(secret: &str) -> Result<(), InvalidSecret> {
    if secret.len() < 32 {
        return Err(InvalidSecret::Short);
    }
    let distinct: BTreeSet<char> = secret.chars().collect();
    // Doubled letters add nothing that zxcvbn would see through.
    let mut letters: Vec<char> = secret.chars().take(LOOKED_AT).collect();
    letters.dedup();
    let text = String::from_iter(letters);
    if distinct.len() < 8 || zxcvbn::zxcvbn(&text, &["loa", "secret"]).guesses_log10() < GUESSES {
        return Err(InvalidSecret::Simple);
    }
    Ok(())
}

fn mac(key: &[u8; 32], bytes: &[u8]) -> [u8; SEAL] {
    let mut seal = [0; SEAL];
    for (to, from) in seal.iter_mut().zip(full_mac(key, bytes)) {
        *to = from;
    }
    seal
}

fn full_mac(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(key).map_or([0; 32], |mut mac| {
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    })
}

/// A token of 32 random bytes, for links and refresh tokens.
pub(crate) fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// How such a token is stored. It has all the entropy a hash needs, so no slow one is used.
pub(crate) fn token_hash(token: &str) -> String {
    loa_domain::canonical::hex(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{InvalidSecret, Secrets};

    const GOOD: [&str; 3] = [
        "q3cZ0yLw2mJtR8vXkP5nB7dF1hG4sA6uEoIiTjCbWxY=",
        "4b1d0c9e8f72a65330ff1ec2a7c49d5b6e8f0a1b2c3d4e5f60718293a4b5c6d7",
        "a secret for tests, and for nothing else but tests",
    ];

    #[test]
    fn weak_secrets_are_refused() {
        for (secret, why) in [
            ("short", InvalidSecret::Short),
            ("1234567890123456789012345678901", InvalidSecret::Short),
            ("12345678901234567890123456789012", InvalidSecret::Simple),
            (
                "1234567812345678123456781234567812345678",
                InvalidSecret::Simple,
            ),
            ("0123456789abcdef0123456789abcdef", InvalidSecret::Simple),
            (
                "abcdefghijklmnopqrstuvwxyzabcdefghijklmn",
                InvalidSecret::Simple,
            ),
            ("abcdefghabcdefghabcdefghabcdefgh", InvalidSecret::Simple),
            (
                "zyxwvutsrqponmlkjihgfedcba9876543210",
                InvalidSecret::Simple,
            ),
            (
                "qwertyuiopasdfghjklzxcvbnm1234567890",
                InvalidSecret::Simple,
            ),
            (
                "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
                InvalidSecret::Simple,
            ),
            ("passwordpasswordpasswordpassword", InvalidSecret::Simple),
            (
                "secret-secret-secret-secret-secret-secret",
                InvalidSecret::Simple,
            ),
            ("changeme changeme changeme changeme", InvalidSecret::Simple),
            (
                "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff",
                InvalidSecret::Simple,
            ),
            (
                "thisisasecretthisisasecretthisisasecret",
                InvalidSecret::Simple,
            ),
        ] {
            assert_eq!(Secrets::new(secret, None).err(), Some(why), "{secret}");
            let next = Secrets::rotating(GOOD[0], [], Some(secret)).err();
            assert!(next.is_some(), "{secret}");
            assert!(Secrets::new(GOOD[0], Some(secret)).is_ok(), "{secret}");
        }
        for secret in GOOD {
            assert!(Secrets::new(secret, None).is_ok(), "{secret}");
        }
    }

    #[test]
    fn what_others_sealed_opens_before_and_after_they_are_followed() {
        let [old, new, other] = GOOD;
        let before = Secrets::rotating(old, [], Some(new)).unwrap();
        let after = Secrets::rotating(new, [other, old], None).unwrap();
        for (from, to) in [(&before, &after), (&after, &before)] {
            assert_eq!(to.open(&from.seal("x")).as_deref(), Some("x"));
            let tag = from.version_tag("entry", "1", 2);
            assert!(to.is_version_tag(&tag, "entry", "1", 2));
            assert!(!to.is_version_tag(&tag, "entry", "1", 3));
            assert!(to.is_backup_seal(&from.backup_seal("m"), "m"));
            let tag = from.content_tag("body", b"x");
            assert!(to.other_content_tags("body", b"x").contains(&tag));
            assert_ne!(to.content_tag("body", b"x"), tag);
        }
        let alone = Secrets::new(new, None).unwrap();
        assert_eq!(alone.open(&before.seal("x")), None);
        assert_eq!(alone.other_content_tags("body", b"x"), Vec::<String>::new());
        let twice = Secrets::rotating(old, [new, old], None).err();
        assert_eq!(twice, Some(InvalidSecret::Twice));
    }
}
