//! `PUT /admin/sites/{site}/settings`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};

use super::SettingsBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// Replaces the settings of a site. A language that has entries cannot go.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_settings",
    security(("bearer" = [])),
    params(
        ("site" = String, Path, description = "Slug of the site"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = SettingsBody,
    responses((status = 200, body = envelope::Data<SettingsBody>, headers(("ETag" = String))))
)]
#[put("/admin/sites/{site}/settings")]
pub(super) async fn replace_settings(
    caller: Authorized<permissions::ManageSettings>,
    ids: Ids<String>,
    conditions: Conditions,
    body: Json<SettingsBody>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, if_match) = (body.value.into(), conditions.if_match);
    let found =
        blocking(move || admin.replace_settings(&actor, &ids.0, &request, &if_match)).await?;
    let tag = caller
        .secrets()
        .version_tag("settings", &found.site.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        SettingsBody::from(found),
    ))
}
