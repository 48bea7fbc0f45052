//! `Idempotency-Key`: a request that is sent again gets the first answer again.
//!
//! The answer is stored in the transaction of its effect, so there is either both or neither.
//! Secrets are shown once: answers that carry one are stored without it.

use loa_domain::ids::UserId;
use loa_domain::time::Moment;
use loa_store::{Tx, Written, idempotency};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// A key with what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The route with its ids, as `POST /editorial/sites/hai-tien/entries`.
    pub route: String,
    /// The caller's key.
    pub key: String,
    /// SHA-256 of the request's body.
    pub body_sha256: String,
}

/// Hours an answer is kept.
pub(crate) const KEPT_HOURS: i64 = 24;

/// Gives the stored answer, or does the work and stores its answer.
///
/// Called after rights were checked and before preconditions are: whoever repeats a request need
/// not know the version that the first one made.
pub(crate) fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    caller: UserId,
    idempotency: Option<&Idempotency>,
    now: Moment,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Written<T>, Error>,
) -> Result<Written<T>, Error> {
    let Some(asked) = idempotency else {
        return work(tx);
    };
    let since = now.before(chrono::TimeDelta::hours(KEPT_HOURS));
    let key = idempotency::AnswerKey {
        caller,
        route: &asked.route,
        key: &asked.key,
    };
    if let Some(stored) = idempotency::find(tx, &key, since)? {
        if stored.is_expunged() {
            return Err(Error::Expunged);
        }
        if stored.body_sha256 != asked.body_sha256 {
            return Err(Error::IdempotencyKeyReused);
        }
        return Ok(Written::quiet(serde_json::from_str(&stored.answer)?));
    }
    let written = work(tx)?;
    let answer = serde_json::to_string(&written.value)?;
    idempotency::insert(tx, &key, &asked.body_sha256, &answer, now).map_err(
        |error| match error {
            loa_store::Error::Taken => Error::IdempotencyInProgress,
            other => other.into(),
        },
    )?;
    Ok(written)
}
