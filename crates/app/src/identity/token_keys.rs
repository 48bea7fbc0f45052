//! Keys that sign access tokens: Ed25519, the newest signs, all verify.
//!
//! Not for reading key files from disk: the server does that and gives their names and texts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
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

#[derive(Clone)]
struct TokenKey {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: String,
}

/// The keys, oldest first.
#[derive(Clone)]
pub struct TokenKeys(Vec<TokenKey>);

impl TokenKeys {
    /// Reads keys, given as (name, PEM). Names are the key ids; their order is their age.
    ///
    /// # Errors
    /// When there is none, or one cannot be read.
    pub fn from_pems(mut pems: Vec<(String, String)>) -> Result<Self, InvalidKeys> {
        pems.sort();
        let keys: Vec<TokenKey> = pems
            .into_iter()
            .map(|(id, pem)| read(id, &pem))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(InvalidKeys::None)
        } else {
            Ok(Self(keys))
        }
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

    /// The key that signs, with its id.
    pub(crate) fn signing(&self) -> Option<(&str, &EncodingKey)> {
        self.0.last().map(|key| (key.id.as_str(), &key.encoding))
    }

    /// The key with this id.
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

fn read(id: String, pem: &str) -> Result<TokenKey, InvalidKeys> {
    let unreadable = || InvalidKeys::Unreadable(id.clone());
    let signing = SigningKey::from_pkcs8_pem(pem).map_err(|_| unreadable())?;
    let encoding = EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| unreadable())?;
    let public = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
    let decoding = DecodingKey::from_ed_components(&public).map_err(|_| unreadable())?;
    Ok(TokenKey {
        id,
        encoding,
        decoding,
        public,
    })
}
