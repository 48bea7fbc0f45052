//! `PUT /editorial/sites/{site}/entries/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use loa_domain::ids::EntryId;

use super::body::{SaveEntry, SaveMeta};
use super::create::SavedEntry;
use super::read::address;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// Replaces the content of the open edition.
#[utoipa::path(
    tag = "editorial", operation_id = "save_entry", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("id" = EntryId, Path, description = "The entry"),
        ("If-Match" = String, Header, description = "The version you saw"),
    ),
    request_body = SaveEntry,
    responses((status = 200, description = "The entry", body = SavedEntry,
        headers(("ETag" = String, description = "Its version"))))
)]
#[put("/editorial/sites/{site}/entries/{id}")]
pub(crate) async fn save_entry(
    caller: Authorized<permissions::ReadEntries>,
    path: Ids<(String, EntryId)>,
    conditions: Conditions,
    body: Json<SaveEntry>,
) -> Result<HttpResponse, Problem> {
    let address = address(path.0);
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let kind = {
        let (editorial, actor, address) = (editorial.clone(), actor.clone(), address.clone());
        blocking(move || editorial.kind(&actor, &address)).await?
    };
    let content = body.value;
    let (request, cleaned) = caller
        .in_turn(move || {
            Ok(content.into_request(kind).map(|request| {
                let cleaned = request.clean();
                (request, cleaned)
            }))
        })
        .await??;
    let save = move || editorial.save(&actor, &address, (&request, &cleaned), &conditions.if_match);
    let saved = blocking(save).await?;
    let tag =
        caller
            .secrets()
            .version_tag("entry", &saved.entry.id.to_string(), saved.entry.version);
    let meta = SaveMeta {
        warnings: saved.warnings,
    };
    Ok(envelope::private(StatusCode::OK)
        .insert_header(("ETag", format!("\"{tag}\"")))
        .json(SavedEntry {
            data: saved.entry,
            meta,
        }))
}
