//! Settings as they may be shown: without secrets and passwords.
//!
//! What of a database URL is shown is `loa_store`'s to say.

use loa_store::DatabaseUrl;
use serde::Serializer;

use super::types::PreviousSecrets;

const MASK: &str = "***";

/// A database URL as it may be shown; one that cannot be read may hold a password anywhere.
pub(super) fn masked_url(url: &str) -> String {
    url.parse::<DatabaseUrl>()
        .map_or_else(|_| MASK.to_owned(), |url| url.to_string())
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
pub(super) fn optional_url<S: Serializer>(
    url: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match url {
        Some(url) => serializer.serialize_some(&masked_url(url)),
        None => serializer.serialize_none(),
    }
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
pub(super) fn optional_secret<S: Serializer>(
    secret: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(_) => serializer.serialize_some(MASK),
        None => serializer.serialize_none(),
    }
}

pub(super) fn previous_secrets<S: Serializer>(
    secrets: &PreviousSecrets,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secrets.0.len() {
        0 => serializer.serialize_none(),
        1 => serializer.serialize_some(MASK),
        count => serializer.collect_seq(vec![MASK; count]),
    }
}
