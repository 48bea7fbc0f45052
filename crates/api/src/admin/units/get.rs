//! `GET /admin/units/{id}`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use loa_domain::ids::UnitId;

use super::UnitBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Gives one period of a unit.
#[utoipa::path(
    tag = "admin",
    operation_id = "get_admin_unit",
    security(("bearer" = [])),
    params(("id" = UnitId, Path, description = "The unit")),
    responses((status = 200, body = envelope::Data<UnitBody>, headers(("ETag" = String))))
)]
#[get("/admin/units/{id}")]
pub(super) async fn get_admin_unit(
    caller: Authorized<permissions::ReadSite>,
    ids: Ids<UnitId>,
) -> Result<HttpResponse, Problem> {
    let admin = caller.admin();
    let found = blocking(move || admin.get_unit(ids.0)).await?;
    let tag = caller
        .secrets()
        .version_tag("unit", &found.id.to_string(), found.version);
    Ok(envelope::tagged(
        StatusCode::OK,
        &tag,
        UnitBody::from(found),
    ))
}
