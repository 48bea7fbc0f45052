//! `GET /editorial/sites/{site}/entries`: the working list of one site.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::editorial::WorkingEntry;
use serde::Deserialize;

use super::list::{WorkingListQuery, respond};
use crate::envelope::List;
use crate::extract::{Authorized, Ids, Query, permissions};
use crate::problem::Problem;

/// The parameters of the working list of one site: those of the whole but for the site, which the
/// path names. A comma stands for «any of».
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteListQuery {
    /// States.
    #[serde(rename = "filter[state]")]
    #[param(rename = "filter[state]", example = "in_review,in_approval")]
    state: Option<String>,
    /// Content types.
    #[serde(rename = "filter[type]")]
    #[param(rename = "filter[type]")]
    kind: Option<String>,
    /// Slugs of sections.
    #[serde(rename = "filter[section]")]
    #[param(rename = "filter[section]")]
    section: Option<String>,
    /// Written by this person.
    #[serde(rename = "filter[author]")]
    #[param(rename = "filter[author]")]
    author: Option<String>,
    /// On this person's desk.
    #[serde(rename = "filter[assignee]")]
    #[param(rename = "filter[assignee]")]
    assignee: Option<String>,
    /// Published without approval and not confirmed: `true` or `false`.
    #[serde(rename = "filter[needs_second_look]")]
    #[param(rename = "filter[needs_second_look]", value_type = Option<bool>)]
    needs_second_look: Option<String>,
    /// Whose time came, and which the clock could not publish: `true` or `false`.
    #[serde(rename = "filter[held]")]
    #[param(rename = "filter[held]", value_type = Option<bool>)]
    held: Option<String>,
    /// `-updated_at` (when missing) or `updated_at`.
    sort: Option<String>,
    /// How many entries, 1 to 100; 20 when missing.
    #[serde(rename = "page[size]")]
    #[param(rename = "page[size]", value_type = Option<u32>, minimum = 1, maximum = 100)]
    size: Option<String>,
    /// Cursor of the page before.
    #[serde(rename = "page[after]")]
    #[param(rename = "page[after]")]
    after: Option<String>,
    /// Cursor of the page after.
    #[serde(rename = "page[before]")]
    #[param(rename = "page[before]")]
    before: Option<String>,
    /// Whether to count: `true` or `false`.
    #[param(value_type = Option<bool>)]
    count: Option<String>,
}

impl From<SiteListQuery> for WorkingListQuery {
    fn from(query: SiteListQuery) -> Self {
        Self {
            site: None,
            state: query.state,
            kind: query.kind,
            section: query.section,
            author: query.author,
            assignee: query.assignee,
            needs_second_look: query.needs_second_look,
            held: query.held,
            sort: query.sort,
            size: query.size,
            after: query.after,
            before: query.before,
            count: query.count,
        }
    }
}

/// The working list of a site.
#[utoipa::path(
    tag = "editorial", operation_id = "list_site_entries", security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site", example = "hai-tien"), SiteListQuery),
    responses((status = 200, description = "A page", body = List<WorkingEntry>))
)]
#[get("/editorial/sites/{site}/entries")]
pub(crate) async fn list_site_entries(
    caller: Authorized<permissions::ReadEntries>,
    site: Ids<String>,
    query: Query<SiteListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = WorkingListQuery::from(query.0);
    let (mut filter, sort) = query.filter()?;
    filter.sites = vec![site.0];
    respond(&caller, &query, filter, sort, &request).await
}
