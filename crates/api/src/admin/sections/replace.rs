//! `PUT /admin/sites/{site}/sections/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use loa_domain::ids::SectionId;

use super::{SectionBody, SectionInput};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// Replaces a section: renames, moves, opens or closes it.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_section",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("id" = SectionId, Path, description = "The section"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = SectionInput,
    responses((status = 200, body = envelope::Data<SectionBody>, headers(("ETag" = String))))
)]
#[put("/admin/sites/{site}/sections/{id}")]
pub(super) async fn replace_section(
    caller: Authorized<permissions::ManageSections>,
    ids: Ids<(String, SectionId)>,
    conditions: Conditions,
    body: Json<SectionInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, if_match) = (body.value.into(), conditions.if_match);
    let (site, id) = ids.0;
    let found =
        blocking(move || admin.replace_section(&actor, &site, id, &request, &if_match)).await?;
    let tag = caller
        .secrets()
        .version_tag("section", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SectionBody::from(found),
    ))
}
