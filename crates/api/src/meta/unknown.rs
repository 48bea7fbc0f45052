//! What no route answers: 404, or 405 when the path is known by another method.

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::PathItem;

use crate::openapi::document;
use crate::problem::{Code, Problem};

/// Each path of the document, split, with its methods.
static KNOWN: LazyLock<Vec<(Vec<String>, String)>> = LazyLock::new(|| {
    document()
        .paths
        .paths
        .iter()
        .map(|(path, item)| {
            (
                path.split('/').map(ToOwned::to_owned).collect(),
                methods(item),
            )
        })
        .collect()
});

/// Answers what no route does.
///
/// # Errors
/// Always.
pub(crate) async fn unknown(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path: Vec<&str> = request.path().split('/').collect();
    let fitting = KNOWN.iter().find(|(known, _)| fits(known, &path));
    let Some((_, methods)) = fitting else {
        return Err(Problem::new(Code::NotFound));
    };
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent()
            .insert_header((header::ALLOW, methods.as_str()))
            .finish());
    }
    let allow = HeaderValue::from_str(methods).map_err(|_| Problem::new(Code::Internal))?;
    Err(Problem::new(Code::MethodNotAllowed).with_header(header::ALLOW, allow))
}

fn fits(known: &[String], path: &[&str]) -> bool {
    known.len() == path.len()
        && known
            .iter()
            .zip(path)
            .all(|(known, part)| (known.starts_with('{') && !part.is_empty()) || known == part)
}

fn methods(item: &PathItem) -> String {
    let mut methods = Vec::new();
    if item.get.is_some() {
        methods.extend(["GET", "HEAD"]);
    }
    for (method, operation) in [
        ("POST", &item.post),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
    ] {
        if operation.is_some() {
            methods.push(method);
        }
    }
    methods.push("OPTIONS");
    methods.join(", ")
}
