//! Units. They belong to the platform; what is said of them is public, so whoever may read a site's
//! settings may read them here.

mod create;
mod get;
mod list;
mod replace;
mod successions;

use chrono::NaiveDate;
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::UnitId;
use loa_domain::unit::{Unit, UnitKind};
use loa_store::{Conn, units};

pub use successions::NewSuccession;

use super::checks::{Checks, line};
use crate::Error;

/// A unit as it is made or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRequest {
    /// Statistical code.
    pub code: String,
    /// Full name with its kind.
    pub name: String,
    /// Kind.
    pub kind: UnitKind,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it is no more.
    pub valid_to: Option<NaiveDate>,
}

impl UnitRequest {
    /// The unit, once everything about it is checked.
    fn checked(&self, conn: &mut Conn, id: UnitId, version: i64) -> Result<Unit, Error> {
        let unit = Unit {
            id,
            code: self.code.clone(),
            name: line(&self.name),
            kind: self.kind,
            parent: self.parent,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            version,
        };
        let mut checks = Checks::default();
        if !is_code(&unit.code) {
            checks.refuse("/code", FieldCode::Invalid, "1 to 20 letters and digits");
        }
        checks.line("/name", &unit.name, 200);
        if unit.valid_to.is_some_and(|end| end <= unit.valid_from) {
            checks.refuse("/valid_to", FieldCode::Invalid, "after the first day");
        }
        if let Some(parent) = unit.parent {
            let above = units::with_ancestors(conn, parent)?;
            if above.is_empty() {
                checks.refuse("/parent", FieldCode::NotFound, "no unit has this id");
            } else if above.contains(&id) {
                checks.refuse("/parent", FieldCode::NotAllowed, "would be below itself");
            }
        }
        checks.done()?;
        let periods = units::periods(conn, &unit.code)?;
        if periods
            .iter()
            .any(|other| other.id != id && other.overlaps(unit.valid_from, unit.valid_to))
        {
            return Err(code_taken());
        }
        Ok(unit)
    }
}

fn is_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn code_taken() -> Error {
    Error::field(FieldError::new(
        "/valid_from",
        FieldCode::Taken,
        "the code belongs to another unit on some of these days",
    ))
}

fn changed(unit: UnitId, kind: ChangeKind) -> NewChange {
    NewChange {
        site: None,
        subject: SubjectKind::Unit,
        subject_id: unit.to_string(),
        kind,
    }
}
