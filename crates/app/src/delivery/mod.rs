//! What anyone may read. Content comes from the projection alone.
//!
//! Every answer carries the number the change log had when it was read, so that a cache knows how
//! long it holds. Not for caching itself, which is the API's.

pub(crate) mod address;
mod answer;
mod list_entries;
mod list_sections;
mod list_sites;
mod read_by_id;
mod read_by_slug;
mod read_site;
mod read_unit;
mod reading;
mod resolve;

use std::sync::Arc;

use loa_domain::time::Moment;

pub use answer::{Answer, Scope};
pub use list_entries::EntryListAsk;
pub use list_sections::{SectionNode, SectionTree};
pub use loa_store::Order;
pub use loa_store::delivery::lists::{Listed, SortBy};
pub use loa_store::delivery::sites::{PublicSite, SiteFilter};
pub use loa_store::delivery::units::{Period, Step};
pub use read_by_slug::SlugAsk;
pub use read_unit::UnitPeriods;
pub use reading::Reading;

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

    /// Keys for tags and cursors.
    pub fn secrets(&self) -> &crate::Secrets {
        &self.context.secrets
    }

    /// The time.
    pub fn now(&self) -> Moment {
        self.context.now()
    }

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

    /// Where the change log of a scope stands, as far as this node knows. An answer whose stamp is
    /// another is out of date.
    pub fn sequence(&self, scope: &Scope) -> i64 {
        let watermark = self.context.store.watermark();
        match scope {
            Scope::Site { id, .. } => watermark.site(*id),
            Scope::All => watermark.all(),
        }
    }

    /// Whether changes may have been missed, because no server that tells of them is in reach.
    pub fn is_deaf(&self) -> bool {
        self.context.store.is_deaf()
    }

    /// Whether an answer read at this number of the log may be given although newer ones are not to be
    /// had: not when something was expunged since, or withdrawn at the site that it is about.
    pub fn may_outlive(&self, scope: &Scope, stamp: i64) -> bool {
        let watermark = self.context.store.watermark();
        let withdrawn = match scope {
            Scope::Site { id, .. } => watermark.withdrawn(*id),
            Scope::All => 0,
        };
        stamp >= watermark.expunged().max(withdrawn)
    }

    /// Takes note of how far the log was when an answer was read.
    pub fn heard(&self, scope: &Scope, stamp: i64) {
        let site = match scope {
            Scope::Site { id, .. } => Some(*id),
            Scope::All => None,
        };
        self.context.store.watermark().advance(site, stamp);
    }

    /// An answer about this program, which no change concerns; kept like the others all the same.
    pub fn constant(&self) -> Answer<()> {
        Answer::of_all(self.sequence(&Scope::All), (), None)
    }
}
