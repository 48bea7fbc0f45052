//! Administrative units through time (đơn vị hành chính).
//!
//! A unit here is one period of a place: codes are reused over time, so content refers to unit ids.
//! Not for sites: a unit may have none.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{SuccessionId, UnitId};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of unit.
    UnitKind {
        /// Tỉnh.
        Province = "province",
        /// Thành phố trực thuộc trung ương.
        City = "city",
        /// Huyện, quận, thị xã, thành phố thuộc tỉnh; gone since 2025-07-01.
        District = "district",
        /// Xã.
        Commune = "commune",
        /// Phường.
        Ward = "ward",
        /// Thị trấn; gone since 2025-07-01.
        Township = "township",
        /// Đặc khu.
        SpecialZone = "special_zone",
    }
}

/// One period of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Identity.
    pub id: UnitId,
    /// Statistical code; text, leading zeros matter. Unique at any one day, reused over time.
    pub code: String,
    /// Full name with its kind, as in «Xã Hải Tiến».
    pub name: String,
    /// Kind.
    pub kind: UnitKind,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it is no more.
    pub valid_to: Option<NaiveDate>,
    /// Raised by each change.
    pub version: i64,
}

impl Unit {
    /// Whether the unit exists on this day.
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    /// Whether two periods have a day in common.
    pub fn overlaps(&self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        to.is_none_or(|end| self.valid_from < end) && self.valid_to.is_none_or(|end| from < end)
    }
}

/// Who followed whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// Identity.
    pub id: SuccessionId,
    /// The unit that ended.
    pub predecessor: UnitId,
    /// The unit that took its place, or a part of it.
    pub successor: UnitId,
    /// The day.
    pub on: NaiveDate,
    /// The resolution.
    pub legal_basis: String,
}

/// A unit as others refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UnitName {
    /// Identity of this period of the unit.
    pub id: UnitId,
    /// Statistical code.
    #[schema(example = "14218")]
    pub code: String,
    /// Full name.
    #[schema(example = "Xã Hải Tiến")]
    pub name: String,
    /// Kind.
    pub kind: UnitKind,
}

impl From<&Unit> for UnitName {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id,
            code: unit.code.clone(),
            name: unit.name.clone(),
            kind: unit.kind,
        }
    }
}
