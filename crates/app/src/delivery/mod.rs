//! What anyone may read. Content comes from the projection alone.

use std::sync::Arc;

use crate::Context;

/// What anyone may read. Content comes from the projection alone.
#[derive(Clone)]
pub struct Delivery {
    context: Arc<Context>,
}

impl Delivery {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

impl Delivery {
    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn ready(&self) -> Result<(), crate::Error> {
        self.context.store.read_delivery(|conn| {
            loa_store::changes::last(conn)
                .map(drop)
                .map_err(crate::Error::from)
        })
    }
}
