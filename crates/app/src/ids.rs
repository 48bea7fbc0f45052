//! New ids: `UUIDv7` of the application's clock and the machine's randomness.

use loa_domain::time::Moment;
use uuid::{NoContext, Timestamp, Uuid};

/// A fresh id of whatever kind.
pub fn fresh<Id: From<Uuid>>(now: Moment) -> Id {
    let micros = now.micros().max(0).unsigned_abs();
    let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, micros / 1_000_000, nanos)).into()
}
