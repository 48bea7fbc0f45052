//! The sections of a site.

use loa_domain::actor::Actor;
use loa_domain::section::Section;
use loa_store::sections;

use super::in_tree_order;
use crate::Error;
use crate::admin::{Admin, readable_site};

impl Admin {
    /// Every section of a site, each before those below it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn list_sections(&self, actor: &Actor, slug: &str) -> Result<Vec<Section>, Error> {
        self.context.store.read(|conn| {
            let site = readable_site(conn, actor, slug)?;
            Ok(in_tree_order(sections::of_site(conn, site.id)?))
        })
    }
}
