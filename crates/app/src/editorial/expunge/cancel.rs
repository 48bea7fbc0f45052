//! A request that will not be done.

use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::expunction::ExpunctionState;
use loa_domain::ids::ExpunctionId;
use loa_store::{Written, expunctions};
use serde_json::json;

use super::found;
use crate::Error;
use crate::editorial::Editorial;

impl Editorial {
    /// Takes a request back; whoever may confirm it may do that, and whoever made it.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden`; `StateConflict` when it does not wait any more.
    pub fn cancel_expunction(&self, actor: &Actor, id: ExpunctionId) -> Result<(), Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let (own, _) = found(tx, actor, id)?;
            expunctions::decide(tx, id, ExpunctionState::Cancelled, actor.user, now).map_err(
                |error| match error {
                    loa_store::Error::Stale => Error::StateConflict("expunction_decided"),
                    other => other.into(),
                },
            )?;
            let record = NewAudit {
                chain: Chain::Site(own.site),
                actor: Some(actor.user),
                action: "expunction.cancel",
                subject: "expunction",
                subject_id: id.to_string(),
                detail: json!({"entry": own.entry}),
            };
            Ok(Written::audited((), record))
        })
    }
}
