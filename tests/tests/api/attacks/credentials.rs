//! Credentials that are no good, each for a reason of its own.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use loa_app::identity::TokenKeys;
use serde_json::{Value, json};

use crate::access::cells::{get, post};
use crate::access::operations::made_up;
use crate::desk::Office;

/// Values of `Authorization` by what is wrong with them.
pub(super) fn bad(office: &Office) -> Vec<(&'static str, String)> {
    // Sessions outlive tokens: the first of these has to be over before the others begin.
    let expired = office.token("editor");
    office.app.clock.advance(chrono::TimeDelta::minutes(11));
    office.forget_tokens();
    let ended = office.token("publisher");
    let logout = post("/auth/logout").send(&office.app, Some(&ended));
    logout.expect_status(204);
    office.forget_tokens();
    let good = office.token("platform");
    get("/auth/me")
        .send(&office.app, Some(&good))
        .expect_status(200);
    let claims = claims_of(&good);
    let mut all = vec![
        ("an expired token", expired),
        ("a token of an ended session", ended),
        ("garbage", "garbage".to_owned()),
        ("three empty parts", "..".to_owned()),
        (
            "a token with another word behind it",
            format!("{good} {good}"),
        ),
        ("a token cut short", good[..good.len() - 4].to_owned()),
        ("an unsigned token", unsigned(&good)),
        ("claims of another", with_claims(&good, &claims)),
    ];
    all.extend(forged(&claims));
    let mut all: Vec<_> = all
        .into_iter()
        .map(|(what, token)| (what, format!("Bearer {token}")))
        .collect();
    all.extend([
        ("an empty bearer", "Bearer ".to_owned()),
        ("an empty header", String::new()),
        ("a bare token", good.clone()),
        ("Basic", "Basic bG9hOmxvYQ==".to_owned()),
        ("another scheme", format!("Token {good}")),
    ]);
    all
}

/// Signed, but not by us, or not as we do it.
fn forged(claims: &Value) -> Vec<(&'static str, String)> {
    let pem = TokenKeys::new_pem().expect("a key");
    let other = EncodingKey::from_ed_pem(pem.as_bytes()).expect("a key");
    let own = EncodingKey::from_ed_pem(loa_testkit::SIGNING_KEY.1.as_bytes()).expect("a key");
    let secret = EncodingKey::from_secret(loa_testkit::SECRET.as_bytes());
    let header = |alg, kid: Option<&str>, typ: Option<&str>| Header {
        kid: kid.map(ToOwned::to_owned),
        typ: typ.map(ToOwned::to_owned),
        ..Header::new(alg)
    };
    let kid = Some(loa_testkit::SIGNING_KEY.0);
    let sign = |header: &Header, claims: &Value, key: &EncodingKey| {
        jsonwebtoken::encode(header, claims, key).expect("a token")
    };
    let jwt = Some("JWT");
    let mut bold = claims.clone();
    bold["role"] = json!("platform_admin");
    let for_others = |name: &str, value: &str| {
        let mut claims = claims.clone();
        claims[name] = json!(value);
        claims
    };
    let mut endless = claims.clone();
    endless.as_object_mut().expect("claims").remove("exp");
    let ours = header(Algorithm::EdDSA, kid, jwt);
    vec![
        ("another key", sign(&ours, claims, &other)),
        (
            "an unknown kid",
            sign(&header(Algorithm::EdDSA, Some("x"), jwt), claims, &own),
        ),
        (
            "no kid",
            sign(&header(Algorithm::EdDSA, None, jwt), claims, &own),
        ),
        (
            "HMAC",
            sign(&header(Algorithm::HS256, kid, jwt), claims, &secret),
        ),
        (
            "another typ",
            sign(&header(Algorithm::EdDSA, kid, Some("at+jwt")), claims, &own),
        ),
        (
            "no typ",
            sign(&header(Algorithm::EdDSA, kid, None), claims, &own),
        ),
        ("a claim too many", sign(&ours, &bold, &own)),
        ("no end", sign(&ours, &endless, &own)),
        (
            "another audience",
            sign(&ours, &for_others("aud", "another-service"), &own),
        ),
        (
            "another issuer",
            sign(&ours, &for_others("iss", "https://example.com"), &own),
        ),
        (
            "another person",
            sign(&ours, &for_others("sub", &made_up("id")), &own),
        ),
    ]
}

fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("claims");
    serde_json::from_slice(&base64url(part)).expect("JSON")
}

/// The same claims, said to be signed by nobody.
fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).expect("claims");
    // {"alg":"none","typ":"JWT","kid":"test"}
    format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoidGVzdCJ9.{claims}.")
}

/// Other claims under the old signature.
fn with_claims(token: &str, claims: &Value) -> String {
    let mut other = claims.clone();
    other["exp"] = json!(claims["exp"].as_i64().expect("an end") + 3600);
    let key = EncodingKey::from_ed_pem(loa_testkit::SIGNING_KEY.1.as_bytes()).expect("a key");
    let header = Header::new(Algorithm::EdDSA);
    let made = jsonwebtoken::encode(&header, &other, &key).expect("a token");
    let mut parts: Vec<&str> = token.split('.').collect();
    let claims = made.split('.').nth(1).expect("claims");
    parts[1] = claims;
    parts.join(".")
}

fn base64url(text: &str) -> Vec<u8> {
    let value = |byte: u8| -> u32 {
        match byte {
            b'A'..=b'Z' => u32::from(byte - b'A'),
            b'a'..=b'z' => u32::from(byte - b'a') + 26,
            b'0'..=b'9' => u32::from(byte - b'0') + 52,
            b'-' => 62,
            _ => 63,
        }
    };
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 6 | value(*byte));
        let bits = bits << (6 * (4 - chunk.len()));
        bytes.extend(&bits.to_be_bytes()[1..chunk.len()]);
    }
    bytes
}
