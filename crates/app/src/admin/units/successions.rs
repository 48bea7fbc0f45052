//! Who followed whom.

use chrono::NaiveDate;
use std::collections::BTreeSet;

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::UnitId;
use loa_domain::right::Right;
use loa_domain::unit::Succession;
use loa_store::{Tx, Written, units};
use serde_json::json;

use super::changed;
use crate::admin::checks::{Checks, line};
use crate::admin::{Admin, must_on_platform, record};
use crate::error::if_taken;
use crate::idempotency::{Idempotency, once};
use crate::{Error, ids};

/// A statement that a unit was followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSuccession {
    /// The unit that took its place, or a part of it.
    pub successor: UnitId,
    /// The day.
    pub on: NaiveDate,
    /// The resolution.
    pub legal_basis: String,
}

impl Admin {
    /// The successions a unit takes part in, on either side, oldest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn list_successions(&self, unit: UnitId) -> Result<Vec<Succession>, Error> {
        self.context.store.read(|conn| {
            units::get(conn, unit)?.ok_or(Error::NotFound)?;
            units::successions_of(conn, &[unit]).map_err(Error::from)
        })
    }

    /// States who followed a unit.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`.
    pub fn create_succession(
        &self,
        actor: &Actor,
        unit: UnitId,
        request: &NewSuccession,
        idempotency: Option<&Idempotency>,
    ) -> Result<Succession, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            units::get(tx, unit)?.ok_or(Error::NotFound)?;
            must_on_platform(actor, Right::ManageUnits)?;
            once(tx, actor.user, idempotency, now, |tx| {
                let succession = Succession {
                    id: ids::fresh(now),
                    predecessor: unit,
                    successor: request.successor,
                    on: request.on,
                    legal_basis: line(&request.legal_basis),
                };
                insert(tx, &succession)?;
                let subject = ("unit", unit.to_string());
                let detail = json!({"successor": succession.successor, "on": succession.on});
                Ok(Written {
                    changes: [unit, succession.successor]
                        .map(|unit| changed(unit, ChangeKind::Updated))
                        .to_vec(),
                    audit: vec![record(
                        Chain::Platform,
                        actor,
                        "unit.succeed",
                        subject,
                        detail,
                    )],
                    value: succession,
                })
            })
        })
    }
}

fn insert(tx: &mut Tx<'_>, succession: &Succession) -> Result<(), Error> {
    let mut checks = Checks::default();
    checks.line("/legal_basis", &succession.legal_basis, 500);
    if succession.successor == succession.predecessor {
        checks.refuse("/successor", FieldCode::NotAllowed, "the unit itself");
    } else if units::get(tx, succession.successor)?.is_none() {
        checks.refuse("/successor", FieldCode::NotFound, "no unit has this id");
    }
    checks.done()?;
    if comes_after(tx, succession.successor, succession.predecessor)? {
        let detail = "this unit came before the other one: successions would run in a circle";
        let error = FieldError::new("/successor", FieldCode::NotAllowed, detail);
        return Err(Error::field(error));
    }
    units::insert_succession(tx, succession).map_err(|error| {
        if_taken(error, || {
            let detail = "this succession is known already";
            Error::field(FieldError::new("/successor", FieldCode::Taken, detail))
        })
    })
}

/// Whether `later` follows `earlier` by the successions that are known, directly or over others.
fn comes_after(tx: &mut Tx<'_>, earlier: UnitId, later: UnitId) -> Result<bool, Error> {
    let mut seen = BTreeSet::from([earlier]);
    let mut newest = vec![earlier];
    // One query for each generation of units, and there are few reforms.
    while !newest.is_empty() {
        let known = units::successions_of(tx, &newest)?;
        newest = known
            .into_iter()
            .filter(|known| newest.contains(&known.predecessor))
            .map(|known| known.successor)
            .filter(|unit| seen.insert(*unit))
            .collect();
    }
    Ok(seen.contains(&later))
}
