//! `GET /editorial/sites/{site}/entries/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_app::editorial::{EditorialEntry, EntryAddress};
use loa_domain::ids::EntryId;

use crate::blocking::blocking;
use crate::envelope::{self, Data};
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// The address of a path with site and entry.
pub(crate) fn address((site, entry): (String, EntryId)) -> EntryAddress {
    EntryAddress { site, entry }
}

/// An entry with the tag of its version.
pub(crate) fn answer(
    caller: &Authorized<impl crate::extract::Permission>,
    status: StatusCode,
    entry: EditorialEntry,
) -> HttpResponse {
    let tag = caller
        .secrets()
        .version_tag("entry", &entry.id.to_string(), entry.version);
    envelope::tagged(status, &tag, entry)
}

/// The open edition of an entry, or else the live one.
#[utoipa::path(
    tag = "editorial", operation_id = "get_editorial_entry", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
    ),
    responses((status = 200, description = "The entry", body = Data<EditorialEntry>,
        headers(("ETag" = String, description = "Its version"))))
)]
#[get("/editorial/sites/{site}/entries/{id}")]
pub(crate) async fn get_editorial_entry(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
) -> Result<HttpResponse, Problem> {
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let entry = blocking(move || editorial.read(&actor, &address(path.0))).await?;
    Ok(answer(&caller, StatusCode::OK, entry))
}
