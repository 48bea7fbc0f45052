//! Paging parameters of histories.

use actix_web::HttpRequest;
use serde::Deserialize;

use crate::paging::{ListIdentity, PageParams};

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
