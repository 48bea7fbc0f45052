//! Units, sites, sections, settings, people and the audit trail: one file a verb.

use std::sync::Arc;

use crate::Context;

/// Units, sites, sections, settings, people and the audit trail: one file a verb.
#[derive(Clone)]
pub struct Admin {
    context: Arc<Context>,
}

impl Admin {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}
