//! Pages on the wire: sizes, sealed cursors and `Link` headers.
//!
//! A cursor holds the route, the sort and a hash of the filters, so that it fits the list it came
//! from and no other. It is sealed, so that nobody makes one up, and does not expire.

#[cfg(test)]
mod fuzz;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use loa_app::Secrets;
use loa_domain::canonical;
use loa_domain::field::FieldCode;
use loa_domain::paging::{Key, Page, PageAsk, Start};
use serde::{Deserialize, Serialize};

use crate::envelope::{self, List, ListMeta, PageInfo};
use crate::problem::{Code, Problem};

const VERSION: u8 = 1;
const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;

/// Most values of one filter of the board's and the administration's lists.
pub(crate) const FILTER_VALUES_MAX: usize = 50;

/// The paging parameters of a query string. Lists without filters take them as they are; others
/// repeat them beside their own, since a query string has no place for structs within structs.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParams {
    /// How many on a page, 1 to 100; 20 by default.
    #[serde(rename = "page[size]")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub(crate) size: Option<String>,
    /// Cursor: the page after it.
    #[serde(rename = "page[after]")]
    pub(crate) after: Option<String>,
    /// Cursor: the page before it.
    #[serde(rename = "page[before]")]
    pub(crate) before: Option<String>,
    /// Whether to count all.
    #[param(value_type = Option<bool>)]
    pub(crate) count: Option<String>,
}

/// What a cursor has to fit.
#[derive(Debug, Clone)]
pub(crate) struct ListIdentity {
    /// The path, with its ids.
    pub(crate) route: String,
    /// The sort in force.
    pub(crate) sort: &'static str,
    /// Hash of the filters in force.
    pub(crate) filters: String,
}

impl ListIdentity {
    /// Hashes the filters, given as a text that is equal when they are.
    pub(crate) fn new(route: impl Into<String>, sort: &'static str, filters: &str) -> Self {
        Self {
            route: route.into(),
            sort,
            filters: canonical::sha256(filters),
        }
    }
}

/// Reads the paging parameters.
pub(crate) fn ask(
    params: &PageParams,
    identity: &ListIdentity,
    secrets: &Secrets,
) -> Result<PageAsk, Problem> {
    let size = match &params.size {
        None => DEFAULT_SIZE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=MAX_SIZE).contains(size))
            .ok_or_else(|| {
                let detail = format!("a number from 1 to {MAX_SIZE}");
                Problem::parameter(
                    Code::ParameterInvalid,
                    "page[size]",
                    FieldCode::Invalid,
                    detail,
                )
            })?,
    };
    let count = flag("count", params.count.as_deref())?;
    let start = match (&params.after, &params.before) {
        (None, None) => Start::First,
        (Some(cursor), None) => Start::After(open(cursor, "page[after]", identity, secrets)?),
        (None, Some(cursor)) => Start::Before(open(cursor, "page[before]", identity, secrets)?),
        (Some(_), Some(_)) => {
            let detail = "page[after] and page[before] exclude each other";
            return Err(Problem::parameter(
                Code::ParameterInvalid,
                "page[before]",
                FieldCode::NotAllowed,
                detail,
            ));
        }
    };
    Ok(PageAsk { size, start, count })
}

/// A parameter that is `true` or `false`; false when it is missing.
pub(crate) fn flag(name: &str, value: Option<&str>) -> Result<bool, Problem> {
    match value {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::parameter(
            Code::ParameterInvalid,
            name,
            FieldCode::UnknownValue,
            "true or false",
        )),
    }
}

/// The page as lists tell it.
pub(crate) fn info<T>(
    page: &Page<T>,
    size: u32,
    identity: &ListIdentity,
    secrets: &Secrets,
) -> (PageInfo, ListMeta) {
    let cursor = |key: &Option<Key>| key.as_ref().map(|key| seal(key, identity, secrets));
    let info = PageInfo {
        size,
        next: cursor(&page.next),
        prev: cursor(&page.prev),
    };
    let meta = ListMeta {
        total: page.total.map(|total| total.total),
        total_is_lower_bound: page.total.is_some_and(|total| total.is_lower_bound),
    };
    (info, meta)
}

/// The `Link` header (RFC 8288) of a page: the request's own query with another cursor.
pub(crate) fn links(path: &str, query: &str, page: &PageInfo) -> Option<String> {
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("");
            let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
            !pair.is_empty() && name != "page[after]" && name != "page[before]"
        })
        .collect();
    let link = |name: &str, rel: &str, cursor: &String| {
        let own = format!("page%5B{name}%5D={cursor}");
        let query: Vec<&str> = rest
            .iter()
            .copied()
            .chain(std::iter::once(own.as_str()))
            .collect();
        format!("<{path}?{}>; rel=\"{rel}\"", query.join("&"))
    };
    let found: Vec<String> = [
        ("after", "next", &page.next),
        ("before", "prev", &page.prev),
    ]
    .into_iter()
    .filter_map(|(name, rel, cursor)| cursor.as_ref().map(|cursor| link(name, rel, cursor)))
    .collect();
    (!found.is_empty()).then(|| found.join(", "))
}

/// A page for signed-in callers, with its `Link` header; `size` is what was asked for.
pub(crate) fn private_list<T, B: From<T> + Serialize>(
    request: &HttpRequest,
    found: Page<T>,
    size: u32,
    identity: &ListIdentity,
    secrets: &Secrets,
) -> HttpResponse {
    let (page, meta) = info(&found, size, identity, secrets);
    let mut response = envelope::private(StatusCode::OK);
    if let Some(links) = links(request.path(), request.query_string(), &page) {
        response.insert_header((header::LINK, links));
    }
    let data: Vec<B> = found.items.into_iter().map(Into::into).collect();
    response.json(List { data, page, meta })
}

fn seal(key: &Key, identity: &ListIdentity, secrets: &Secrets) -> String {
    let parts = (
        VERSION,
        &identity.route,
        identity.sort,
        &identity.filters,
        &key.key,
        &key.id,
    );
    // A tuple of texts always has a JSON form.
    secrets.seal(&serde_json::to_string(&parts).unwrap_or_default())
}

fn open(
    cursor: &str,
    parameter: &str,
    identity: &ListIdentity,
    secrets: &Secrets,
) -> Result<Key, Problem> {
    let refused = || {
        let detail = "a cursor of this list, with the same filters and sort";
        Problem::parameter(Code::CursorInvalid, parameter, FieldCode::Invalid, detail)
    };
    let text = secrets.open(cursor).ok_or_else(refused)?;
    let (version, route, sort, filters, key, id): (u8, String, String, String, String, String) =
        serde_json::from_str(&text).map_err(|_| refused())?;
    let fits = version == VERSION
        && route == identity.route
        && sort == identity.sort
        && filters == identity.filters;
    if fits {
        Ok(Key { key, id })
    } else {
        Err(refused())
    }
}
