//! `/admin/units`: units of every period, and who followed whom.

mod create;
mod create_succession;
mod get;
mod list;
mod list_successions;
mod replace;

use chrono::NaiveDate;
use loa_app::admin::UnitRequest;
use loa_domain::ids::{SuccessionId, UnitId};
use loa_domain::unit::{Succession, Unit, UnitKind};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

/// Routes under the base.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_units)
        .service(create::create_unit)
        .service(get::get_admin_unit)
        .service(replace::replace_unit)
        .service(list_successions::list_successions)
        .service(create_succession::create_succession);
}

/// One period of a unit.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AdminUnit)]
struct UnitBody {
    /// Identity.
    id: UnitId,
    /// Statistical code; reused over time.
    #[schema(example = "14218")]
    code: String,
    /// Full name with its kind.
    #[schema(example = "Xã Hải Tiến")]
    name: String,
    /// Kind.
    kind: UnitKind,
    /// The unit above.
    #[schema(required)]
    parent: Option<UnitId>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it is no more.
    #[schema(required)]
    valid_to: Option<NaiveDate>,
}

impl From<Unit> for UnitBody {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            code: unit.code,
            name: unit.name,
            kind: unit.kind,
            parent: unit.parent,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
        }
    }
}

/// A unit as it is made or replaced.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = UnitRequest)]
#[serde(deny_unknown_fields)]
struct UnitInput {
    /// Statistical code, 1 to 20 letters and digits; on any one day it belongs to one unit.
    #[schema(example = "14218", pattern = "^[A-Za-z0-9]{1,20}$")]
    code: String,
    /// Full name with its kind, at most 200 characters.
    #[schema(example = "Xã Hải Tiến", max_length = 200, pattern = "\\S")]
    name: String,
    /// Kind.
    kind: UnitKind,
    /// The unit above.
    #[serde(default)]
    parent: Option<UnitId>,
    /// First day.
    #[serde(deserialize_with = "loa_domain::day::required")]
    valid_from: NaiveDate,
    /// First day on which it is no more.
    #[serde(default, deserialize_with = "loa_domain::day::optional")]
    valid_to: Option<NaiveDate>,
}

impl From<UnitInput> for UnitRequest {
    fn from(input: UnitInput) -> Self {
        Self {
            code: input.code,
            name: input.name,
            kind: input.kind,
            parent: input.parent,
            valid_from: input.valid_from,
            valid_to: input.valid_to,
        }
    }
}

/// That one unit followed another.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Succession)]
struct SuccessionBody {
    /// Identity.
    id: SuccessionId,
    /// The unit that ended.
    predecessor: UnitId,
    /// The unit that took its place, or a part of it.
    successor: UnitId,
    /// The day.
    on: NaiveDate,
    /// The resolution.
    #[schema(example = "Nghị quyết 1674/NQ-UBTVQH15")]
    legal_basis: String,
}

impl From<Succession> for SuccessionBody {
    fn from(succession: Succession) -> Self {
        Self {
            id: succession.id,
            predecessor: succession.predecessor,
            successor: succession.successor,
            on: succession.on,
            legal_basis: succession.legal_basis,
        }
    }
}

/// Address of a unit.
fn location(id: UnitId) -> String {
    format!("/api/v1/admin/units/{id}")
}
