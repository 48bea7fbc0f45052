//! The work of editorial boards: one file a verb.
//!
//! Every verb loads the entry with all that decides about it (`desk`), checks rights, plans with
//! the workflow table, and applies the plan in one transaction (`apply`).

mod act;
mod apply;
mod compare;
mod content;
mod create;
mod delete;
mod desk;
mod diff;
mod expunge;
mod history;
mod preview;
mod publish;
mod read;
mod reproject;
mod restore;
mod revise;
mod save;
mod setbacks;
mod slug;
mod tick;
mod views;
mod working;

use std::sync::Arc;

pub use act::ActionRequest;
pub use compare::{Compared, Difference, system_compare};
pub use content::{Cleaned, ContentRequest, NewEntry};
pub use diff::{DiffView, FieldDiff, Hunk, HunkKind};
pub use expunge::{Confirmed, ExpunctionView, ExpungeRequest, ExpungeWhat, ItemView, RevisionNote};
pub use history::{EditionView, RevisionSummary, RevisionView, TransitionView};
pub use preview::{NewPreviewLink, PreviewLinkView, PreviewView};
pub use reproject::{Damaged, Reprojected};
pub use setbacks::Setbacks;
pub use tick::Ticked;
pub use views::{
    ActionView, EditorialEntry, HeldView, LiveView, PersonRef, Saved, SectionView, WithdrawalView,
};
pub use working::{StateCountView, WorkingEntry, WorkingFilter};

use crate::Context;

/// The work of editorial boards.
#[derive(Clone)]
pub struct Editorial {
    context: Arc<Context>,
}

impl Editorial {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

/// An entry as a request names it: the site by its slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryAddress {
    /// Slug of the site.
    pub site: String,
    /// The entry.
    pub entry: loa_domain::ids::EntryId,
}
