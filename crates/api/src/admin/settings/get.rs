//! `GET /admin/sites/{site}/settings`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};

use super::SettingsBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives the settings of a site.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_settings",
    security(("bearer" = [])),
    params(("site" = String, Path, description = "Slug of the site")),
    responses((status = 200, body = envelope::Data<SettingsBody>, headers(("ETag" = String))))
)]
#[get("/admin/sites/{site}/settings")]
pub(super) async fn get_settings(
    caller: Authorized<permissions::ReadSite>,
    ids: Ids<String>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let found = blocking(move || admin.get_settings(&actor, &ids.0)).await?;
    let tag = caller
        .secrets()
        .version_tag("settings", &found.site.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SettingsBody::from(found),
    ))
}
