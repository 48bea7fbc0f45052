//! The work of editorial boards: one file a verb.

use std::sync::Arc;

use crate::Context;

/// The work of editorial boards: one file a verb.
#[derive(Clone)]
pub struct Editorial {
    context: Arc<Context>,
}

impl Editorial {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}
