//! Query strings of routes that take none: refused like unknown names elsewhere.
//!
//! Every extractor that lets a request in asks here, so that no route can forget it. Routes with
//! parameters of their own have a `Query`, which knows their names.

use std::collections::HashSet;
use std::sync::LazyLock;

use actix_web::HttpRequest;
use loa_domain::field::FieldCode;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};

use crate::openapi::document;
use crate::problem::{Code, Problem};

/// `METHOD /path` of each operation that declares query parameters.
static ASKING: LazyLock<HashSet<String>> = LazyLock::new(|| {
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
            .filter(|(_, operation)| operation.as_ref().is_some_and(declares_query))
            .map(move |(method, _)| format!("{method} {path}"))
        })
        .collect()
});

fn declares_query(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| {
        matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
    })
}

/// Refuses a query string where the route takes none.
pub(super) fn no_stray_query(request: &HttpRequest) -> Result<(), Problem> {
    let query = request.query_string();
    if query.is_empty() {
        return Ok(());
    }
    let route = request.match_pattern().unwrap_or_default();
    if ASKING.contains(&format!("{} {route}", request.method())) {
        return Ok(());
    }
    match first_name(query)? {
        Some(name) => Err(Problem::parameter(
            Code::UnknownParameter,
            &name,
            FieldCode::UnknownMember,
            "this route takes no parameters in the query",
        )),
        None => Ok(()),
    }
}

/// Name of the first parameter; a query of separators alone has none.
fn first_name(query: &str) -> Result<Option<String>, Problem> {
    super::query::readable(query)?;
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Problem::new(Code::MalformedRequest))?;
    Ok(pairs.into_iter().next().map(|(name, _)| name))
}
