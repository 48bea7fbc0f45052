//! Replacing what is known of a unit.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::ids::UnitId;
use loa_domain::right::Right;
use loa_domain::unit::Unit;
use loa_store::{Written, changes, sites, units};
use serde_json::json;

use super::{UnitRequest, changed, code_taken};
use crate::admin::{Admin, must_on_platform, record, site_changed};
use crate::error::if_taken;
use crate::{Error, IfMatch};

impl Admin {
    /// Replaces a unit. Its sites change with it: they show its name.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`; those of the condition.
    pub fn replace_unit(
        &self,
        actor: &Actor,
        id: UnitId,
        request: &UnitRequest,
        if_match: &IfMatch,
    ) -> Result<Unit, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            changes::hold(tx)?;
            let current = units::get(tx, id)?.ok_or(Error::NotFound)?;
            must_on_platform(actor, Right::ManageUnits)?;
            let secrets = &self.context.secrets;
            if_match.check(secrets, "unit", &id.to_string(), current.version)?;
            let unit = request.checked(tx, id, current.version + 1)?;
            units::update(tx, &unit, now).map_err(|error| if_taken(error, code_taken))?;
            let mut changes = vec![changed(id, ChangeKind::Updated)];
            let sites = sites::of_unit(tx, id)?.into_iter();
            changes.extend(sites.map(|site| site_changed(site, ChangeKind::Updated)));
            let subject = ("unit", id.to_string());
            let detail = json!({"version": unit.version});
            Ok(Written {
                changes,
                audit: vec![record(
                    Chain::Platform,
                    actor,
                    "unit.update",
                    subject,
                    detail,
                )],
                value: unit,
            })
        })
    }
}
