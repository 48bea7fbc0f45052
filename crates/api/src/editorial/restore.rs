//! `POST …/{id}/revisions/{number}/restore`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use loa_app::editorial::{EditorialEntry, EntryAddress};
use loa_domain::ids::EntryId;

use super::read::answer;
use crate::blocking::blocking;
use crate::envelope::Data;
use crate::extract::{Authorized, Conditions, Ids, Keyed, permissions};
use crate::problem::Problem;

/// Saves the content of an older revision again. Has no body.
#[utoipa::path(
    tag = "editorial", operation_id = "restore_revision", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("number" = i32, Path, description = "Number of the revision"),
        ("If-Match" = String, Header, description = "The version you saw"),
        ("Idempotency-Key" = Option<String>, Header, description = "Send the same key to repeat safely"),
    ),
    responses((status = 200, description = "The entry", body = Data<EditorialEntry>,
        headers(("ETag" = String, description = "Its version"))))
)]
#[post("/editorial/sites/{site}/entries/{id}/revisions/{number}/restore")]
pub(crate) async fn restore_revision(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId, i32)>,
    conditions: Conditions,
    keyed: Keyed,
) -> Result<HttpResponse, Problem> {
    let (site, entry, number) = path.0;
    let address = EntryAddress { site, entry };
    let idempotency = keyed.with("");
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let entry = blocking(move || {
        editorial.restore(
            &actor,
            &address,
            number,
            &conditions.if_match,
            idempotency.as_ref(),
        )
    })
    .await?;
    Ok(answer(&caller, StatusCode::OK, entry))
}
