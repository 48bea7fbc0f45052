//! One secret for each purpose, derived from `LOA_SECRET`.
//!
//! Not for passwords, which have their own hash, and not for signing tokens, which has its own
//! keys. While a secret is being replaced, what the previous one sealed still opens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that is too short or too simple.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a secret has to have at least 32 bytes, not all alike")]
pub struct InvalidSecret;

#[derive(Clone)]
struct Keys {
    cursor: [u8; 32],
    etag: [u8; 32],
    audit: [u8; 32],
    backup: [u8; 32],
    device: [u8; 32],
    refresh: [u8; 32],
}

/// Keys for everything that is sealed or tagged.
#[derive(Clone)]
pub struct Secrets {
    current: Keys,
    previous: Option<Keys>,
}

/// Bytes of a seal.
const SEAL: usize = 16;

impl Secrets {
    /// Derives the keys.
    ///
    /// # Errors
    /// When a secret is too weak to be one.
    pub fn new(secret: &str, previous: Option<&str>) -> Result<Self, InvalidSecret> {
        Ok(Self {
            current: derive(secret)?,
            previous: previous.map(derive).transpose()?,
        })
    }

    /// Key of the audit chains.
    pub fn audit_key(&self) -> [u8; 32] {
        self.current.audit
    }

    /// Keys that may have sealed a record of the chains: today's, and the one before.
    pub fn audit_keys(&self) -> Vec<[u8; 32]> {
        let previous = self.previous.as_ref().map(|keys| keys.audit);
        std::iter::once(self.current.audit)
            .chain(previous)
            .collect()
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
        let known = fits(&self.current) || self.previous.as_ref().is_some_and(fits);
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
        fits(&self.current) || self.previous.as_ref().is_some_and(fits)
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
        fits(&self.current) || self.previous.as_ref().is_some_and(fits)
    }

    /// The refresh token that follows what `text` says.
    pub(crate) fn refresh_successor(&self, text: &str) -> String {
        refresh_successor(&self.current, text)
    }

    /// The same by each secret that may have made it.
    pub(crate) fn refresh_successors(&self, text: &str) -> Vec<String> {
        std::iter::once(&self.current)
            .chain(&self.previous)
            .map(|keys| refresh_successor(keys, text))
            .collect()
    }

    /// An opaque strong tag of some bytes, told apart by `variant` (the encoding). Not a hash that a
    /// stranger could compute from a guess.
    pub fn content_tag(&self, variant: &str, bytes: &[u8]) -> String {
        let digest = Sha256::digest(bytes);
        let mut text = variant.as_bytes().to_vec();
        text.push(0);
        text.extend(digest);
        URL_SAFE_NO_PAD.encode(mac(&self.current.etag, &text))
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
        fits(&self.current) || self.previous.as_ref().is_some_and(fits)
    }
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
    let distinct: std::collections::BTreeSet<u8> = secret.bytes().collect();
    if secret.len() < 32 || distinct.len() < 8 {
        return Err(InvalidSecret);
    }
    let hkdf = Hkdf::<Sha256>::new(Some(b"loa"), secret.as_bytes());
    let key = |purpose: &str| {
        let mut key = [0; 32];
        // 32 bytes are within what HKDF gives, so this cannot fail.
        hkdf.expand(purpose.as_bytes(), &mut key)
            .map_err(|_| InvalidSecret)
            .map(|()| key)
    };
    Ok(Keys {
        cursor: key("cursor")?,
        etag: key("etag")?,
        audit: key("audit")?,
        backup: key("backup")?,
        device: key("device")?,
        refresh: key("refresh")?,
    })
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
