//! Administrative units through time.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use loa_app::delivery::{Period, Step, UnitPeriods};
use loa_domain::ids::UnitId;
use loa_domain::unit::{UnitKind, UnitName};
use serde::{Deserialize, Serialize};

use super::params;
use super::reads;
use super::visit::Visit;
use crate::envelope::Data;
use crate::extract::{Ids, Query};
use crate::problem::Problem;

/// A code and everything that has or had it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PublicUnit)]
struct UnitBody {
    /// Statistical code; reused over time.
    #[schema(example = "14218")]
    code: String,
    /// The day that is asked about.
    on: NaiveDate,
    /// The unit with this code on that day; null when none has it.
    #[schema(required)]
    unit: Option<PeriodBody>,
    /// Every unit that has or had the code, oldest first.
    periods: Vec<PeriodBody>,
}

/// A unit in one period.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = UnitPeriod)]
struct PeriodBody {
    /// Identity of this period of the unit.
    id: UnitId,
    /// Statistical code.
    code: String,
    /// Full name.
    #[schema(example = "Xã Hải Tiến")]
    name: String,
    /// Kind.
    kind: UnitKind,
    /// The unit above.
    #[schema(required)]
    parent: Option<UnitName>,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it is no more.
    #[schema(required)]
    valid_to: Option<NaiveDate>,
    /// Units that became this one, or a part of it.
    predecessors: Vec<StepBody>,
    /// Units that this one became, or became a part of.
    successors: Vec<StepBody>,
}

/// A step from one unit to another.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = UnitStep)]
struct StepBody {
    /// The other unit.
    unit: UnitName,
    /// The day.
    on: NaiveDate,
    /// The resolution.
    legal_basis: String,
}

impl From<&Step> for StepBody {
    fn from(step: &Step) -> Self {
        Self {
            unit: UnitName::from(&step.unit),
            on: step.on,
            legal_basis: step.legal_basis.clone(),
        }
    }
}

impl From<&Period> for PeriodBody {
    fn from(period: &Period) -> Self {
        let unit = &period.unit;
        Self {
            id: unit.id,
            code: unit.code.clone(),
            name: unit.name.clone(),
            kind: unit.kind,
            parent: period.parent.as_ref().map(UnitName::from),
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            predecessors: period.predecessors.iter().map(StepBody::from).collect(),
            successors: period.successors.iter().map(StepBody::from).collect(),
        }
    }
}

impl From<&UnitPeriods> for UnitBody {
    fn from(found: &UnitPeriods) -> Self {
        let valid = |period: &&Period| period.unit.valid_on(found.on);
        Self {
            code: found.code.clone(),
            on: found.on,
            unit: found.periods.iter().find(valid).map(PeriodBody::from),
            periods: found.periods.iter().map(PeriodBody::from).collect(),
        }
    }
}

/// Parameters of the single unit.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitParams {
    /// The day to ask about; today in Vietnam when missing.
    #[param(value_type = Option<NaiveDate>, example = "2025-07-01")]
    on: Option<String>,
}

/// The unit with a code, all periods of that code, and what came before and after.
#[utoipa::path(
    tag = "delivery", operation_id = "get_unit", security(()),
    params(("code" = String, Path, description = "Statistical code"), UnitParams),
    responses((status = 200, body = Data<UnitBody>), (status = 304, description = "Not modified"))
)]
#[get("/units/{code}")]
pub(crate) async fn get_unit(
    visit: Visit,
    code: Ids<String>,
    query: Query<UnitParams>,
) -> Result<HttpResponse, Problem> {
    let on = params::day("on", query.0.on.as_deref())?;
    visit
        .answer(move |delivery| {
            let found = delivery.read_unit(&code.0, on)?;
            let body = UnitBody::from(&found.value);
            reads::data(&found, body, delivery.secrets())
        })
        .await
}
