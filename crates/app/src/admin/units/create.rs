//! A new unit, or a new period of one.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::right::Right;
use loa_domain::unit::Unit;
use loa_store::{Written, changes, units};
use serde_json::json;

use super::{UnitRequest, changed, code_taken};
use crate::admin::{Admin, must_on_platform, record};
use crate::error::if_taken;
use crate::idempotency::{Idempotency, once};
use crate::{Error, ids};

impl Admin {
    /// Adds a unit.
    ///
    /// # Errors
    /// `Forbidden`; `Invalid`, at `/valid_from` when the code is taken on some of its days.
    pub fn create_unit(
        &self,
        actor: &Actor,
        request: &UnitRequest,
        idempotency: Option<&Idempotency>,
    ) -> Result<Unit, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            must_on_platform(actor, Right::ManageUnits)?;
            // Two periods of one code must not be checked side by side.
            changes::hold(tx)?;
            once(tx, actor.user, idempotency, now, |tx| {
                let unit = request.checked(tx, ids::fresh(now), 1)?;
                units::insert(tx, &unit, now).map_err(|error| if_taken(error, code_taken))?;
                let subject = ("unit", unit.id.to_string());
                let detail = json!({"code": unit.code, "valid_from": unit.valid_from});
                Ok(Written {
                    changes: vec![changed(unit.id, ChangeKind::Published)],
                    audit: vec![record(
                        Chain::Platform,
                        actor,
                        "unit.create",
                        subject,
                        detail,
                    )],
                    value: unit,
                })
            })
        })
    }
}
