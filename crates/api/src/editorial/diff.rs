//! `GET …/{id}/revisions/{from}/diff/{to}`.

use actix_web::{HttpResponse, get};
use loa_app::editorial::{DiffView, EntryAddress};
use loa_domain::ids::EntryId;

use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// What differs between two revisions.
#[utoipa::path(
    tag = "editorial", operation_id = "diff_revisions", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("from" = i32, Path, description = "Number of the revision to start from"),
        ("to" = i32, Path, description = "Number of the revision to arrive at"),
    ),
    responses((status = 200, description = "Fields that differ", body = Data<DiffView>))
)]
#[get("/editorial/sites/{site}/entries/{id}/revisions/{from}/diff/{to}")]
pub(crate) async fn diff_revisions(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId, i32, i32)>,
) -> Result<HttpResponse, Problem> {
    let (site, entry, from, to) = path.0;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let address = EntryAddress { site, entry };
    let pair = blocking(move || editorial.revisions_to_compare(&actor, &address, from, to)).await?;
    Ok(envelope::ok(caller.in_turn(move || pair.diff()).await?))
}
