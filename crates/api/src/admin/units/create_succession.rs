//! `POST /admin/units/{id}/successions`.

use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use loa_app::admin::NewSuccession;
use loa_domain::ids::UnitId;
use serde::Deserialize;

use super::{SuccessionBody, location};
use crate::blocking::blocking;
use crate::envelope;
use crate::extract::{Authorized, Ids, Json, Keyed, permissions};
use crate::problem::Problem;

/// A succession as it is stated.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = SuccessionRequest)]
#[serde(deny_unknown_fields)]
struct SuccessionInput {
    /// The unit that took its place, or a part of it.
    successor: UnitId,
    /// The day.
    #[serde(deserialize_with = "loa_domain::day::required")]
    on: NaiveDate,
    /// The resolution, at most 500 characters.
    #[schema(example = "Nghị quyết 1674/NQ-UBTVQH15")]
    legal_basis: String,
}

impl From<SuccessionInput> for NewSuccession {
    fn from(input: SuccessionInput) -> Self {
        Self {
            successor: input.successor,
            on: input.on,
            legal_basis: input.legal_basis,
        }
    }
}

/// States that a unit was followed by another.
#[utoipa::path(
    tag = "admin",
    operation_id = "create_succession",
    security(("bearer" = [])),
    params(
        ("id" = UnitId, Path, description = "The unit"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again"),
    ),
    request_body = SuccessionInput,
    responses((status = 201, body = envelope::Data<SuccessionBody>, headers(("Location" = String))))
)]
#[post("/admin/units/{id}/successions")]
pub(super) async fn create_succession(
    caller: Authorized<permissions::ManageUnits>,
    ids: Ids<UnitId>,
    key: Keyed,
    body: Json<SuccessionInput>,
) -> Result<HttpResponse, Problem> {
    let (admin, actor) = (caller.admin(), caller.actor());
    let (request, key) = (body.value.into(), key.with(&body.sha256));
    let unit = ids.0;
    let made =
        blocking(move || admin.create_succession(&actor, unit, &request, key.as_ref())).await?;
    let location = format!("{}/successions", location(unit));
    envelope::made(&location, SuccessionBody::from(made))
}
