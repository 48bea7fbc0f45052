//! The public keys, for others that check access tokens.

use super::Identity;

/// A public Ed25519 key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id, as in the header of tokens.
    pub id: String,
    /// The key, base64url.
    pub x: String,
}

impl Identity {
    /// Every key that verifies, oldest first.
    pub fn jwks(&self) -> Vec<PublicKey> {
        let keys = self.context.keys.held();
        keys.public()
            .map(|(id, x)| PublicKey {
                id: id.to_owned(),
                x: x.to_owned(),
            })
            .collect()
    }
}
