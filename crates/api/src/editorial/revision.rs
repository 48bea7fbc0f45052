//! `GET …/{id}/revisions/{number}`.

use actix_web::{HttpResponse, get};
use loa_app::editorial::{EntryAddress, RevisionView};
use loa_domain::ids::EntryId;

use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// A revision with its content.
#[utoipa::path(
    tag = "editorial", operation_id = "get_revision", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("number" = i32, Path, description = "Number of the revision"),
    ),
    responses((status = 200, description = "The revision", body = Data<RevisionView>))
)]
#[get("/editorial/sites/{site}/entries/{id}/revisions/{number}")]
pub(crate) async fn get_revision(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId, i32)>,
) -> Result<HttpResponse, Problem> {
    let (site, entry, number) = path.0;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let address = EntryAddress { site, entry };
    Ok(envelope::ok(
        blocking(move || editorial.revision(&actor, &address, number)).await?,
    ))
}
