//! Access tokens: Ed25519 JWTs that hold person, session and times, and nothing else.
//!
//! Not for whether the session is still alive: that is read from the database on each request.

use jsonwebtoken::{Algorithm, Header, Validation};
use loa_domain::ids::{SessionId, UserId};
use loa_domain::time::Moment;
use serde::{Deserialize, Serialize};

use super::TokenKeys;
use crate::Error;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    sub: UserId,
    sid: SessionId,
    exp: i64,
    iat: i64,
}

const MICROS: i64 = 1_000_000;
/// What the header calls a token.
const TYPE: &str = "JWT";

/// A token, signed with the newest key that may sign.
pub(super) fn sign(
    keys: &TokenKeys,
    user: UserId,
    session: SessionId,
    now: Moment,
    expires_at: Moment,
) -> Result<String, Error> {
    let held = keys.held();
    let (id, key) = held
        .signing(now)
        .ok_or_else(|| Error::Internal("no signing key".to_owned()))?;
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(id.to_owned());
    let claims = Claims {
        sub: user,
        sid: session,
        exp: expires_at.micros().div_euclid(MICROS),
        iat: now.micros().div_euclid(MICROS),
    };
    jsonwebtoken::encode(&header, &claims, key)
        .map_err(|error| Error::Internal(format!("signing a token: {error}")))
}

/// Whose token this is, if we signed it and its time is not over.
pub(super) fn verify(
    keys: &TokenKeys,
    token: &str,
    now: Moment,
) -> Result<(UserId, SessionId), Error> {
    let invalid = |_| Error::TokenInvalid;
    let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
    // Whatever else these keys may come to sign is no access token (RFC 8725, 3.11).
    if header.typ.as_deref() != Some(TYPE) {
        return Err(Error::TokenInvalid);
    }
    let held = keys.held();
    let key = header
        .kid
        .as_deref()
        .and_then(|id| held.verifying(id))
        .ok_or(Error::TokenInvalid)?;
    // The library would ask the machine's clock; the application's is asked below, without leeway.
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
        .map_err(invalid)?
        .claims;
    if now.micros() < claims.exp.saturating_mul(MICROS) {
        Ok((claims.sub, claims.sid))
    } else {
        Err(Error::TokenInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use jsonwebtoken::EncodingKey;
    use serde_json::json;
    use uuid::Uuid;

    fn keys(name: &str) -> TokenKeys {
        TokenKeys::from_pems(vec![(name.to_owned(), TokenKeys::new_pem().unwrap())]).unwrap()
    }

    fn now() -> Moment {
        "2026-07-01T01:00:00.5Z".parse().unwrap()
    }

    #[test]
    fn a_token_is_good_until_its_second_and_for_its_key_alone() {
        let own = keys("a");
        let (user, session) = (
            UserId::from_uuid(Uuid::from_u128(1)),
            SessionId::from_uuid(Uuid::from_u128(2)),
        );
        let token = sign(
            &own,
            user,
            session,
            now(),
            now().after(TimeDelta::minutes(10)),
        )
        .unwrap();
        assert_eq!(verify(&own, &token, now()).unwrap(), (user, session));
        let last: Moment = "2026-07-01T01:09:59.999999Z".parse().unwrap();
        assert!(verify(&own, &token, last).is_ok());
        let over = last.after(TimeDelta::microseconds(1));
        assert!(verify(&own, &token, over).is_err());
        assert!(verify(&keys("a"), &token, now()).is_err());
        assert!(verify(&keys("b"), &token, now()).is_err());
        for bad in ["", "a.b.c", &token[..token.len() - 2]] {
            assert!(verify(&own, bad, now()).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_algorithms_and_other_claims_are_refused() {
        let own = keys("a");
        let id = Uuid::from_u128(1);
        let exp = now().micros() / MICROS + 60;
        let sound = json!({"sub": id, "sid": id, "exp": exp, "iat": exp});
        let signed = |alg, key: &EncodingKey, claims: &serde_json::Value| {
            let mut header = Header::new(alg);
            header.kid = Some("a".to_owned());
            jsonwebtoken::encode(&header, claims, key).unwrap()
        };
        let held = own.held();
        let (_, key) = held.signing(now()).unwrap();
        assert!(verify(&own, &signed(Algorithm::EdDSA, key, &sound), now()).is_ok());
        let (_, public) = held.public().next().unwrap();
        for secret in [public.as_bytes(), b""] {
            let forged = signed(Algorithm::HS256, &EncodingKey::from_secret(secret), &sound);
            assert!(verify(&own, &forged, now()).is_err());
        }
        for claims in [
            json!({"sub": id, "sid": id, "exp": exp, "iat": exp, "role": "platform_admin"}),
            json!({"sub": id, "sid": id, "iat": exp}),
            json!({"sub": id, "exp": exp, "iat": exp}),
        ] {
            let token = signed(Algorithm::EdDSA, key, &claims);
            assert!(verify(&own, &token, now()).is_err(), "{claims}");
        }
        let none = "eyJhbGciOiJub25lIiwia2lkIjoiYSJ9.e30.";
        assert!(verify(&own, none, now()).is_err());
    }
}
