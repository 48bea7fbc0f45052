//! `GET …/{id}/revisions`.

use actix_web::{HttpRequest, HttpResponse, get};
use loa_app::editorial::RevisionSummary;
use loa_domain::ids::EntryId;
use loa_domain::paging::Page;

use super::page::{HistoryQuery, history};
use super::read::address;
use crate::blocking::blocking;
use crate::envelope::List;
use crate::extract::{Authorized, Ids, Query, permissions};
use crate::paging;
use crate::problem::Problem;

/// Revisions of an entry, newest first.
#[utoipa::path(
    tag = "editorial", operation_id = "list_revisions", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        HistoryQuery,
    ),
    responses((status = 200, description = "A page", body = List<RevisionSummary>))
)]
#[get("/editorial/sites/{site}/entries/{id}/revisions")]
pub(crate) async fn list_revisions(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
    query: Query<HistoryQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let identity = history(&request);
    let ask = paging::ask(&query.0.params(), &identity, caller.secrets())?;
    let size = ask.size;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let page: Page<RevisionSummary> =
        blocking(move || editorial.revisions(&actor, &address(path.0), &ask)).await?;
    let secrets = caller.secrets();
    Ok(paging::private_list::<_, RevisionSummary>(
        &request, page, size, &identity, secrets,
    ))
}
