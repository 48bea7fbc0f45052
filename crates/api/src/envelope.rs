//! `{"data": …}` around single things and lists.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::problem::{Code, Problem};

/// A single thing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Data<T> {
    /// The thing.
    pub(crate) data: T,
}

/// A page of things.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct List<T> {
    /// The things, in order.
    pub(crate) data: Vec<T>,
    /// Where this page is.
    pub(crate) page: PageInfo,
    /// More about the list.
    pub(crate) meta: ListMeta,
}

/// Where a page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct PageInfo {
    /// How many things a page holds at most.
    pub(crate) size: u32,
    /// Cursor for `page[after]`; null on the last page.
    #[schema(required)]
    pub(crate) next: Option<String>,
    /// Cursor for `page[before]`; null on the first page.
    #[schema(required)]
    pub(crate) prev: Option<String>,
}

/// More about a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ListMeta {
    /// How many things there are; only with `count=true`, exact to 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) total: Option<u64>,
    /// Set when there are more than `total`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub(crate) total_is_lower_bound: bool,
}

/// A JSON answer that caches must not keep.
pub(crate) fn private(status: StatusCode) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status);
    builder.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    builder
}

/// 200 with `{"data": …}`, for signed-in callers.
pub(crate) fn ok<T: Serialize>(data: T) -> HttpResponse {
    private(StatusCode::OK).json(Data { data })
}

/// 204, for signed-in callers.
pub(crate) fn no_content() -> HttpResponse {
    private(StatusCode::NO_CONTENT).finish()
}

/// `{"data": …}` with a strong tag.
pub(crate) fn tagged<T: Serialize>(status: StatusCode, tag: &str, data: T) -> HttpResponse {
    private(status)
        .insert_header((header::ETAG, format!("\"{tag}\"")))
        .json(Data { data })
}

/// 201 with tag and address.
///
/// # Errors
/// When the address is no header value.
pub(crate) fn created<T: Serialize>(
    tag: &str,
    location: &str,
    data: T,
) -> Result<HttpResponse, Problem> {
    created_as(Some(tag), location, Data { data })
}

/// 201 with address, for what has no versions.
///
/// # Errors
/// When the address is no header value.
pub(crate) fn made<T: Serialize>(location: &str, data: T) -> Result<HttpResponse, Problem> {
    created_as(None, location, Data { data })
}

/// 202 with the address of what waits.
///
/// # Errors
/// When the address is no header value.
pub(crate) fn waits<T: Serialize>(location: &str, data: T) -> Result<HttpResponse, Problem> {
    let location = HeaderValue::from_str(location).map_err(|_| Problem::new(Code::Internal))?;
    Ok(private(StatusCode::ACCEPTED)
        .insert_header((header::LOCATION, location))
        .json(Data { data }))
}

/// 201 with a body that has more than its data.
///
/// # Errors
/// When the address is no header value.
pub(crate) fn created_as<T: Serialize>(
    tag: Option<&str>,
    location: &str,
    body: T,
) -> Result<HttpResponse, Problem> {
    let location = HeaderValue::from_str(location).map_err(|_| Problem::new(Code::Internal))?;
    let mut response = private(StatusCode::CREATED);
    response.insert_header((header::LOCATION, location));
    if let Some(tag) = tag {
        response.insert_header((header::ETAG, format!("\"{tag}\"")));
    }
    Ok(response.json(body))
}
