//! What the API document declares about the route of a request: the extractors hold requests
//! against it, so that document and behaviour cannot part.
//!
//! Not for parsing: routes with parameters have a `Query`, routes with a body a `Json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::HttpRequest;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::SecurityRequirement;

use crate::openapi::document;

/// What is declared of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Declared {
    /// It has query parameters.
    pub(super) query: bool,
    /// It takes a body.
    pub(super) body: bool,
    /// It needs no account.
    pub(super) public: bool,
}

/// By `METHOD /path`.
static DECLARED: LazyLock<HashMap<String, Declared>> = LazyLock::new(|| {
    let paths = document().paths.paths.iter();
    paths
        .flat_map(|(path, item)| {
            [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("DELETE", &item.delete),
            ]
            .into_iter()
            .filter_map(move |(method, operation)| {
                let declared = read(operation.as_ref()?);
                Some((format!("{method} {path}"), declared))
            })
        })
        .collect()
});

fn read(operation: &Operation) -> Declared {
    let parameters = operation.parameters.iter().flatten();
    let security = operation.security.iter().flatten();
    Declared {
        query: parameters.into_iter().any(|parameter| {
            matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
        }),
        body: operation.request_body.is_some(),
        public: security
            .into_iter()
            .all(|one| *one == SecurityRequirement::default()),
    }
}

/// What is declared of the request's route; none where no operation answers.
pub(super) fn of(request: &HttpRequest) -> Option<Declared> {
    let route = request.match_pattern()?;
    DECLARED
        .get(&format!("{} {route}", request.method()))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_read() {
        let of = |key: &str| *DECLARED.get(key).unwrap();
        let login = Declared {
            query: false,
            body: true,
            public: true,
        };
        assert_eq!(of("POST /api/v1/auth/login"), login);
        let logout = Declared {
            query: false,
            body: false,
            public: false,
        };
        assert_eq!(of("POST /api/v1/auth/logout"), logout);
        let sites = Declared {
            query: true,
            body: false,
            public: true,
        };
        assert_eq!(of("GET /api/v1/sites"), sites);
    }
}
