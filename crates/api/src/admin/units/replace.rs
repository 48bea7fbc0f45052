//! `PUT /admin/units/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, put};
use loa_domain::ids::UnitId;

use super::{UnitBody, UnitInput};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Conditions, Ids, Json, permissions};
use crate::problem::Problem;

/// Replaces a unit.
#[utoipa::path(
    tag = "admin",
    operation_id = "replace_unit",
    security(("bearer" = [])),
    params(
        ("id" = UnitId, Path, description = "The unit"),
        ("If-Match" = String, Header, description = "Tag of the version that is replaced"),
    ),
    request_body = UnitInput,
    responses((status = 200, body = envelope::Data<UnitBody>, headers(("ETag" = String))))
)]
#[put("/admin/units/{id}")]
pub(super) async fn replace_unit(
    caller: Authorized<permissions::ManageUnits>,
    ids: Ids<UnitId>,
    conditions: Conditions,
    body: Json<UnitInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, if_match) = (body.value.into(), conditions.if_match);
    let found = blocking(move || admin.replace_unit(&actor, ids.0, &request, &if_match)).await?;
    let tag = caller
        .secrets()
        .version_tag("unit", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        UnitBody::from(found),
    ))
}
