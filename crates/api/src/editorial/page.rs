//! Paging parameters shared by lists of this part, and their answers.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use loa_app::Secrets;
use loa_domain::paging::Page;
use serde::{Deserialize, Serialize};

use crate::envelope::{self, List};
use crate::paging::{self, ListIdentity, PageParams};

/// Paging of a history, which is read from its newest line.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// How many lines, 1 to 100; 20 when missing.
    #[serde(rename = "page[size]")]
    #[param(rename = "page[size]", value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor of the page before.
    #[serde(rename = "page[after]")]
    #[param(rename = "page[after]")]
    after: Option<String>,
}

impl HistoryQuery {
    pub(crate) fn params(self) -> PageParams {
        PageParams {
            size: self.size,
            after: self.after,
            before: None,
            count: None,
        }
    }
}

/// A list that is read from its newest line: the same order for everyone, no filters.
pub(crate) fn history(request: &HttpRequest) -> ListIdentity {
    ListIdentity::new(request.path(), "-number", "")
}

/// A page as an answer, with its `Link` header.
pub(crate) fn answer<T: Serialize>(
    request: &HttpRequest,
    page: Page<T>,
    size: u32,
    identity: &ListIdentity,
    secrets: &Secrets,
) -> HttpResponse {
    let (info, meta) = paging::info(&page, size, identity, secrets);
    let links = paging::links(request.path(), request.query_string(), &info);
    let mut builder = envelope::private(StatusCode::OK);
    if let Some(links) = links {
        builder.insert_header(("Link", links));
    }
    builder.json(List {
        data: page.items,
        page: info,
        meta,
    })
}
