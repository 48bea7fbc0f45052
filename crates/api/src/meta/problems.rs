//! Pages about problem codes, where each problem's `type` leads.

use actix_web::http::header;
use actix_web::{HttpResponse, get};

use crate::extract::{Ids, Public};
use crate::problem::{Code, Problem, index_page, page};

/// Every problem code.
#[utoipa::path(
    tag = "meta", operation_id = "list_problems", security(()),
    responses((status = 200, description = "A page", content_type = "text/html", body = String))
)]
#[get("/problems")]
pub(crate) async fn list_problems(_public: Public) -> HttpResponse {
    html(index_page())
}

/// What a problem code means.
#[utoipa::path(
    tag = "meta", operation_id = "get_problem", security(()),
    params(("code" = String, Path, description = "The code", example = "not_found")),
    responses((status = 200, description = "A page", content_type = "text/html", body = String))
)]
#[get("/problems/{code}")]
pub(crate) async fn get_problem(
    _public: Public,
    code: Ids<String>,
) -> Result<HttpResponse, Problem> {
    Code::parse(&code.0)
        .map(|code| html(page(code)))
        .ok_or_else(|| Problem::new(Code::NotFound))
}

fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(page)
}
