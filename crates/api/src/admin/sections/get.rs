//! `GET /admin/sites/{site}/sections/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_domain::ids::SectionId;

use super::SectionBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives a section.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_admin_section",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("id" = SectionId, Path, description = "The section"),
    ),
    responses((status = 200, body = envelope::Data<SectionBody>, headers(("ETag" = String))))
)]
#[get("/admin/sites/{site}/sections/{id}")]
pub(super) async fn get_admin_section(
    caller: Authorized<permissions::ReadSite>,
    ids: Ids<(String, SectionId)>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (site, id) = ids.0;
    let found = blocking(move || admin.get_section(&actor, &site, id)).await?;
    let tag = caller
        .secrets()
        .version_tag("section", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SectionBody::from(found),
    ))
}
