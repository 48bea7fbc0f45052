//! `DELETE /editorial/sites/{site}/entries/{id}`.

use actix_web::{HttpResponse, delete};
use loa_domain::ids::EntryId;

use super::read::address;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, permissions};
use crate::problem::Problem;

/// Deletes an entry that was never handed in.
#[utoipa::path(
    tag = "editorial", operation_id = "delete_entry", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("If-Match" = String, Header, description = "The version you saw"),
    ),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/editorial/sites/{site}/entries/{id}")]
pub(crate) async fn delete_entry(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let (editorial, actor) = (caller.editorial(), caller.actor());
    blocking(move || editorial.delete(&actor, &address(path.0), &conditions.if_match)).await?;
    Ok(envelope::no_content())
}
