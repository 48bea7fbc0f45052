//! One section.

use loa_domain::actor::Actor;
use loa_domain::ids::SectionId;
use loa_domain::section::Section;
use loa_store::sections;

use crate::Error;
use crate::admin::{Admin, readable_site};

impl Admin {
    /// A section of a site.
    ///
    /// # Errors
    /// `NotFound`, also for a section of another site.
    pub fn get_section(&self, actor: &Actor, slug: &str, id: SectionId) -> Result<Section, Error> {
        self.context.store.read(|conn| {
            let site = readable_site(conn, actor, slug)?;
            sections::get_many(conn, &[id])?
                .into_iter()
                .find(|section| section.site == site.id)
                .ok_or(Error::NotFound)
        })
    }
}
