//! Units as readers see them: every period of a code, with what came before and after.

use std::collections::HashMap;

use chrono::NaiveDate;
use loa_domain::ids::UnitId;
use loa_domain::unit::Unit;

use crate::conn::Conn;
use crate::error::Error;
use crate::row::At;
use crate::units;

/// A step from one unit to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The other unit.
    pub unit: Unit,
    /// The day.
    pub on: NaiveDate,
    /// The resolution.
    pub legal_basis: String,
}

/// A period of a unit with its surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The unit in this period.
    pub unit: Unit,
    /// The unit above.
    pub parent: Option<Unit>,
    /// Units that became this one, or a part of it.
    pub predecessors: Vec<Step>,
    /// Units that this one became, or became a part of.
    pub successors: Vec<Step>,
}

/// Every period of a code, oldest first; empty when nothing ever had it. Three queries.
///
/// # Errors
/// Of the database.
pub fn periods(conn: &mut Conn, code: &str) -> Result<Vec<Period>, Error> {
    let periods = units::periods(conn, code)?;
    let ids: Vec<UnitId> = periods.iter().map(|unit| unit.id).collect();
    let successions = units::successions_of(conn, &ids)?;
    let mut others: Vec<UnitId> = periods.iter().filter_map(|unit| unit.parent).collect();
    others.extend(
        successions
            .iter()
            .flat_map(|s| [s.predecessor, s.successor]),
    );
    let known: HashMap<UnitId, Unit> = units::get_many(conn, &others)?
        .into_iter()
        .map(|unit| (unit.id, unit))
        .collect();
    let other = |of: UnitId, id: UnitId| {
        known.get(&id).cloned().ok_or_else(|| {
            let id = of.to_string();
            At {
                table: "units",
                id: &id,
            }
            .corrupt("leads to a unit that is not there")
        })
    };
    periods
        .into_iter()
        .map(|unit| {
            let step = |other_id, on, legal_basis: &str| {
                Ok::<_, Error>(Step {
                    unit: other(unit.id, other_id)?,
                    on,
                    legal_basis: legal_basis.to_owned(),
                })
            };
            let predecessors = successions
                .iter()
                .filter(|s| s.successor == unit.id)
                .map(|s| step(s.predecessor, s.on, &s.legal_basis))
                .collect::<Result<_, _>>()?;
            let successors = successions
                .iter()
                .filter(|s| s.predecessor == unit.id)
                .map(|s| step(s.successor, s.on, &s.legal_basis))
                .collect::<Result<_, _>>()?;
            Ok(Period {
                parent: unit.parent.map(|id| other(unit.id, id)).transpose()?,
                predecessors,
                successors,
                unit,
            })
        })
        .collect()
}
