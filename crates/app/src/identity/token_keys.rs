//! Keys that sign access tokens: Ed25519. All verify; the newest signs that has been published for an
//! hour, so that every node knows a key before it meets a token of it.
//!
//! Not for reading key files from disk: the server does that and gives their names and texts.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use loa_domain::time::Moment;
use rand::Rng;

/// No usable key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeys {
    /// There is none.
    #[error("there is no signing key")]
    None,
    /// One is not an Ed25519 key in PKCS #8 PEM.
    #[error("{0} is not an Ed25519 key in PKCS #8 PEM")]
    Unreadable(String),
}

/// How long a key is published before it signs, unless there is none that has been for so long: time
/// for every node, and for whoever keeps our public keys, to get it.
pub const PUBLISHED_AHEAD: TimeDelta = TimeDelta::hours(1);
/// How a key is named by the time it was made.
pub const NAMED_BY_TIME: &str = "%Y%m%dT%H%M%S%6fZ";

struct TokenKey {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: String,
    /// From when on it may sign; from ever for a name that tells no time.
    signs_from: Option<Moment>,
}

/// The keys, oldest first. Its clones share them, so that they can be replaced while requests run.
#[derive(Clone)]
pub struct TokenKeys(Arc<RwLock<Arc<[TokenKey]>>>);

/// The keys as they are at one moment.
pub(crate) struct Held(Arc<[TokenKey]>);

impl TokenKeys {
    /// Reads keys, given as (name, PEM). Names are the key ids; their order is their age.
    ///
    /// # Errors
    /// When there is none, or one cannot be read.
    pub fn from_pems(pems: Vec<(String, String)>) -> Result<Self, InvalidKeys> {
        Ok(Self(Arc::new(RwLock::new(read_all(pems)?))))
    }

    /// Puts others in their place. Gives whether they differ in name or value.
    ///
    /// # Errors
    /// As [`TokenKeys::from_pems`]; the keys stay as they are then.
    pub fn replace(&self, pems: Vec<(String, String)>) -> Result<bool, InvalidKeys> {
        let new = read_all(pems)?;
        let names = |keys: &[TokenKey]| -> Vec<(String, String)> {
            let name = |key: &TokenKey| (key.id.clone(), key.public.clone());
            keys.iter().map(name).collect()
        };
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let differ = names(&held) != names(&new);
        *held = new;
        Ok(differ)
    }

    pub(crate) fn held(&self) -> Held {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Held(Arc::clone(&held))
    }

    /// A new key as PKCS #8 PEM.
    ///
    /// # Errors
    /// When it cannot be written as PEM.
    pub fn new_pem() -> Result<String, InvalidKeys> {
        let mut seed = [0_u8; 32];
        rand::rng().fill_bytes(&mut seed);
        let pem = SigningKey::from_bytes(&seed)
            .to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF);
        pem.map(|pem| pem.to_string())
            .map_err(|_| InvalidKeys::Unreadable("the new key".to_owned()))
    }
}

impl Held {
    /// The key that signs now, with its id: the newest of those that have been published for long
    /// enough, or else the oldest.
    pub(crate) fn signing(&self, now: Moment) -> Option<(&str, &EncodingKey)> {
        let may = |key: &&TokenKey| key.signs_from.is_none_or(|from| from <= now);
        let key = self.0.iter().rfind(may).or_else(|| self.0.first());
        key.map(|key| (key.id.as_str(), &key.encoding))
    }

    /// The key with this id, whether it signs or not.
    pub(crate) fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.0
            .iter()
            .find(|key| key.id == id)
            .map(|key| &key.decoding)
    }

    /// The public keys as (id, base64url).
    pub(crate) fn public(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|key| (key.id.as_str(), key.public.as_str()))
    }
}

fn read_all(mut pems: Vec<(String, String)>) -> Result<Arc<[TokenKey]>, InvalidKeys> {
    pems.sort();
    let keys: Arc<[TokenKey]> = pems
        .into_iter()
        .map(|(id, pem)| read(id, &pem))
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        Err(InvalidKeys::None)
    } else {
        Ok(keys)
    }
}

fn read(id: String, pem: &str) -> Result<TokenKey, InvalidKeys> {
    let unreadable = || InvalidKeys::Unreadable(id.clone());
    let signing = SigningKey::from_pkcs8_pem(pem).map_err(|_| unreadable())?;
    let encoding = EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| unreadable())?;
    let public = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
    let decoding = DecodingKey::from_ed_components(&public).map_err(|_| unreadable())?;
    Ok(TokenKey {
        signs_from: made_at(&id).map(|at| at.after(PUBLISHED_AHEAD)),
        id,
        encoding,
        decoding,
        public,
    })
}

/// When a key was made, by its name.
fn made_at(id: &str) -> Option<Moment> {
    let at = chrono::NaiveDateTime::parse_from_str(id, NAMED_BY_TIME).ok()?;
    Some(Moment::from_naive(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(name: &str) -> (String, String) {
        (name.to_owned(), TokenKeys::new_pem().unwrap())
    }

    fn signs(keys: &TokenKeys, at: &str) -> String {
        let held = keys.held();
        held.signing(at.parse().unwrap()).unwrap().0.to_owned()
    }

    #[test]
    fn a_key_is_published_for_an_hour_before_it_signs() {
        let (first, second) = ("20261125T080000000000Z", "20261125T100000000001Z");
        let alone = pem(first);
        let keys = TokenKeys::from_pems(vec![alone.clone()]).unwrap();
        assert_eq!(signs(&keys, "2026-11-25T08:00:01Z"), first, "the only one");
        assert!(!keys.clone().replace(vec![alone.clone()]).unwrap());
        assert!(keys.clone().replace(vec![pem(second), alone]).unwrap());
        for (at, id) in [
            ("2026-11-25T08:30:00Z", first),
            ("2026-11-25T10:30:00Z", first),
            ("2026-11-25T11:00:00Z", first),
            ("2026-11-25T11:00:00.000001Z", second),
        ] {
            assert_eq!(signs(&keys, at), id, "{at}");
        }
        let public: Vec<String> = keys.held().public().map(|(id, _)| id.to_owned()).collect();
        assert_eq!(public, [first, second]);
        assert!(keys.held().verifying(second).is_some());
        assert!(keys.replace(Vec::new()).is_err());
        assert!(keys.held().verifying(second).is_some(), "they stay");
    }

    #[test]
    fn names_that_tell_no_time_sign_in_their_order() {
        let keys = TokenKeys::from_pems(vec![pem("b"), pem("a")]).unwrap();
        assert_eq!(signs(&keys, "2026-11-25T11:00:00Z"), "b");
        let keys = TokenKeys::from_pems(vec![pem("20261125T100000000000Z"), pem("a")]).unwrap();
        assert_eq!(signs(&keys, "2026-11-25T10:00:00Z"), "a");
    }
}
