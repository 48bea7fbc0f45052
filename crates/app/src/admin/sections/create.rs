//! A new section.

use loa_domain::actor::Actor;
use loa_domain::audit::Chain;
use loa_domain::change::ChangeKind;
use loa_domain::right::Right;
use loa_domain::section::Section;
use loa_store::{Written, sections, settings, sites};
use serde_json::json;

use super::{Base, MOST, SectionRequest, changed, must_be_active, slug_taken};
use crate::admin::{Admin, must, readable_site, record};
use crate::idempotency::{Idempotency, once};
use crate::{Error, ids};

impl Admin {
    /// Adds a section to a site.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Invalid`, `StateConflict` when the site has its most already.
    pub fn create_section(
        &self,
        actor: &Actor,
        slug: &str,
        request: &SectionRequest,
        idempotency: Option<&Idempotency>,
    ) -> Result<Section, Error> {
        let now = self.context.now();
        self.context.write_as(actor, now, |tx, actor| {
            let site = readable_site(tx, actor, slug)?;
            must(actor, Right::ManageSections, site.id)?;
            sites::hold(tx, site.id)?;
            once(tx, actor.user, idempotency, now, |tx| {
                must_be_active(&site)?;
                let settings = settings::get(tx, site.id)?;
                let others = sections::of_site(tx, site.id)?;
                if others.len() >= MOST {
                    return Err(Error::StateConflict("too_many_sections"));
                }
                let base = Base {
                    id: ids::fresh(now),
                    version: 1,
                    slug_fixed: false,
                };
                let section = request.checked(&settings, &others, &base)?;
                sections::insert(tx, &section, now).map_err(slug_taken)?;
                let subject = ("section", section.id.to_string());
                let detail = json!({"slug": section.slug});
                let chain = Chain::Site(site.id);
                Ok(Written {
                    changes: vec![changed(site.id, section.id, ChangeKind::Published)],
                    audit: vec![record(chain, actor, "section.create", subject, detail)],
                    value: section,
                })
            })
        })
    }
}
