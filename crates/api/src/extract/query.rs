//! Query strings: one flat struct a route, unknown names refused with the list of known ones.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use loa_domain::field::FieldCode;
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// A typed query string. Structs use `deny_unknown_fields` and flat, renamed fields.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parse(request.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    readable(query)?;
    serde_urlencoded::from_str(query).map_err(|error| refused(&error.to_string()))
}

/// Refuses what is not UTF-8, and NUL, which PostgreSQL takes in no text.
pub(super) fn readable(query: &str) -> Result<(), Problem> {
    match percent_encoding::percent_decode_str(query).decode_utf8() {
        Ok(text) if !text.contains('\0') => Ok(()),
        _ => Err(Problem::new(Code::MalformedRequest)),
    }
}

fn refused(error: &str) -> Problem {
    let name = error.split('`').nth(1).unwrap_or("").to_owned();
    if error.starts_with("unknown field") {
        Problem::parameter(
            Code::UnknownParameter,
            &name,
            FieldCode::UnknownMember,
            error,
        )
    } else if error.starts_with("duplicate field") {
        Problem::parameter(Code::ParameterInvalid, &name, FieldCode::TooMany, error)
    } else if error.starts_with("missing field") {
        Problem::parameter(Code::ParameterInvalid, &name, FieldCode::Required, error)
    } else {
        Problem::parameter(Code::ParameterInvalid, "", FieldCode::Invalid, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "filter[state]")]
        state: Option<String>,
    }

    #[test]
    fn brackets_may_be_encoded_and_unknown_names_are_told() {
        let parsed: Sample = parse("filter%5Bstate%5D=draft").unwrap();
        assert_eq!(parsed.state.as_deref(), Some("draft"));
        let problem = parse::<Sample>("filter[stat]=x").unwrap_err();
        assert_eq!(problem.code(), Code::UnknownParameter);
        assert_eq!(
            parse::<Sample>("filter[state]=a&filter[state]=b")
                .unwrap_err()
                .code(),
            Code::ParameterInvalid
        );
        for unreadable in ["filter[state]=%ff", "filter[state]=a%00", "%00=a"] {
            assert_eq!(
                parse::<Sample>(unreadable).unwrap_err().code(),
                Code::MalformedRequest
            );
        }
    }
}
