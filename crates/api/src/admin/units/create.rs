//! `POST /admin/units`.

use actix_web::{HttpResponse, post};

use super::{UnitBody, UnitInput, location};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Json, Keyed, permissions};
use crate::problem::Problem;

/// Makes a unit, or a new period of a code.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_unit",
    security(("bearer" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = UnitInput,
    responses((status = 201, body = envelope::Data<UnitBody>, headers(("ETag" = String), ("Location" = String))))
)]
#[post("/admin/units")]
pub(super) async fn create_unit(
    caller: Authorized<permissions::ManageUnits>,
    key: Keyed,
    body: Json<UnitInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let made = blocking(move || admin.create_unit(&actor, &request, key.as_ref())).await?;
    let tag = caller
        .secrets()
        .version_tag("unit", &made.id.to_string(), made.version);
    let location = location(made.id);
    envelope::created(&tag, &location, UnitBody::from(made))
}
