//! `POST /editorial/sites/{site}/entries`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use loa_app::editorial::EditorialEntry;
use serde::Serialize;

use super::body::{CreateEntry, SaveMeta};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Json, Keyed, permissions};
use crate::problem::Problem;

/// An entry with what was changed on the way in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SavedEntry {
    /// The entry.
    pub(crate) data: EditorialEntry,
    /// What was accepted, but not as it was sent.
    pub(crate) meta: SaveMeta,
}

/// Makes an entry with its first draft.
#[utoipa::path(
    tag = "editorial", operation_id = "create_entry", security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site", example = "hai-tien"),
        ("Idempotency-Key" = Option<String>, Header, description = "Send the same key to repeat safely"),
    ),
    request_body = CreateEntry,
    responses((status = 201, description = "The draft", body = SavedEntry,
        headers(("Location" = String, description = "Its address"), ("ETag" = String, description = "Its version"))))
)]
#[post("/editorial/sites/{site}/entries")]
pub(crate) async fn create_entry(
    caller: Authorized<permissions::WriteEntries>,
    site: Ids<String>,
    keyed: Keyed,
    body: Json<CreateEntry>,
) -> Result<HttpResponse, Problem> {
    let idempotency = keyed.with(&body.sha256);
    let content = body.value;
    let (request, cleaned) = caller
        .in_turn(move || {
            Ok(content.into_request().map(|request| {
                let cleaned = request.content.clean();
                (request, cleaned)
            }))
        })
        .await??;
    let (editorial, actor) = (caller.editorial(), caller.actor());
    let site = site.0;
    let create =
        move || editorial.create(&actor, &site, (&request, &cleaned), idempotency.as_ref());
    let saved = blocking(create).await?;
    let id = saved.entry.id.to_string();
    let tag = caller
        .secrets()
        .version_tag("entry", &id, saved.entry.version);
    let location = format!("/api/v1/editorial/sites/{}/entries/{id}", saved.entry.site);
    let meta = SaveMeta {
        warnings: saved.warnings,
    };
    Ok(envelope::private(StatusCode::CREATED)
        .insert_header(("ETag", format!("\"{tag}\"")))
        .insert_header(("Location", location))
        .json(SavedEntry {
            data: saved.entry,
            meta,
        }))
}
