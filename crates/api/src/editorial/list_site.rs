//! `GET /editorial/sites/{site}/entries`: the working list of one site.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::editorial::WorkingEntry;
use loa_domain::field::FieldCode;

use super::list::{WorkingListQuery, respond};
use crate::envelope::List;
use crate::extract::{Authorized, Ids, Query, permissions};
use crate::problem::{Code, Problem};

/// The working list of a site. `filter[site]` has no place here.
#[utoipa::path(
    tag = "editorial", operation_id = "list_site_entries", security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site", example = "hai-tien"), WorkingListQuery),
    responses((status = 200, description = "A page", body = List<WorkingEntry>))
)]
#[get("/editorial/sites/{site}/entries")]
pub(crate) async fn list_site_entries(
    caller: Authorized<permissions::ReadEntries>,
    site: Ids<String>,
    query: Query<WorkingListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if query.0.site.is_some() {
        let detail = "the path names the site";
        return Err(Problem::parameter(
            Code::UnknownParameter,
            "filter[site]",
            FieldCode::NotAllowed,
            detail,
        ));
    }
    let (mut filter, sort) = query.0.filter()?;
    filter.sites = vec![site.0];
    respond(&caller, &query.0, filter, sort, &request).await
}
