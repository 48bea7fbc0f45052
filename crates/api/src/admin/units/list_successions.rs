//! `GET /admin/units/{id}/successions`.

use actix_web::{HttpResponse, get};
use loa_domain::ids::UnitId;

use super::SuccessionBody;
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, permissions};
use crate::problem::Problem;

/// Lists the successions a unit takes part in, on either side, oldest first.
#[utoipa::path(
    tag = "admin",
    operation_id = "list_successions",
    security(("bearer" = [])),
    params(("id" = UnitId, Path, description = "The unit")),
    responses((status = 200, body = envelope::Data<Vec<SuccessionBody>>))
)]
#[get("/admin/units/{id}/successions")]
pub(super) async fn list_successions(
    caller: Authorized<permissions::ReadSite>,
    id: Ids<UnitId>,
) -> Result<HttpResponse, Problem> {
    let admin = caller.admin();
    let found = blocking(move || admin.list_successions(id.0)).await?;
    let data: Vec<SuccessionBody> = found.into_iter().map(Into::into).collect();
    Ok(envelope::ok(data))
}
