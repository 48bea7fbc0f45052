//! `GET …/{id}/editions`.

use actix_web::{HttpResponse, get};
use loa_app::editorial::EditionView;
use loa_domain::ids::EntryId;

use super::read::address;
use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Every edition of an entry, newest first.
#[utoipa::path(
    tag = "editorial", operation_id = "list_editions", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
    ),
    responses((status = 200, description = "The editions", body = Data<Vec<EditionView>>))
)]
#[get("/editorial/sites/{site}/entries/{id}/editions")]
pub(crate) async fn list_editions(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
) -> Result<HttpResponse, Problem> {
    let (editorial, actor) = (caller.editorial(), caller.actor());
    Ok(envelope::ok(
        blocking(move || editorial.editions(&actor, &address(path.0))).await?,
    ))
}
